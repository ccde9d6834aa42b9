"""Who did what, from where, to what; and never a secret."""

import pytest
from django.test import Client

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.models import AuditEntry
from notte_dashboard.audit.record import record
from notte_dashboard.audit.silence import HIDDEN, told
from tests.factories import make_key

pytestmark = pytest.mark.django_db
SECRET = "sk-planted-0123456789"


def test_an_entry_names_everything(alice, workspace):
    key = make_key(workspace, base_url="https://api.example", key=SECRET)
    entry = record(Deed.KEY_ADDED, by=alice.user, workspace=workspace, target=key, after={"base_url": key.base_url})
    entry.refresh_from_db()
    assert (entry.action, entry.actor, entry.actor_name, entry.workspace) == ("key.added", alice.user, "alice", workspace)
    assert (entry.target_kind, entry.target_id, entry.target_name) == ("API key", str(key.uuid), "…6789 at https://api.example")
    assert (entry.before, entry.after, entry.address) == ({}, {"base_url": "https://api.example"}, "")


@pytest.mark.parametrize(
    "name",
    ["key", "api_key", "password", "proxy_password", "oauth_client_secret", "jwt", "Authorization", "extra_http_headers",
     "sessionCookie", "access_token", "viewer_url", "cdp_url", "credentials"],
)  # fmt: skip
def test_what_is_named_like_a_secret_is_hidden_however_deep(name):
    assert told({name: SECRET}) == {name: HIDDEN}
    assert told({"proxies": [{"a": {name: {"x": SECRET}}}]}) == {"proxies": [{"a": {name: HIDDEN}}]}


def test_facts_are_kept_and_bounded():
    facts = {"name": "n", "days": 3, "on": True, "none": None, "list": [1, "a"], "max_steps": 5, "keyboard": "de"}
    assert told(facts) == facts
    assert told({"text": "x" * 1000})["text"] == "x" * 500 + "…"
    assert len(told({str(number): number for number in range(1000)})) == 100
    deep: dict = {}
    for _ in range(50):
        deep = {"a": deep}
    assert str(told(deep)).count("a") < 10


def test_logins_and_failures_come_with_the_address(alice):
    client = Client(REMOTE_ADDR="192.0.2.7")
    client.post("/accounts/login/", {"login": "alice", "password": "wrong"})
    client.post("/accounts/login/", {"login": "alice", "password": "alice-password"})
    client.post("/accounts/logout/")
    found = AuditEntry.objects.filter(address="192.0.2.7").order_by("pk")
    assert list(found.values_list("action", "actor_name", "target_name", "workspace")) == [
        ("account.login_failed", "", "alice", None),
        ("account.logged_in", "alice", "alice", None),
        ("account.logged_out", "alice", "alice", None),
    ]


def test_what_was_typed_as_a_name_is_not_kept_when_no_account_has_it(db):
    Client().post("/accounts/login/", {"login": SECRET, "password": "x"})
    entry = AuditEntry.objects.get(action="account.login_failed")
    assert (entry.actor, entry.target_name) == (None, "")
    assert SECRET not in str(list(AuditEntry.objects.values()))


def test_a_changed_password_is_told_of(alice):
    fields = {"oldpassword": "alice-password", "password1": "a-much-better-one-9", "password2": "a-much-better-one-9"}
    assert alice.client.post("/accounts/password/change/", fields).status_code == 302
    entry = AuditEntry.objects.get(action=Deed.PASSWORD_CHANGED)
    assert (entry.actor, entry.before, entry.after) == (alice.user, {}, {})
