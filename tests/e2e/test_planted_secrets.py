"""Secrets are planted through the real product, then looked for wherever it writes: none of them is anywhere in clear."""

import base64
import json
import sqlite3
import threading
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import redis
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import APIResponse, Browser, Page

from notte_dashboard.presets.kinds import KINDS
from tests.e2e import visitor
from tests.e2e.planted import SECRETS, found_in, spellings
from tests.e2e.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.chromium]
SESSION = {
    "proxies": [
        {"type": "external", "server": "http://127.0.0.1:9", "username": "joe", "password": SECRETS["proxy password"]},
    ],
    "extra_http_headers": {"X-Token": SECRETS["header value"], "Authorization": f"Bearer {SECRETS['header value']}"},
}
TAILNET = {"proxies": [{"type": "tailnet", "oauth_client_id": "c", "oauth_client_secret": SECRETS["OAuth secret"]}]}
AGENT = {
    "task": "Read the page",
    "url": f"http://user:{SECRETS['address password']}@127.0.0.1:9/",
    "notifier_config": {"type": "slack", "token": SECRETS["notifier token"], "channel_id": "C1"},
}


class Redis:
    """All that is said to a Redis while somebody listens, and all that it holds."""

    def __init__(self, stack: Stack) -> None:
        self.client = redis.Redis.from_url(f"unix://{stack.data_dir}/redis/redis.sock")
        self.said: list[str] = []
        self.monitor = self.client.monitor().__enter__()
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        try:
            for command in self.monitor.listen():
                self.said.append(command["command"])
        except (redis.RedisError, OSError, ValueError, AttributeError):
            pass  # closed: the test is over

    def held(self) -> Iterator[str]:
        lists = {b"list": lambda key: self.client.lrange(key, 0, -1), b"zset": lambda key: self.client.zrange(key, 0, -1)}
        readers = lists | {b"string": self.client.get, b"hash": self.client.hgetall, b"set": self.client.smembers}
        for key in self.client.scan_iter():
            yield f"{key!r} {readers[self.client.type(key)](key)!r}"

    def close(self) -> None:
        self.monitor.connection.disconnect()
        self.client.close()


@pytest.fixture
def spied(stack: Stack) -> Iterator[Redis]:
    spy = Redis(stack)
    yield spy
    spy.close()


def post(tab: Page, path: str, fields: dict[str, Any]) -> APIResponse:
    token = next(cookie["value"] for cookie in tab.context.cookies() if cookie["name"].endswith("csrftoken"))
    headers = {"X-CSRFToken": token, "Referer": tab.url}
    return tab.request.post(path, form=fields, headers=headers, max_redirects=0)


def start(tab: Page, kind: str, request: dict[str, Any]) -> str:
    answer = post(tab, f"/{kind}s/start/", KINDS[kind].form_class().data_for(request))
    assert answer.status == 302, answer.text()
    return answer.headers["location"]


def plant(tab: Page, stack: Stack) -> dict[str, str]:
    """Returns the paths of the runs. The key goes into a workspace of its own, since it opens nothing."""
    paths = {"session": start(tab, "session", SESSION), "refused": start(tab, "session", TAILNET)}
    paths["agent"] = start(tab, "agent", AGENT)
    assert post(tab, "/workspace/new/", {"name": "Planted"}).status == 302
    key = {"base_url": f"http://127.0.0.1:{stack.local_api_port}", "key": SECRETS["API key"], "anyway": "on"}
    assert post(tab, "/workspace/keys/", key).status == 302
    paths["unauthorized"] = start(tab, "session", {})
    user = {
        "username": f"planted-{uuid4().hex[:8]}",
        "password1": SECRETS["account password"],
        "password2": SECRETS["account password"],
    }
    assert post(tab, "/admin/auth/user/add/", user | {"usable_password": "true"}).status == 302
    post(tab, "/accounts/login/", {"login": SECRETS["account password"], "password": SECRETS["account password"]})
    return paths


def api(stack: Stack, path: str) -> dict[str, Any]:
    key = (stack.data_dir / "local_api_key").read_text().strip()
    request = urllib.request.Request(f"http://127.0.0.1:{stack.local_api_port}{path}", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return dict(json.loads(answer.read()))


def viewer_tokens(stack: Stack, session_id: str) -> dict[str, str]:
    """The bearer tokens in the addresses that the API gave out."""
    answer = api(stack, f"/sessions/{session_id}")
    found = {}
    for name in ("viewer_url", "cdp_url"):
        query = parse_qs(urlsplit(answer.get(name) or "").query)
        texts = [value for values in query.values() for value in values if len(value) >= 20 and value != session_id]
        found |= {f"{name} {number}": text for number, text in enumerate(texts)}
    return found


def addresses(patterns: list[Any], prefix: str, uuids: list[str]) -> Iterator[str]:
    """Every page of the resolver that can be read, with what was planted as its arguments."""
    for each in patterns:
        where = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, where, uuids)
        elif isinstance(each, URLPattern) and "logout" not in where and "(" not in where:
            for uuid in uuids if "<uuid:" in where else [""]:
                path = where
                for name, value in (("uuid", uuid), ("int", "1"), ("path", "1"), ("str", "1"), ("slug", "1")):
                    path = _filled(path, name, value)
                yield f"/{path}"


def _filled(path: str, kind: str, value: str) -> str:
    while f"<{kind}:" in path:
        before, _, rest = path.partition(f"<{kind}:")
        path = before + value + rest.partition(">")[2]
    return path


def read_all(tab: Page, paths: dict[str, str]) -> dict[str, str]:
    """What everybody with every right could see: pages, their JSON, exports."""
    uuids = [visitor.uuid_in(path) for path in paths.values()]
    seen = {}
    for where in addresses(get_resolver().url_patterns, "", uuids):
        answer = tab.request.get(where, max_redirects=0, max_retries=2)
        seen[where] = f"{answer.headers} {answer.text()}" if "image" not in answer.headers.get("content-type", "") else ""
    for path in paths.values():
        seen[f"JSON of {path}"] = tab.request.get(path, headers={"Accept": "application/json"}, max_retries=2).text()
    for kind in ("csv", "jsonl"):
        seen[f"audit {kind}"] = post(tab, "/workspace/audit/export/", {"format": kind}).text()
    for where in ("/admin/sessions_app/browsersession/", "/admin/agents_app/agentrun/", "/admin/audit/auditentry/"):
        chosen = {"action": "export_csv", "select_across": "1", "_selected_action": "1"}
        seen[f"export of {where}"] = post(tab, where, chosen).text()
    return seen


def test_no_planted_secret_is_anywhere_in_clear(stack: Stack, browser: Browser, signed_in: dict[str, Any], spied: Redis) -> None:
    context = browser.new_context(**signed_in)
    tab = context.new_page()
    frames: list[str] = []
    tab.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    tab.goto("/")
    paths = plant(tab, stack)
    for name in ("unauthorized", "session"):
        tab.goto(paths[name])
        visitor.wait_for_status(tab, "active", "rejected", "closed", "error")
    visitor.wait_live(tab)
    tokens = viewer_tokens(stack, visitor.facts(tab)["session_id"])
    tab.locator("iframe").first.wait_for(state="attached", timeout=visitor.PATIENCE)
    pages = read_all(tab, paths)
    with sqlite3.connect(f"file:{stack.data_dir}/dashboard.sqlite3?mode=ro", uri=True) as database:
        dump = "\n".join(database.iterdump())
    logs = {path.name: path.read_text(errors="replace") for path in (stack.data_dir / "logs").iterdir() if path.is_file()}
    context.close()
    secrets = SECRETS | tokens
    sinks = {"database": dump, "frames": "\n".join(frames), "Redis": "\n".join(spied.held()), "output": stack.output} | logs
    sinks["said to Redis"] = "\n".join([*spied.said, *decoded(spied.said)])
    hits = {name: found for name, text in sinks.items() if (found := found_in(text, secrets))}
    viewers = {f"/sessions/{visitor.uuid_in(path)}/viewer/" for path in paths.values()}
    for where, text in pages.items():
        if found := found_in(text, SECRETS if where in viewers else secrets):
            hits[where] = found
    assert hits == {}, hits
    # The test itself: everything was really planted, read and listened to.
    assert tokens
    assert dump.count("f1$") >= 4
    assert sum("sessions_app.start" in each for each in spied.said) >= 1
    assert len(pages) > 100
    assert any("Planted" in text for text in pages.values())
    assert frames
    assert {"web.log", "worker.log", "local_api.log"} <= logs.keys()
    stop_all(stack)


def decoded(said: list[str]) -> Iterator[str]:
    """Celery's messages hold their arguments in base64."""
    for each in said:
        for part in each.replace("\\", "").split('"'):
            if len(part) > 15 and part.isascii() and len(part) % 4 == 0:
                try:
                    yield base64.b64decode(part, validate=True).decode(errors="replace")
                except ValueError:
                    continue


def stop_all(stack: Stack) -> None:
    visitor.end_all_sessions(stack)


@pytest.mark.parametrize("name", SECRETS)
def test_the_search_finds_every_spelling(name: str) -> None:
    assert len(spellings(SECRETS[name])) >= 5
    for each in spellings(SECRETS[name]):
        assert found_in(f"something {each} else", SECRETS) == [name]
    hidden = base64.b64encode(f'{{"args": ["{SECRETS[name]}"]}}'.encode()).decode()
    assert found_in(hidden, SECRETS) == [name]
