"""A key is tried with reads before it is kept, bound to its address, shown by four letters; shared, or one's own."""

import pytest

from notte_dashboard.workspaces.models import ApiKey
from sessions_app.models import BrowserSession
from tests.factories import make_key
from tests.ports import refusing_port

SECRET = "sk-notte-canary-7f3a"
LISTED = {"items": [], "page": 1, "page_size": 1, "has_next": False, "has_previous": False}
PLAN = {
    "X-RateLimit-Limit": "250",
    "X-RateLimit-Remaining": "249",
    "X-Plan": f"pro for {SECRET}",
    "X-Other": "no business of ours",
}


@pytest.fixture
def at(upstream):
    upstream.say("GET", "/sessions", (200, LISTED, PLAN))
    upstream.say("GET", "/agents", LISTED)
    return upstream


def add(person, at, **more):
    return person.client.post("/workspace/keys/", {"base_url": at.url, "key": SECRET, **more}, follow=True)


def test_a_key_that_works_is_kept_encrypted_with_its_verdict(alice, at):
    page = add(alice, at).content.decode()

    kept = ApiKey.objects.get()
    assert (kept.key, kept.last4, kept.base_url, kept.owner) == (SECRET, "7f3a", at.url, None)
    for told in ("Reachable", "Key accepted", "Agents available", "x-ratelimit-limit", "250", "…7f3a", "In use by you"):
        assert told in page
    assert "no business of ours" not in page
    assert SECRET not in page
    assert SECRET not in str(list(ApiKey.objects.values()))


def test_trying_a_key_only_reads(alice, at):
    add(alice, at)
    assert {(each.method, each.path) for each in at.asked} == {("GET", "/sessions"), ("GET", "/agents")}
    assert {each.headers["authorization"] for each in at.asked} == {f"Bearer {SECRET}"}


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ((401, {"detail": f"no {SECRET}"}), ["Reachable", "Key refused"]),
        ((500, {}), ["Reachable", "Nobody knows whether the key is accepted"]),
    ],
)
def test_a_key_that_is_refused_is_not_kept_and_not_shown(alice, at, answers, told):
    at.say("GET", "/sessions", answers)
    answer = add(alice, at)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not ApiKey.objects.exists()
    assert all(each in page for each in told)
    assert SECRET not in page


def test_an_address_where_nobody_answers_is_told_and_can_be_kept_anyway(alice, settings):
    settings.NOTTE_API_URL = f"http://127.0.0.1:{refusing_port()}"
    data = {"base_url": settings.NOTTE_API_URL, "key": SECRET}
    refused = alice.client.post("/workspace/keys/", data)
    assert (refused.status_code, ApiKey.objects.count()) == (422, 0)
    assert "Can&#x27;t be reached" in refused.content.decode()

    assert alice.client.post("/workspace/keys/", data | {"anyway": "on"}).status_code == 302
    assert ApiKey.objects.get().verdict["reachable"] is False


def test_a_plan_without_agents_is_told(alice, at):
    at.say("GET", "/agents", (403, {}))
    assert "No agents in this plan" in add(alice, at).content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1", "https://127.0.0.1", "https://localhost", "https://10.0.0.1/v1", "https://[::1]",
        "https://169.254.169.254",
        "https://[::ffff:10.0.0.1]", "http://api.notte.cc", "ftp://api.notte.cc",
        "https://user:pass@api.notte.cc", "https://", "x",
        "https://0x7f000001", "https://2130706433", "https://0.0.0.0", "https://api.notte.cc?x=1",
        "https://api..example",
    ],
)  # fmt: skip
def test_a_key_is_sent_to_no_private_address(alice, at, address):
    answer = alice.client.post("/workspace/keys/", {"base_url": address, "key": SECRET, "anyway": "on"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["base_url"]
    assert (at.asked, ApiKey.objects.count()) == ([], 0)
    assert SECRET not in answer.content.decode()


def test_an_address_that_the_server_names_is_allowed(alice, at, settings):
    settings.NOTTE_API_ORIGINS, settings.NOTTE_API_URL = [at.url], "https://api.notte.cc"
    add(alice, at)
    assert ApiKey.objects.get().base_url == at.url


def test_only_admins_add_keys_for_everybody_and_operators_their_own(alice, bob, vera, at):
    assert bob.client.post("/workspace/keys/", {"base_url": at.url, "key": SECRET}).status_code == 403
    add(bob, at, personal="on")
    assert ApiKey.objects.get().owner == bob.user
    assert vera.client.get("/workspace/keys/").status_code == 403
    assert "7f3a" in bob.client.get("/workspace/keys/").content.decode()
    assert "7f3a" not in alice.client.get("/workspace/keys/").content.decode()
    assert alice.client.post(f"/workspace/keys/{ApiKey.objects.get().uuid}/revoke/").status_code == 404


def test_a_run_uses_ones_own_key_before_the_shared_one_and_remembers_it(alice, bob, at):
    shared = make_key(bob.workspace, base_url=at.url, key="shared-key-1234567890")
    own = make_key(bob.workspace, base_url=at.url, key="personal-key-1234567890", owner=bob.user)
    newer = make_key(bob.workspace, base_url=at.url, key="newer-shared-1234567890")

    for person, expected in ((bob, own), (alice, newer)):
        person.client.post("/sessions/start/")
        assert BrowserSession.objects.latest("pk").api_key == expected
    bob.client.post(f"/workspace/keys/{own.uuid}/revoke/")
    bob.client.post("/sessions/start/")
    assert BrowserSession.objects.latest("pk").api_key == newer
    assert shared.revoked_at is None


def test_a_kept_key_is_tried_again_and_revoked(alice, at):
    add(alice, at)
    key = ApiKey.objects.get()
    at.say("GET", "/sessions", (401, {}))
    assert "Key refused" in alice.client.post(f"/workspace/keys/{key.uuid}/check/", follow=True).content.decode()
    assert "Revoke the key" in alice.client.get(f"/workspace/keys/{key.uuid}/revoke/").content.decode()
    assert "is revoked" in alice.client.post(f"/workspace/keys/{key.uuid}/revoke/", follow=True).content.decode()
    assert "was revoked" in alice.client.post(f"/workspace/keys/{key.uuid}/check/", follow=True).content.decode()


def test_another_address_drops_the_key(alice, at):
    add(alice, at)
    key = ApiKey.objects.get()
    key.base_url = "https://elsewhere.example"
    key.save()
    key = ApiKey.objects.get()
    assert (key.key, key.last4) == ("", "")
    key.key, key.base_url = "a-new-key-for-there", "https://third.example"
    key.save()
    assert ApiKey.objects.get().key == "a-new-key-for-there"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_keys_costs_the_same_for_one_and_for_three(alice, count, django_assert_num_queries):
    for _ in range(count):
        make_key(alice.workspace, base_url="https://api.example", key=SECRET, created_by=alice.user)
    # The login session, the user, the memberships, the keys, the one in use.
    with django_assert_num_queries(5):
        assert alice.client.get("/workspace/keys/").content.decode().count("data-key=") == count
