"""Signing in and all around it: uniform answers, limits of attempts, second factors, devices, single sign-on, kept mail."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from notte_dashboard.workspaces.models import KeptMail, Membership
from tests.factories import make_user
from tests.teams.oidc import Provider, through
from tests.teams.test_invitations import SIGNUP, invited

LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"|value="\w{3,12}(?:@example.com)?"')


def bare(answer):
    return TOKEN.sub(b"", answer.content)


def sign_in(client, name="bob", password=""):
    return client.post(LOGIN, {"login": name, "password": password or f"{name}-password"})


@pytest.fixture
def no_mail_server(settings):
    """As it is without EMAIL_URL; pytest-django puts a mailbox in place."""
    settings.EMAIL_BACKEND = "notte_dashboard.workspaces.mail.KeptMailBackend"


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(bob):
    wrong, unknown = sign_in(Client(), "bob", "wrong"), sign_in(Client(), "nobody", "wrong")
    assert (wrong.status_code, unknown.status_code) == (200, 200)
    assert bare(wrong) == bare(unknown)


def test_a_reset_is_answered_alike_whether_the_address_is_known_or_not(bob):
    known = Client().post(RESET, {"email": "bob@example.com"}, follow=True)
    unknown = Client().post(RESET, {"email": "who@example.com"}, follow=True)
    assert bare(known) == bare(unknown)
    assert "administrator" in known.content.decode()


def test_without_a_mail_server_the_link_waits_for_superusers_and_works(bob, alice, no_mail_server, caplog):
    Client().post(RESET, {"email": "bob@example.com"})
    kept = KeptMail.objects.get()
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", kept.body)[1]
    assert link not in str(list(KeptMail.objects.values()))
    assert link not in caplog.text
    assert alice.client.get("/mails/").status_code == 404
    root = Client()
    root.force_login(make_user("root", is_staff=True, is_superuser=True))
    assert link in root.get("/mails/").content.decode()

    guest = Client()
    form = guest.get(link, follow=True)
    phrase = {"password1": "one more long phrase", "password2": "one more long phrase"}
    guest.post(form.redirect_chain[-1][0], phrase)

    assert sign_in(Client(), "bob", "one more long phrase").status_code == 302
    assert bob.client.get("/").status_code == 302


@pytest.fixture
def counted(settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    cache.clear()
    yield
    cache.clear()


def test_attempts_are_limited_and_told_in_words(bob, counted):
    for _ in range(6):
        last = sign_in(Client(), "bob", "wrong")
    assert "Too many failed login attempts" in last.content.decode()
    assert sign_in(Client()).status_code == 200, "not even the right password, for a while"
    many = [Client().post(RESET, {"email": f"{number}@example.com"}) for number in range(21)]
    assert many[-1].status_code == 429
    assert "Too many attempts" in many[-1].content.decode()


def test_a_second_factor_is_asked_for_at_every_door(bob, settings):
    client = Client()
    sign_in(client)
    asked = client.get("/accounts/2fa/totp/activate/")["Location"]
    page = client.post(asked, {"password": "bob-password"}, follow=True)
    secret = page.context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert stored.startswith("f1$")
    assert secret not in stored
    codes = client.get("/accounts/2fa/recovery-codes/", follow=True)
    recovery = codes.context["unused_codes"][0]

    fresh = Client()
    assert sign_in(fresh)["Location"] == "/accounts/2fa/authenticate/"
    assert fresh.get("/").status_code == 302
    assert fresh.get("/admin/").status_code == 302
    assert "Incorrect code" in fresh.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert fresh.post("/accounts/2fa/authenticate/", {"code": recovery}).status_code == 302
    assert fresh.get("/").status_code == 200
    again = Client()
    sign_in(again)
    assert again.post("/accounts/2fa/authenticate/", {"code": recovery}).status_code == 200, "a recovery code works once"


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_devices_are_listed_and_the_others_signed_out(bob):
    here, there = Client(headers={"user-agent": "Here/1.0"}), Client(headers={"user-agent": "<b>There</b>"})
    sign_in(here)
    sign_in(there)
    page = here.get("/accounts/sessions/").content.decode()
    assert "Here/1.0" in page
    assert "&lt;b&gt;There" in page
    here.post("/accounts/sessions/")
    assert (here.get("/").status_code, there.get("/").status_code) == (200, 302)


def test_a_new_password_signs_the_others_out(bob):
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    wrong = here.post("/accounts/password/change/", {"oldpassword": "no", "password1": "x", "password2": "y"})
    assert wrong.content.decode().count('class="field-error"') == 2
    here.post(
        "/accounts/password/change/",
        {"oldpassword": "bob-password", "password1": "one more long phrase", "password2": "one more long phrase"},
    )
    assert (here.get("/").status_code, there.get("/").status_code) == (200, 302)


def test_what_matters_asks_for_the_password_again(bob):
    client = Client()
    sign_in(client)
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_where_strangers_sign_up_an_address_is_verified_first(db, settings, no_mail_server):
    settings.OPEN_SIGNUP, settings.EMAIL_URL_GIVEN, settings.ACCOUNT_EMAIL_VERIFICATION = True, True, "mandatory"
    client = Client()
    assert client.post("/accounts/signup/", SIGNUP)["Location"] == "/accounts/confirm-email/"
    assert client.get("/").status_code == 302
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", KeptMail.objects.get().body)[1]
    client.get(link)
    assert client.get("/").status_code == 302, "reading changes nothing"
    client.post(link)
    assert sign_in(client, "nina", SIGNUP["password1"]).status_code == 302
    assert client.get("/").status_code == 200


# --- single sign-on -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def provider(settings, db):
    found = Provider()
    app = settings.OIDC_APP | {"client_id": "id", "secret": "sso-secret-canary", "name": "Corp"}
    app["settings"] = {"server_url": found.url, "oauth_pkce_enabled": True}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    yield found
    found.stop()


def test_the_login_page_offers_the_provider(provider):
    assert "Sign in with Corp" in Client().get(LOGIN).content.decode()


def test_who_was_not_invited_is_not_let_in_by_the_provider(provider):
    answer = through(Client(), provider)
    assert "By invitation" in answer.content.decode()
    assert not User.objects.filter(username="nina").exists()


def test_who_was_invited_joins_by_single_sign_on(provider, alice):
    client = Client()
    client.post(invited(alice))
    assert through(client, provider).status_code == 302
    joined = Membership.objects.get(workspace=alice.workspace, user__username="nina")
    assert joined.role == "operator"
    assert client.get("/").status_code == 200
    fresh = Client()
    through(fresh, provider)
    assert fresh.get("/").status_code == 200


def test_the_provider_can_be_let_decide_who_gets_in(provider, settings):
    settings.OIDC_SIGNUP = True
    client = Client()
    through(client, provider)
    assert client.get("/").context["user"].username == "nina"


def test_an_address_alone_opens_no_account_that_exists(provider, settings, bob):
    settings.OIDC_SIGNUP = True
    provider.person |= {"email": "bob@example.com", "preferred_username": "bob"}
    client = Client()
    through(client, provider)
    assert client.get("/").status_code == 302
