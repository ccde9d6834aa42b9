"""Single sign-on that was set up in the admin panel: it works, and its secret is written once and shown never."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from notte_dashboard.audit.models import AuditEntry
from notte_dashboard.workspaces.models import SignOnProvider
from tests.teams.oidc import Provider, through

SECRET = "sso-secret-canary-91"
PAGES = "/admin/workspaces/signonprovider/"


@pytest.fixture
def provider(db) -> Iterator[Provider]:
    found = Provider()
    yield found
    found.stop()


def typed(provider, **changes):
    return {
        "name": "Corp",
        "provider_id": "corp",
        "server_url": provider.url,
        "client_id": "id",
        "client_secret": SECRET,
        "is_active": "on",
    } | changes


def stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT client_secret FROM workspaces_signonprovider")
        return [row[0] for row in cursor.fetchall()]


def test_a_provider_of_the_panel_lets_people_in(provider, admin_client, settings):
    settings.OIDC_SIGNUP = True
    assert admin_client.post(f"{PAGES}add/", typed(provider)).status_code == 302

    assert "Sign in with Corp" in Client().get("/accounts/login/").content.decode()
    client = Client()
    through(client, provider, "corp")

    assert client.get("/").context["user"].username == "nina"
    assert any(SECRET in told or "Basic" in told for told in provider.told)


def test_its_secret_is_ciphertext_and_on_no_page(provider, admin_client):
    admin_client.post(f"{PAGES}add/", typed(provider))
    row = SignOnProvider.objects.get()

    pages = [admin_client.get(path).content.decode() for path in (PAGES, f"{PAGES}{row.pk}/change/", f"{PAGES}{row.pk}/history/")]
    wrong = admin_client.post(f"{PAGES}add/", typed(provider, name="", provider_id="other"))

    assert row.client_secret == SECRET
    assert stored()[0].startswith("f1$")
    assert not any(SECRET in text or stored()[0] in text for text in (*pages, wrong.content.decode()))
    told = AuditEntry.objects.filter(action="settings.changed").get()
    assert SECRET not in str(told.__dict__)


def test_left_empty_it_stays_but_another_server_never_gets_it(provider, admin_client):
    admin_client.post(f"{PAGES}add/", typed(provider))
    change = f"{PAGES}{SignOnProvider.objects.get().pk}/change/"

    assert admin_client.post(change, typed(provider, name="Company", client_secret="")).status_code == 302
    assert (SignOnProvider.objects.get().name, SignOnProvider.objects.get().client_secret) == ("Company", SECRET)

    moved = admin_client.post(change, typed(provider, server_url="https://other.example", client_secret=""))
    assert "the provider is new here" in moved.content.decode()
    assert SignOnProvider.objects.get().server_url == provider.url


def test_one_that_is_switched_off_is_not_offered(provider, admin_client):
    admin_client.post(f"{PAGES}add/", typed(provider) | {"is_active": ""})

    assert "Sign in with Corp" not in Client().get("/accounts/login/").content.decode()
    assert Client().post("/accounts/oidc/corp/login/?process=login").status_code == 404
    assert not User.objects.filter(username="nina").exists()


def test_pages_of_the_library_which_keep_secrets_in_clear_are_not_there(admin_client):
    for path in ("socialapp", "socialtoken"):
        assert admin_client.get(f"/admin/socialaccount/{path}/").status_code == 404
