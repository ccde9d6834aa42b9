"""History lists of both apps: what they cost, what they filter, how they go on."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.utils import timezone

from tests.factories import make_agent, make_run, make_session

KINDS = ["session", "agent"]
# The login session, the user, the workspace with the role in it, the rows; the frame of a page costs none more.
QUERIES_OF_RESULTS, QUERIES_OF_A_PAGE = 4, 4


class Page(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.rows, self.links, self.values = [], {}, {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if "data-run-id" in found:
            self.rows.append(found["data-run-id"])
        if tag == "a" and found.get("rel") == "next":
            self.links["next"] = found["href"]
        if tag == "a" and (found.get("href") or "").startswith("?") and found.get("rel") != "next":
            self.links["newest"] = found["href"]
        if tag == "input" and "name" in found:
            self.values[found["name"]] = found.get("value", "")
        if tag == "select":
            self.select = found["name"]
        if tag == "option" and "selected" in found:
            self.values[self.select] = found["value"]


def page(client, kind, query=""):
    answer = client.get(f"/{kind}s/{query}")
    assert answer.status_code == 200
    return Page(answer.content.decode())


def rows(client, kind, query=""):
    return page(client, kind, query).rows


@pytest.fixture
def runs(bob):
    def make(kind, count=1, **columns):
        return [make_run(kind, bob.workspace, bob.user, **columns) for _ in range(count)]

    return make


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, 3])
def test_the_results_cost_the_same_for_one_row_and_for_three(bob, runs, kind, count, django_assert_num_queries):
    runs(kind, count)
    with django_assert_num_queries(QUERIES_OF_RESULTS):
        answer = bob.client.get(f"/{kind}s/", headers={"HX-Request": "true"})
    assert len(Page(answer.content.decode()).rows) == count


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, 3])
def test_the_whole_page_costs_the_same_for_one_row_and_for_three(bob, runs, kind, count, django_assert_num_queries):
    runs(kind, count)
    with django_assert_num_queries(QUERIES_OF_A_PAGE):
        assert len(rows(bob.client, kind)) == count


@pytest.mark.parametrize("kind", KINDS)
def test_an_htmx_request_gets_the_results_alone(bob, runs, kind):
    runs(kind)
    part = bob.client.get(f"/{kind}s/", headers={"HX-Request": "true"})
    html = part.content.decode().strip()
    assert html.startswith("<section")
    assert html.endswith("</section>")
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_holds_the_runs_of_the_workspace_newest_first(bob, eve, runs, kind):
    make_run(kind, eve.workspace, eve.user)
    older, newer = runs(kind, 2)
    assert rows(bob.client, kind) == [str(newer.uuid), str(older.uuid)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_goes_on_where_the_page_ended_and_keeps_its_filters(bob, runs, kind):
    made = [str(run.uuid) for run in runs(kind, 27)]
    first = page(bob.client, kind, "?owner=mine&status=active")
    second = page(bob.client, kind, first.links["next"])
    assert (len(first.rows), len(second.rows)) == (25, 2)
    assert [*first.rows, *second.rows] == made[::-1]
    assert "owner=mine" in first.links["next"]
    assert second.links["newest"] == "?owner=mine&status=active"
    assert second.values["owner"] == "mine"
    assert "next" not in second.links


@pytest.mark.parametrize("kind", KINDS)
def test_rows_that_come_in_between_pages_shift_nothing(bob, runs, kind):
    made = [str(run.uuid) for run in runs(kind, 26)]
    first = page(bob.client, kind)
    runs(kind, 3)
    assert rows(bob.client, kind, first.links["next"]) == [made[0]]


@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_the_same_instant_are_listed_once_each(bob, runs, kind):
    made = {str(run.uuid) for run in runs(kind, 30, created_at=timezone.now())}
    first = page(bob.client, kind)
    assert {*first.rows, *rows(bob.client, kind, first.links["next"])} == made


@pytest.mark.parametrize("kind", KINDS)
def test_the_owner_filter_tells_mine_from_all(bob, alice, runs, kind):
    mine = runs(kind)[0]
    theirs = make_run(kind, bob.workspace, alice.user)
    assert rows(bob.client, kind, "?owner=mine") == [str(mine.uuid)]
    assert rows(alice.client, kind, "?owner=mine") == [str(theirs.uuid)]
    assert len(rows(bob.client, kind, "?owner=")) == 2


STATUSES = {
    "queued": "starting", "sending": "starting", "unknown": "unknown", "active": "active", "stopping": "stopping",
    "closed": "closed", "error": "error", "timed_out": "timed_out", "rejected": "rejected", "not_started": "not_started",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_status_is_a_filter(bob, runs, kind):
    made = {state: str(runs(kind, state=state)[0].uuid) for state in STATUSES}
    for status in set(STATUSES.values()):
        wanted = {uuid for state, uuid in made.items() if STATUSES[state] == status}
        listed = set(rows(bob.client, kind, f"?status={status}"))
        assert listed & set(made.values()) == wanted, status


def test_outcomes_of_agents_are_a_filter(bob):
    session = make_session(bob.workspace, bob.user)
    ended = {"session": session, "started_by": bob.user, "state": "closed"}
    made = {
        "success": make_agent(**ended, success=True),
        "failure": make_agent(**ended, success=False),
        "stopped": make_agent(**ended, stop_requested_at=timezone.now()),
    }
    silent = make_agent(**ended, success=None)
    make_agent(session, bob.user)
    make_agent(session, bob.user, state="rejected")
    assert rows(bob.client, "agent", "?outcome=success") == [str(made["success"].uuid)]
    assert rows(bob.client, "agent", "?outcome=stopped") == [str(made["stopped"].uuid)]
    assert rows(bob.client, "agent", "?outcome=failure") == [str(silent.uuid), str(made["failure"].uuid)]
    for outcome, agent in made.items():
        assert agent.outcome == outcome


@pytest.mark.parametrize("kind", KINDS)
def test_days_are_whole_and_inclusive(bob, runs, kind):
    days = [datetime(2026, 5, day, hour, 59, 59, 999_999, tzinfo=UTC) for day, hour in ((1, 23), (2, 0), (2, 23), (3, 0))]
    made = [str(runs(kind, created_at=day)[0].uuid) for day in days]
    assert rows(bob.client, kind, "?since=2026-05-02&until=2026-05-02") == [made[2], made[1]]
    assert rows(bob.client, kind, "?until=2026-05-01") == [made[0]]
    assert rows(bob.client, kind, "?since=2026-05-03") == [made[3]]


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("agent", "task"),
        ("agent", "answer"),
        ("agent", "url"),
        ("agent", "last_url"),
        ("session", "last_url"),
        ("session", "last_title"),
        ("session", "error"),
    ],
)
def test_text_is_found_wherever_it_stands(bob, runs, kind, column):
    found = runs(kind, **{column: "https://shop.example/Needle?a=100%_b"})[0]
    runs(kind)
    for words in ("needle", "NEEDLE", "100%25_b", " needle "):
        assert rows(bob.client, kind, f"?q={words}") == [str(found.uuid)], words
    assert rows(bob.client, kind, "?q=100%25%25b") == []


def test_a_session_is_found_once_by_the_tasks_and_answers_of_its_agents(bob):
    session = make_session(bob.workspace, bob.user)
    make_agent(session, bob.user, task="needle", answer="a needle")
    make_agent(session, bob.user, task="another needle")
    make_session(bob.workspace, bob.user)
    assert rows(bob.client, "session", "?q=needle") == [str(session.uuid)]


def test_a_search_is_not_answered_by_agents_of_another_workspace(bob, eve):
    make_agent(make_session(eve.workspace, eve.user), eve.user, task="needle")
    assert rows(bob.client, "session", "?q=needle") == []


@pytest.mark.parametrize("kind", KINDS)
def test_filters_work_together_and_stay_in_the_form(bob, alice, runs, kind):
    at = datetime(2026, 5, 2, 12, tzinfo=UTC)
    wanted = runs(kind, state="closed", last_url="https://needle.example", created_at=at)[0]
    runs(kind, state="closed", last_url="https://needle.example", created_at=at - timedelta(days=3))
    runs(kind, state="closed", created_at=at)
    runs(kind, last_url="https://needle.example", created_at=at)
    make_run(kind, bob.workspace, alice.user, state="closed", last_url="https://needle.example", created_at=at)
    query = "?q=needle&owner=mine&status=closed&since=2026-05-01&until=2026-05-03"
    shown = page(bob.client, kind, query)
    assert shown.rows == [str(wanted.uuid)]
    asked = {"q": "needle", "owner": "mine", "status": "closed", "since": "2026-05-01", "until": "2026-05-03"}
    assert asked.items() <= shown.values.items()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "query",
    [
        "?status=no-such", "?owner=eve", "?since=yesterday", "?until=9999-12-31", "?since=0001-01-01", "?q=%00",
        "?q=" + "x" * 500, "?before=x", "?before=0001-01-01T00:00:00%2B14:00_1", "?before=9999-12-31T23:59:59-14:00_9",
        "?before=2026-05-01T00:00:00Z_-1", "?outcome=maybe", "?unheard=of", "?q=a&q=b", "?q=%ff%fe",
        "?before=2026-01-01T00:00:00Z_99999999999999999999999",
    ],
)  # fmt: skip
def test_a_damaged_query_is_answered_calmly(bob, runs, kind, query):
    runs(kind)
    assert bob.client.get(f"/{kind}s/{query}").status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_says_how_much_it_shows(bob, runs, kind):
    listed = lambda query="": bob.client.get(f"/{kind}s/{query}").context["total_label"]  # noqa: E731
    assert listed() == ""
    runs(kind)
    assert listed() == f"1 {kind}"
    runs(kind, 25)
    assert listed() == f"The newest 25 {kind}s"
    older = bob.client.get(f"/{kind}s/").context["next_url"]
    assert listed(older) == f"1 {kind}, older ones"


@pytest.mark.parametrize("kind", KINDS)
def test_empty_lists_tell_nothing_yet_from_nothing_found(bob, vera, kind):
    empty = SimpleNamespace(
        yet=bob.client.get(f"/{kind}s/").content.decode(), found=bob.client.get(f"/{kind}s/?q=x").content.decode()
    )
    assert f'href="/{kind}s/start/"' in empty.yet.partition('id="results"')[2]
    assert f'href="/{kind}s/"' in empty.found.partition('id="results"')[2]
    assert "/start/" not in vera.client.get(f"/{kind}s/").content.decode()
