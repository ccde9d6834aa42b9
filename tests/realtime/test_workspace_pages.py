"""What lists, the overview and the wall are told through their sockets, by the real consumer."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone

from agents_app.models import AgentRun
from notte_dashboard.pages.consumers import page_of
from notte_dashboard.realtime import workspace_feed
from notte_dashboard.realtime.publish import announce
from notte_dashboard.realtime.workspace_sources import compose, look
from sessions_app.models import BrowserSession
from tests.factories import make_agent, make_run, make_session
from tests.realtime.conftest import HOST, SELF, Socket, in_thread

MODELS = {"session": BrowserSession, "agent": AgentRun}
SOCKET = re.compile(r'<live-socket[^>]*?src="([^"]+)"', re.DOTALL)
CLOCK = re.compile(r'data-now="[^"]*"')


def flat(html):
    return " ".join(CLOCK.sub("", html).split())


@in_thread
def get(person, path):
    """The page as it is read without scripts, and where its socket is."""
    html = person.client.get(path).content.decode()
    return html, SOCKET.search(html)[1].replace("&amp;", "&")


@pytest.fixture
async def open_socket(nothing_left):
    from notte_dashboard.asgi import websocket  # noqa: PLC0415 - needs Django to be set up

    opened = []

    def connect(person, path, origin=SELF):
        headers = [(b"host", HOST), (b"origin", origin)]
        if person:
            headers.append((b"cookie", f"sessionid={person.client.cookies['sessionid'].value}".encode()))
        opened.append(Socket(websocket, path, headers))
        return opened[-1]

    yield connect
    for socket in opened:
        await socket.disconnect()
    assert workspace_feed._feeds == {}


async def opened(connect, person, path):
    html, address = await get(person, path)
    socket = connect(person, address)
    assert (await socket.connect())[0]
    return html, socket


async def fragments(socket):
    return {each["id"]: each["html"] for each in (await socket.next("state"))["fragments"]}


@in_thread
def change(run, **columns):
    type(run).objects.filter(pk=run.pk).update(**columns)
    run.refresh_from_db()


make = in_thread(make_run)


@pytest.mark.parametrize("kind", ["session", "agent"])
async def test_a_row_is_pushed_as_a_reload_would_show_it_and_only_the_row_that_changed(open_socket, bob, kind, patient):
    first, second = await make(kind, bob.workspace, bob.user), await make(kind, bob.workspace, bob.user)
    html, socket = await opened(open_socket, bob, f"/{kind}s/")
    shown = await fragments(socket)
    assert shown.keys() == {f"row-{first.uuid}", f"row-{second.uuid}", "list-news"}
    assert all(flat(shown[f"row-{run.uuid}"]) in flat(html) for run in (first, second))

    await change(first, state="error", ended_at=timezone.now())
    await announce(first)
    told = await fragments(socket)
    assert told.keys() == {f"row-{first.uuid}"}
    assert flat(told[f"row-{first.uuid}"]) in flat((await get(bob, f"/{kind}s/"))[0])


async def test_new_runs_are_counted_by_the_filter_and_put_nowhere(open_socket, bob, alice, patient):
    await make("session", bob.workspace, bob.user)
    _, everything = await opened(open_socket, bob, "/sessions/")
    _, mine = await opened(open_socket, bob, "/sessions/?owner=mine")
    for socket in (everything, mine):
        assert "new session" not in (await fragments(socket))["list-news"]

    theirs = await make("session", bob.workspace, alice.user)
    await announce(theirs)
    told = await fragments(everything)
    assert told.keys() == {"list-news"}
    assert "1 new session " in flat(told["list-news"])
    await announce(await make("session", bob.workspace, bob.user))
    assert "2 new sessions" in (await fragments(everything))["list-news"]
    hers = (await fragments(mine))["list-news"]
    assert "1 new session" in hers
    assert 'href="/sessions/?owner=mine"' in hers


async def test_a_row_that_left_the_filter_is_kept_current_and_an_empty_list_fills_itself(open_socket, bob, patient):
    run = await make("agent", bob.workspace, bob.user)
    _, socket = await opened(open_socket, bob, "/agents/?status=active")
    _, empty = await opened(open_socket, bob, "/agents/?status=error")
    await fragments(socket)
    await fragments(empty)

    await change(run, state="error", ended_at=timezone.now())
    await announce(run)

    assert 'data-status="error"' in (await fragments(socket))[f"row-{run.uuid}"]
    assert 'hx-trigger="load"' in (await fragments(empty))["list-news"]


async def test_the_overview_is_told_what_changed_on_its_cards_and_what_belongs_elsewhere_now(open_socket, bob, patient):
    session = await make("session", bob.workspace, bob.user)
    html, socket = await opened(open_socket, bob, "/")
    shown = await fragments(socket)
    assert flat(shown[f"card-{session.uuid}"]) in flat(html)
    assert flat(shown["attention"]) in flat(html)

    await change(session, state="closed", ended_at=timezone.now())
    other = await make("agent", bob.workspace, bob.user)
    await announce(other)
    told = await fragments(socket)
    assert 'data-status="closed"' in told[f"card-{session.uuid}"]
    assert "2 started, 1 ended" in told["list-news"], "the agent came with a session"


async def test_the_wall_is_told_of_tiles_and_their_order_and_titles_of_numbers(open_socket, bob, patient):
    first = await in_thread(make_session)(bob.workspace, bob.user)
    html, socket = await opened(open_socket, bob, "/live/")
    told = await socket.next("wall")
    assert flat(told["fragments"][0]["html"]) in flat(html)
    assert (told["order"], told["size"]) == ([f"tile-{first.uuid}"], "large")

    assert (await socket.next("pulse"))["ended"] == []

    second = await in_thread(make_session)(bob.workspace, bob.user)
    agent = await in_thread(make_agent)(second, bob.user, "closed", success=False)
    await announce(agent)
    pulse = await socket.next("pulse")
    assert (pulse["running"], pulse["failed"]) == (2, 1)
    assert [(each["uuid"], each["mine"]) for each in pulse["ended"]] == [(str(agent.uuid), True)]
    assert pulse["ended"][0]["by"] is None, "numbers of people stay inside"


async def test_rows_of_other_workspaces_are_never_told(open_socket, bob, eve, patient):
    foreign = await make("session", eve.workspace, eve.user)
    own = await make("session", bob.workspace, bob.user)
    rows = f"{foreign.uuid.hex}.{own.uuid.hex}.nonsense"
    socket = open_socket(bob, f"/ws/workspaces/{bob.workspace.uuid}/?page=sessions&rows={rows}")
    await socket.connect()
    assert (await fragments(socket)).keys() == {f"row-{own.uuid}"}


@pytest.mark.parametrize(
    ("who", "where", "query", "origin", "code"),
    [
        ("bob", "own", "page=sessions", b"http://evil.example", 4403),
        (None, "own", "page=sessions", SELF, 4401),
        ("eve", "own", "page=sessions", SELF, 4404),
        ("bob", "missing", "page=sessions", SELF, 4404),
        ("bob", "own", "page=secrets", SELF, 4404),
        ("bob", "own", "", SELF, 4404),
    ],
)
async def test_who_may_not_or_asks_for_nothing_is_refused_for_good(open_socket, people_of, who, where, query, origin, code):
    uuid = people_of["bob"].workspace.uuid if where == "own" else uuid4()
    socket = open_socket(people_of.get(who), f"/ws/workspaces/{uuid}/?{query}", origin)
    assert (await socket.connect())[0], "accepted first, so that the browser stops trying"
    assert await socket.closed() == code


@pytest.fixture
def people_of(transactional_db, bob, eve):
    return {"bob": bob, "eve": eve}


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("sessions", 5), ("agents", 5), ("overview", 13)])
def test_a_look_costs_the_same_for_one_row_and_for_three(bob, count, name, queries, django_assert_num_queries, rf):
    kind = "agent" if name == "agents" else "session"
    runs = [make_run(kind, bob.workspace, bob.user) for _ in range(count)]
    shown = ".".join(run.uuid.hex for run in runs)
    query = rf.get("/", {"page": name, "rows": shown, "cards": shown, "top": ""}).GET
    pages = tuple(page_of(bob.workspace, query, asker) for asker in (bob.user.pk, bob.user.pk + 1))
    with django_assert_num_queries(queries):
        found = compose(pages, look(pages, {}))
    assert all(sum(item.id.startswith(("row-", "card-")) for item in items) >= count for items in found.values())
