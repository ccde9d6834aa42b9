"""By a link, once: inviting, following, taking back; making an account on the way."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from notte_dashboard.workspaces.models import Invitation, Membership
from tests.factories import make_user

SIGNUP = {"username": "nina", "email": "nina@example.com", "password1": "a long new phrase", "password2": "a long new phrase"}


def invited(person, role="operator", email=""):
    """The path of the link, as the page tells it."""
    answer = person.client.post("/workspace/invitations/", {"role": role, "email": email})
    assert answer.status_code == 200
    return path_in(answer)


def path_in(answer):
    return re.search(r"http://testserver(/invitations/[\w-]+/)", answer.content.decode())[1]


def role_of(name, workspace):
    return Membership.objects.filter(user__username=name, workspace=workspace).values_list("role", flat=True).first()


def test_who_has_an_account_joins_with_the_role_and_is_at_work_there(alice, eve):
    link = invited(alice, "reviewer")
    shown = eve.client.get(link).content.decode()
    assert "Join Shared" in shown
    assert "reviewer" in shown
    assert role_of("eve", alice.workspace) is None

    assert eve.client.post(link).status_code == 302

    assert role_of("eve", alice.workspace) == "reviewer"
    assert "Welcome to Shared" in eve.client.get("/").content.decode()
    assert eve.client.get("/workspace/").context["workspace"] == alice.workspace


def test_who_has_none_makes_one_and_has_joined(alice):
    link = invited(alice)
    guest = Client()
    assert guest.get("/accounts/signup/").content.decode().count("By invitation")
    assert guest.post("/accounts/signup/", SIGNUP).status_code == 200
    assert not User.objects.filter(username="nina").exists()

    assert guest.post(link)["Location"] == "/accounts/signup/"
    assert "You join <strong>Shared</strong>" in guest.get("/accounts/signup/").content.decode()
    assert guest.post("/accounts/signup/", SIGNUP).status_code == 302

    assert role_of("nina", alice.workspace) == "operator"
    assert guest.get("/").context["workspace"] == alice.workspace
    assert Client().get(link).status_code == 404


def test_a_link_works_once(alice, eve, bob):
    link = invited(alice)
    eve.client.post(link)
    stranger = Client()
    stranger.force_login(make_user("late"))

    assert [stranger.get(link).status_code, stranger.post(link).status_code] == [404, 404]
    assert role_of("late", alice.workspace) is None


@pytest.mark.parametrize("how", ["revoked", "renewed", "expired", "made up"])
def test_a_dead_link_answers_like_a_made_up_one(alice, eve, how):
    link = invited(alice)
    kept = Invitation.objects.get()
    if how in {"revoked", "renewed"}:
        alice.client.post(f"/workspace/invitations/{kept.uuid}/{how.removesuffix('ed').replace('revok', 'revoke')}/")
    elif how == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    else:
        link = "/invitations/nothing-like-it/"

    assert [eve.client.get(link).status_code, eve.client.post(link).status_code] == [404, 404]
    assert "This invitation does not work" in eve.client.get(link).content.decode()
    assert role_of("eve", alice.workspace) is None


def test_a_new_link_works_and_the_old_one_does_not(alice, eve):
    old = invited(alice)
    new = path_in(alice.client.post(f"/workspace/invitations/{Invitation.objects.get().uuid}/renew/"))

    assert eve.client.get(old).status_code == 404
    assert eve.client.post(new).status_code == 302
    assert alice.client.post(f"/workspace/invitations/{Invitation.objects.get().uuid}/renew/").status_code == 302


def test_a_member_who_follows_a_link_keeps_the_role(alice, bob):
    link = invited(alice, "reviewer")
    bob.client.post(link)
    assert role_of("bob", alice.workspace) == "operator"


def test_of_a_link_only_a_hash_is_kept(alice):
    token = invited(alice).split("/")[2]
    assert token not in str(list(Invitation.objects.values()))
    assert token not in alice.client.get("/workspace/members/").content.decode()


def test_with_a_mail_server_the_link_is_mailed(alice, settings):
    settings.EMAIL_URL_GIVEN, settings.EMAIL_BACKEND = True, "django.core.mail.backends.locmem.EmailBackend"
    link = invited(alice, email="nina@example.com")
    (sent,) = mail.outbox
    assert sent.to == ["nina@example.com"]
    assert f"http://testserver{link}" in sent.body


def test_a_mail_server_that_fails_is_told_and_the_link_is_there_all_the_same(alice, settings):
    settings.EMAIL_URL_GIVEN, settings.EMAIL_BACKEND = True, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = alice.client.post("/workspace/invitations/", {"role": "operator", "email": "nina@example.com"})
    assert "did not take the mail" in answer.content.decode()
    assert path_in(answer)


@pytest.mark.parametrize("wrong", [{"role": "owner"}, {"role": ""}, {"role": "operator", "email": "no address"}])
def test_a_wrong_invitation_says_what_is_wrong(alice, wrong):
    answer = alice.client.post("/workspace/invitations/", wrong)
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.content.decode()
    assert not Invitation.objects.exists()


def test_open_sign_up_is_a_setting(settings, db):
    settings.OPEN_SIGNUP = True
    assert "/accounts/signup/" in Client().get("/accounts/login/").content.decode()
    assert Client().post("/accounts/signup/", SIGNUP).status_code == 302
    assert User.objects.get(username="nina").workspaces.get().name == "nina's workspace"
