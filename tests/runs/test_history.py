"""History: pages by keyset, filters from the query string, whatever stands in it."""

import random
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from agents_app.models import AgentRun
from agents_app.queries import AgentFilter
from notte_dashboard.runs.history import keyset_page
from notte_dashboard.runs.states import DISPLAY, State
from sessions_app.models import BrowserSession
from sessions_app.queries import SessionFilter
from tests.factories import make_agent, make_run, make_session, make_user, make_workspace

DAY = datetime(2026, 5, 20, tzinfo=UTC)


def pages(rows, size, **query):
    """What a person sees who follows "older" to the end."""
    seen, query = [], dict(query)
    while True:
        page = keyset_page(rows, query, size)
        seen.append([run.pk for run in page.runs])
        if not page.next_url:
            return seen
        query = dict(parse_qsl(page.next_url.removeprefix("?")))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20, 21])
@pytest.mark.django_db
def test_no_run_is_shown_twice_or_missing_however_many_began_at_the_same_moment(size):
    team, moments = make_workspace(), random.Random(7)
    for _ in range(20):
        make_session(team, created_at=DAY + timedelta(microseconds=moments.choice([0, 1, 1, 1, 500_000])))
    rows = BrowserSession.objects.in_workspace(team)

    seen = pages(rows, size)

    assert [pk for page in seen for pk in page] == [run.pk for run in rows.newest_first()]
    assert all(len(page) == size for page in seen[:-1])
    assert 0 < len(seen[-1]) <= size


@pytest.mark.django_db
def test_a_run_that_begins_meanwhile_moves_nothing():
    team = make_workspace()
    old = [make_session(team, created_at=DAY).pk for _ in range(4)]
    rows = BrowserSession.objects.in_workspace(team)
    first = keyset_page(rows, {}, 2)

    make_session(team)
    second = keyset_page(rows, dict(parse_qsl(first.next_url[1:])), 2)

    assert [run.pk for run in [*first.runs, *second.runs]] == old[::-1]


@pytest.mark.django_db
def test_a_page_knows_its_neighbours_and_keeps_the_filters():
    team = make_workspace()
    for _ in range(3):
        make_session(team)
    rows = BrowserSession.objects.in_workspace(team)

    first = keyset_page(rows, QueryDict("q=a%26b&owner=mine&status="), 2)
    last = keyset_page(rows, QueryDict(first.next_url[1:]), 2)

    assert dict(parse_qsl(first.next_url[1:])).keys() == {"q", "owner", "before"}
    assert (first.newest_url, last.next_url, last.newest_url) == ("", "", "?q=a%26b&owner=mine")


@pytest.mark.django_db
def test_an_empty_list_is_one_empty_page():
    assert keyset_page(BrowserSession.objects.none(), {}, 5).runs == []


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "_",
        "1_2_3",
        "2026-05-20_1",
        "2026-05-20T00:00:00_1",
        "2026-05-20T00:00:00+00:00_",
        "2026-05-20T00:00:00+00:00_-1",
        f"2026-05-20T00:00:00+00:00_{2**63}",
        f"2026-05-20T00:00:00+00:00_{'9' * 5000}",
        "2026-05-20T00:00:00+00:00_1e3",
        "9999-12-31T23:59:59-14:00_1",
        "0001-01-01T00:00:00+14:00_1",
        "' OR 1=1 --_1",
        "\x00_1",
        "💥_💥",
        "2026-05-20T00:00:00+99:00_1",
    ],
)
@pytest.mark.django_db
def test_a_cursor_that_means_nothing_is_the_first_page(cursor):
    team = make_workspace()
    run = make_session(team)

    page = keyset_page(BrowserSession.objects.in_workspace(team), QueryDict(urlencode({"before": cursor})), 5)

    assert page.runs == [run]


@pytest.mark.django_db
def test_a_plus_that_a_browser_turned_into_a_space_is_understood():
    team = make_workspace()
    old, new = make_session(team, created_at=DAY), make_session(team)

    page = keyset_page(
        BrowserSession.objects.in_workspace(team), {"before": f"{new.created_at.isoformat()}_{new.pk}".replace("+", " ")}, 5
    )

    assert page.runs == [old]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.django_db
def test_a_page_is_one_query(count, django_assert_num_queries):
    team = make_workspace()
    for _ in range(count):
        make_session(team)

    with django_assert_num_queries(1):
        assert len(keyset_page(BrowserSession.objects.in_workspace(team), {}, 2).runs) == min(count, 2)


# --- filters --------------------------------------------------------------------------------------------------------------


def found(kind, team, by=None, **query):
    request = RequestFactory().get("/")
    request.user = by
    model = {SessionFilter: BrowserSession, AgentFilter: AgentRun}[kind]
    filtered = kind(QueryDict(urlencode(query)), model.objects.in_workspace(team), request=request)
    return {run.pk for run in filtered.qs}


@pytest.mark.django_db
def test_every_status_finds_its_runs_and_only_those():
    team = make_workspace()
    runs = {state: make_session(team, state=state).pk for state in State}

    for state in State:
        name = DISPLAY.get(state, state.value)
        wanted = {pk for other, pk in runs.items() if DISPLAY.get(other, other.value) == name}
        assert found(SessionFilter, team, status=name) == wanted


@pytest.mark.django_db
def test_mine_are_those_i_started():
    team, me = make_workspace(), make_user()
    mine = make_session(team, started_by=me)
    make_session(team, started_by=make_user())
    make_session(team)

    assert found(SessionFilter, team, me, owner="mine") == {mine.pk}
    assert len(found(SessionFilter, team, me)) == 3


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({"since": "2026-05-20"}, {20, 21}),
        ({"until": "2026-05-20"}, {19, 20}),
        ({"since": "2026-05-20", "until": "2026-05-20"}, {20}),
        ({"since": "2026-05-21", "until": "2026-05-19"}, set()),
        ({"until": "9999-12-31"}, {19, 20, 21}),
        ({"since": "0001-01-01"}, {19, 20, 21}),
        ({"since": "2026-02-30"}, {19, 20, 21}),
        ({"since": "soon"}, {19, 20, 21}),
    ],
)
@pytest.mark.django_db
def test_days_are_whole_and_both_count(query, days):
    team = make_workspace()
    last = timedelta(hours=23, minutes=59, seconds=59, microseconds=999_999)
    runs = {
        number: make_session(team, created_at=DAY.replace(day=number) + (last if number != 21 else timedelta(0))).pk
        for number in (19, 20, 21)
    }

    assert found(SessionFilter, team, **query) == {runs[number] for number in days}


@pytest.mark.parametrize("text", ["50% off_now", "50% OFF", "  50% off_now  ", "off_"])
@pytest.mark.django_db
def test_text_is_found_as_it_is_written(text):
    team = make_workspace()
    wanted = make_run("agent", team, task="Find what is 50% off_now")
    make_run("agent", team, task="Find what is 500 off now", answer="none")

    assert found(AgentFilter, team, q=text) == {wanted.pk}


@pytest.mark.parametrize("column", ["task", "answer", "url", "last_url", "last_title", "agent_id"])
@pytest.mark.django_db
def test_agents_are_found_by_everything_a_person_remembers(column):
    team = make_workspace()
    wanted, _ = make_run("agent", team, **{column: "the needle"}), make_run("agent", team)

    assert found(AgentFilter, team, q="needle") == {wanted.pk}


@pytest.mark.django_db
def test_a_session_is_found_once_however_many_of_its_agents_match():
    team = make_workspace()
    wanted = make_session(team)
    for _ in range(3):
        make_agent(wanted, task="the needle", answer="the needle")

    assert found(SessionFilter, team, q="needle") == {wanted.pk}


@pytest.mark.django_db
def test_outcomes_part_the_ended_agents():
    team, me = make_workspace(), make_user()
    for success in (True, False, None):
        for stopped in (DAY, None):
            make_run("agent", team, state=State.CLOSED, success=success, stop_requested_at=stopped, stop_requested_by=me)
    make_run("agent", team, state=State.ACTIVE)

    sizes = {name: len(found(AgentFilter, team, outcome=name)) for name in ("success", "failure", "stopped")}

    assert sizes == {"success": 2, "failure": 2, "stopped": 2}
    for name in sizes:
        assert {run.outcome for run in AgentRun.objects.filter(pk__in=found(AgentFilter, team, outcome=name))} == {name}


@pytest.mark.parametrize("name", ["q", "owner", "status", "since", "until", "outcome"])
@pytest.mark.parametrize("value", ["\x00", "x" * 5_000, "'; DROP TABLE x; --", "[]", "💥", "-1", "1e400"])
@pytest.mark.django_db
def test_odd_values_are_no_error(name, value):
    team = make_workspace()
    make_run("agent", team)

    assert len(found(AgentFilter, team, make_user(), **{name: value})) <= 1


@pytest.mark.django_db
def test_a_filter_never_reaches_another_workspace():
    mine, theirs = make_workspace(), make_workspace()
    make_run("agent", theirs, task="needle")

    assert found(AgentFilter, mine, q="needle") == set()
    assert found(SessionFilter, mine, q="needle") == set()
