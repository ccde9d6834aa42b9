import pytest
from django.test import Client


@pytest.fixture
def root(admin_user):
    """The administrator of the place, signed in."""
    client = Client()
    client.force_login(admin_user)
    return client
