"""Takes the README's pictures from the running product: `make pictures`."""

import os
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from notte_dashboard.local_api.chromium import find
from tests.e2e.stack import Stack, new_stack

FOLDER = Path("docs/pictures")
TASK = "Search for 'teapot', click 'Blue Teapot', select 'Large' as size, add it to the cart and tell me the total"


def sign_in(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.base_url}/accounts/login/")
    page.fill("[name=login]", stack.admin_username)
    page.fill("[name=password]", stack.admin_password)
    page.click("button[type=submit]")
    page.wait_for_url(f"{stack.base_url}/")


def start_agent(page: Page, stack: Stack, task: str, path: str) -> None:
    page.goto(f"{stack.base_url}/agents/start/")
    page.fill("[name=task]", task)
    page.fill("[name=url]", f"http://127.0.0.1:{stack.local_api_port}/demo/{path}")
    page.click(".form-submit button[type=submit]")
    page.wait_for_selector("#status")


def take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")
    print(f"{FOLDER / name}.png")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with new_stack() as stack, sync_playwright() as playwright:
        stack.start()
        path = find(os.environ.get("CHROMIUM", ""), "")
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=os.geteuid() != 0)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
        sign_in(page, stack)
        page.goto(f"{stack.base_url}/sessions/start/")
        take(page, "start")
        start_agent(page, stack, TASK, "shop")
        page.wait_for_selector("#status[data-status=closed]", timeout=60_000)
        start_agent(page, stack, "In the table, what is the capital of Portugal?", "countries")
        page.wait_for_selector("#status[data-status=closed]", timeout=60_000)
        take(page, "agent")
        start_agent(page, stack, "Count the unicorns on the moon", "journal")
        page.wait_for_selector("#status[data-status=closed]", timeout=60_000)
        page.emulate_media(color_scheme="dark")
        start_agent(page, stack, "Click 'Contact', then go back, then open the slow page and say its heading", "")
        page.wait_for_selector("[data-step-number='3']", timeout=60_000)
        page.wait_for_selector("iframe.viewer-frame")
        page.wait_for_timeout(700)
        page.screenshot(path=FOLDER / "live-dark.png")
        page.emulate_media(color_scheme="light")
        page.goto(stack.base_url)
        take(page, "overview")
        browser.close()


if __name__ == "__main__":
    main()
