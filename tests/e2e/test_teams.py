"""One person's story in a team: invited, accepted, refused, promoted, allowed, removed, cut off. In two real browsers."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import visitor
from tests.e2e.accessibility import check
from tests.e2e.conftest import listen
from tests.e2e.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("tidy")]
CUT_WITHIN = 15_000  # milliseconds; by itself a socket looks after its rights twice a minute
PASSWORD = "a long phrase of Nina's"


@pytest.fixture
def visitors(stack: Stack, browser: Browser, complaints: list[str]) -> Iterator[tuple[Page, Page]]:
    """Two browsers of their own, signed in nowhere: what they do changes no login of other tests."""
    contexts = [browser.new_context(base_url=stack.base_url, viewport=visitor.WIDE, reduced_motion="reduce") for _ in range(2)]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        listen(page, complaints)
    yield pages[0], pages[1]
    for context in contexts:
        context.close()
    # Refusals are told in the console too, and are what this is about.
    assert [each for each in complaints if not re.search("40[134]", each)] == []


def choose_role(tab: Page, name: str, role: str) -> None:
    tab.goto("/workspace/members/")
    row = tab.locator(f"[data-member={name}]")
    row.locator("select").select_option(role)
    row.get_by_role("button", name="Change").click()
    expect(tab.get_by_text(f"{name} is now {role}")).to_be_visible()


def use_a_passkey(tab: Page) -> None:
    """Chromium's own virtual authenticator; the scripts of the account library run under our policy."""
    client = tab.context.new_cdp_session(tab)
    client.send("WebAuthn.enable")
    has = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    client.send("WebAuthn.addVirtualAuthenticator", {"options": {"protocol": "ctap2", "transport": "internal", **has}})
    tab.goto("/accounts/2fa/")
    check(tab)
    tab.goto("/accounts/2fa/webauthn/add/")
    tab.fill("[name=password]", PASSWORD)
    tab.get_by_role("button", name="Confirm").click()
    tab.fill("[name=name]", "This machine")
    tab.wait_for_load_state()  # the button needs its script
    tab.locator("[name=passwordless]").check()
    tab.locator("#mfa_webauthn_add").click()
    tab.wait_for_url(re.compile("/accounts/2fa/(recovery-codes|webauthn)/$"))
    tab.goto("/accounts/2fa/webauthn/")
    expect(tab.get_by_text("This machine")).to_be_visible()

    tab.context.clear_cookies()
    tab.goto("/accounts/login/")
    tab.get_by_role("button", name="Sign in with a passkey").click()
    expect(tab.get_by_role("heading", name="Overview")).to_be_visible()


@pytest.mark.clock
def test_from_the_invitation_to_the_end(stack: Stack, visitors: tuple[Page, Page]):
    tab, nina = visitors
    visitor.sign_in(tab, stack.admin_username, stack.admin_password)
    tab.goto("/workspace/new/")
    tab.fill("[name=name]", "Story")
    tab.get_by_role("button", name="Create").click()
    session = visitor.start_session(tab)
    visitor.wait_for_status(tab, "active")

    # Invited and accepted.
    tab.goto("/workspace/members/")
    tab.locator("form[action$='/invitations/'] select").select_option("reviewer")
    tab.get_by_role("button", name="Invite").click()
    link = tab.locator("#invitation-link").inner_text()
    nina.goto(link)
    expect(nina.get_by_role("heading", name="Join Story")).to_be_visible()
    nina.get_by_role("button", name="Create an account and join").click()
    for name, value in {"username": "nina", "email": "nina@example.com", "password1": PASSWORD, "password2": PASSWORD}.items():
        nina.fill(f"[name={name}]", value)
    nina.get_by_role("button", name="Create account").click()
    expect(nina.get_by_role("heading", name="Overview")).to_be_visible()
    expect(nina.locator(".side-workspace-name")).to_have_text("Story")

    # Refused: a reviewer sees and does nothing else.
    nina.goto(session)
    expect(nina.locator("#status")).to_have_attribute("data-status", "active")
    expect(nina.locator(".btn-stop")).to_have_count(0)
    assert nina.request.get(f"{session}viewer/", max_retries=2).status == 403
    nina.goto("/sessions/start/")
    expect(nina.get_by_role("heading", name="You may not do that")).to_be_visible()

    # Promoted: the open page comes back with its buttons, without a reload by hand.
    nina.goto(session)
    visitor.wait_live(nina)
    choose_role(tab, "nina", "operator")
    nina.goto(session)
    expect(nina.locator(".btn-stop")).to_be_visible()
    visitor.wait_live(nina)

    # Removed, and cut off while she looks.
    tab.goto("/workspace/members/")
    check(tab)
    tab.locator("[data-member=nina]").get_by_role("link", name="Remove").click()
    tab.locator("#confirm [type=submit]").click()
    expect(nina.locator("live-socket")).to_have_attribute("data-state", "refused", timeout=CUT_WITHIN)
    expect(tab.locator("[data-member=nina]")).to_have_count(0)
    assert nina.goto(session).status == 404
    nina.goto("/")
    expect(nina.locator(".side-workspace-name")).to_have_text("nina's workspace")
    assert nina.goto(link).status == 404
    use_a_passkey(nina)
