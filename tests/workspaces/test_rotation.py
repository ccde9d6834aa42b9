"""Keys can be changed while everything runs: nothing is lost, and what can't be read is told."""

from io import StringIO

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from notte_dashboard.workspaces.encrypted import key_id
from notte_dashboard.workspaces.models import ApiKey
from tests.factories import make_key, make_session, make_user, make_workspace

pytestmark = pytest.mark.django_db
OLD, NEW, LOST = (Fernet.generate_key().decode() for _ in range(3))


def rotate():
    told = StringIO()
    call_command("rotate_keys", stdout=told)
    return told.getvalue()


def columns(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def stored(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    team = make_workspace()
    kept = make_key(team, key="sk-notte-canary-7f3a")
    make_session(team, secrets='{"/proxies/0/password": "canary"}')
    secret = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
    Authenticator.objects.create(user=make_user(), type=Authenticator.Type.TOTP, data={"secret": secret})
    return kept


def test_everything_is_encrypted_anew_and_the_old_key_is_needed_no_more(stored, settings):
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]

    told = rotate()

    assert "workspaces.ApiKey.key: 1" in told
    assert "mfa.Authenticator.data: 1" in told
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert ApiKey.objects.get(pk=stored.pk).key == "sk-notte-canary-7f3a"
    assert get_adapter().decrypt(Authenticator.objects.get().data["secret"]) == "JBSWY3DPEHPK3PXP"
    found = columns("SELECT key FROM workspaces_apikey") + columns("SELECT secrets FROM sessions_app_browsersession")
    assert {each.split("$")[1] for each in found if each} == {key_id(NEW)}


def test_a_second_time_there_is_nothing_to_do(stored, settings):
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    rotate()

    assert rotate() == "All stored secrets are encrypted with the newest key.\n"


def test_what_can_not_be_read_is_told_and_left_alone(stored, settings):
    before = columns("SELECT key FROM workspaces_apikey")
    settings.FIELD_ENCRYPTION_KEYS = [NEW, LOST]

    with pytest.raises(CommandError, match="left as they are"):
        rotate()

    assert columns("SELECT key FROM workspaces_apikey") == before
