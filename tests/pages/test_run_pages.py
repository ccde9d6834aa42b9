"""What a run's page asks for after its first paint, and who gets it."""

import json
import logging
import re

import pytest

from sessions_app.models import BrowserSession
from tests.factories import make_agent, make_run, make_session, record_run_steps
from tests.hostile_text import HOSTILE
from tests.html_forms import RenderedForm
from tests.pictures import PIXEL
from tests.scripted_api import KEY, session_body
from tests.step_items import agent_step_items, step_item

KINDS = ["session", "agent"]
CDP = "wss://api.example/debug?token=cdp-jwt-canary"


@pytest.fixture(params=KINDS)
def run(request, bob):
    return record_run_steps(make_run(request.param, bob.workspace, bob.user), agent_step_items(60))


def path_of(run, more=""):
    return f"/{run.kind}s/{run.uuid}/{more}"


def shown(html):
    return [int(number) for number in re.findall(r'data-step-number="(\d+)"', html)]


def test_a_long_run_begins_with_its_newest_steps_and_names_the_others(bob, run):
    html = bob.client.get(path_of(run)).content.decode()
    first = shown(html)[0]
    assert shown(html) == list(range(first, 61))
    assert re.findall(r'data-first="(\d+)"\s+data-last="(\d+)"', html) == [("1", str(first - 1))]
    assert 'data-after="300"' in html
    assert len(html) < 150_000


def test_the_gap_is_filled_until_every_step_is_there_once(bob, run):
    html = bob.client.get(path_of(run)).content.decode()
    seen, last = shown(html), shown(html)[0] - 1
    while last:
        rows = bob.client.get(
            path_of(run, f"steps/?first=1&last={last}&side=end"), headers={"HX-Request": "true"}
        ).content.decode()
        assert "<html" not in rows
        seen = shown(rows) + seen
        last = shown(rows)[0] - 1
    assert seen == list(range(1, 61))


def test_without_scripts_a_link_leads_to_each_step(bob, run):
    html = bob.client.get(path_of(run, "?step=20")).content.decode()
    assert {20, 60} <= set(shown(html))
    assert 'href="?step=' in html


@pytest.mark.parametrize("query", ["", "first=0&last=5", "first=9&last=5", "first=x&last=y", "first=1", "first=-1&last=3"])
def test_a_gap_that_is_none_is_refused(bob, run, query):
    assert bob.client.get(path_of(run, f"steps/?{query}")).status_code == 400


@pytest.mark.parametrize("more", ["steps/?first=1&last=9", "steps/3/"])
@pytest.mark.parametrize(("name", "status"), [("alice", 200), ("bob", 200), ("vera", 200), ("eve", 404), ("nobody", 302)])
def test_members_see_steps_and_strangers_find_nothing(as_, people, run, more, name, status):
    assert as_(name).get(path_of(run, more)).status_code == status


def test_raw_data_is_a_fragment_for_the_page_and_a_file_for_anybody_else(bob, run):
    fragment = bob.client.get(path_of(run, "steps/2/"), headers={"HX-Request": "true"}).content.decode()
    assert fragment.count("<pre") == 5
    assert "data-copy-from" in fragment
    file = bob.client.get(path_of(run, "steps/2/"))
    assert [item["type"] for item in file.json()] == [item["type"] for item in agent_step_items(1)]
    assert_is_file(file, "step-2.json", "application/json")
    assert bob.client.get(path_of(run, "steps/99/")).status_code == 404


def assert_is_file(answer, name, kind):
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Content-Type"] == kind
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_raw_data_of_a_hostile_page_is_text(bob):
    run = record_run_steps(make_session(bob.workspace, bob.user), [{"type": HOSTILE, "value": {"a": HOSTILE}}])
    html = bob.client.get(path_of(run, "steps/1/"), headers={"HX-Request": "true"}).content.decode()
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(("form", "kind", "text"), [
    ("txt", "text/plain; charset=utf-8", '{"total": 3}'), ("json", "application/json", '{\n  "total": 3\n}\n'),
])  # fmt: skip
@pytest.mark.parametrize(("name", "status"), [("bob", 200), ("vera", 200), ("eve", 404), ("nobody", 302)])
def test_the_answer_is_a_file_for_those_who_may_see_the_run(as_, people, form, kind, text, name, status):
    agent = make_run("agent", people.bob.workspace, people.bob.user, "closed", success=True, answer='{"total": 3}')
    answer = as_(name).get(path_of(agent, f"answer.{form}"))
    assert answer.status_code == status
    if status == 200:
        assert answer.content.decode() == text
        assert_is_file(answer, f"answer-{str(agent.uuid)[:8]}.{form}", kind)


def test_there_is_no_file_of_no_answer_nor_of_another_form(bob):
    silent, told = (make_run("agent", bob.workspace, bob.user, "closed", answer=answer) for answer in ("", "42"))
    assert bob.client.get(path_of(silent, "answer.txt")).status_code == 404
    assert bob.client.get(path_of(told, "answer.html")).status_code == 404


def test_an_answer_is_laid_out_by_the_format_of_its_request(bob):
    asked = {"type": "object", "properties": {"lines": {"type": "array", "title": "What it costs", "items": {"type": "object"}}}}
    answer = json.dumps({"lines": [{"name": HOSTILE, "price": 3}]})
    agent = make_run("agent", bob.workspace, bob.user, "closed", success=True, answer=answer, request={"response_format": asked})
    html = bob.client.get(path_of(agent)).content.decode()
    assert ">What it costs</dt>" in html
    assert '<th scope="col">Price</th>' in re.sub(r">\s+", ">", html)
    assert "<img src=x" not in html


def test_each_step_of_a_session_says_who_did_it(bob):
    session = make_session(bob.workspace, bob.user)
    agent = make_agent(session, bob.user, agent_id="r-1", task="Find the price")
    by_hand = step_item(
        "execution_result", action={"type": "goto", "url": "https://shop.example/"}, success=True, message="there"
    )
    marked = [
        item if "agent_step" not in item["type"] else step_item(item["type"], **item["value"], agent_id="r-1")
        for item in agent_step_items(1)
    ]
    foreign = [
        item if "agent_step" not in item["type"] else step_item(item["type"], **item["value"], agent_id="?")
        for item in agent_step_items(1)
    ]
    record_run_steps(session, [by_hand, *marked, *foreign])
    cards = re.split(r'<li\s+id="step-', bob.client.get(path_of(session)).content.decode())[1:]
    assert "By hand" in cards[0]
    assert f'href="/agents/{agent.uuid}/"' in cards[1]
    assert "An agent that was not started here" in cards[2]


def test_a_session_is_continued_with_a_new_agent_from_a_step(bob, vera):
    session = record_run_steps(make_session(bob.workspace, bob.user), agent_step_items(3))
    html = bob.client.get(path_of(session)).content.decode()
    assert f"/agents/start/?session={session.uuid}&amp;offset=5" in html
    drawn = RenderedForm(bob.client.get(f"/agents/start/?session={session.uuid}&offset=5").content.decode())
    assert (drawn.values["session_id"], drawn.values["session_offset"]) == (session.session_id, "5")
    drawn = RenderedForm(bob.client.get(f"/agents/start/?session={session.uuid}&offset=x").content.decode())
    assert drawn.values["session_offset"] == ""
    assert "offset=" not in vera.client.get(path_of(session)).content.decode()


def test_a_mark_is_drawn_where_the_element_is(bob):
    box = {"x": 4, "y": 4, "width": 92, "height": 42, "scroll_x": 0, "scroll_y": 0, "viewport_width": 100, "viewport_height": 100}
    looked = step_item("observation", screenshot={"raw": PIXEL, "bboxes": [box | {"notte_id": "B1"}]})
    clicked = step_item("execution_result", action={"type": "click", "id": "B1"}, success=True)
    start, stop = step_item("agent_step_start", step_number=0), step_item("agent_step_stop", step_number=0)
    run = record_run_steps(make_run("agent", bob.workspace, bob.user), [start, looked, clicked, stop])
    html = re.sub(r"\s+", " ", bob.client.get(path_of(run)).content.decode())
    assert '<rect x="0.0" y="0.0" width="1000.0" height="500.0"' in html


class TestCdp:
    @pytest.fixture
    def session(self, bob, upstream):
        upstream.say("GET", "/sessions/s-1", session_body("s-1", cdp_url=CDP))
        return make_session(bob.workspace, bob.user, session_id="s-1")

    def test_it_is_shown_to_an_operator_who_asks_and_the_log_says_so(self, bob, session, caplog):
        assert "cdp-jwt" not in bob.client.get(path_of(session)).content.decode()
        with caplog.at_level(logging.INFO, "sessions_app"):
            answer = bob.client.post(path_of(session, "cdp/"))
        assert CDP in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert [record.getMessage() for record in caplog.records] == [f"The CDP address of {session} was shown to bob"]
        assert "cdp-jwt" not in repr(BrowserSession.objects.values().get())

    @pytest.mark.parametrize(("name", "status"), [("vera", 403), ("eve", 404), ("nobody", 302)])
    def test_nobody_else_gets_it(self, as_, session, upstream, name, status):
        assert as_(name).post(path_of(session, "cdp/")).status_code == status
        assert upstream.asked == []

    def test_reviewers_are_not_even_offered_it(self, vera, session):
        assert 'id="cdp"' not in vera.client.get(path_of(session)).content.decode()

    def test_a_link_does_not_fetch_it(self, bob, session):
        assert bob.client.get(path_of(session, "cdp/")).status_code == 405

    @pytest.mark.parametrize("form", [KEY, KEY.replace("-", "%2D"), KEY.replace("-", "%252d")])
    def test_an_address_with_the_api_key_is_kept_back(self, bob, session, upstream, form):
        upstream.say("GET", "/sessions/s-1", session_body("s-1", cdp_url=f"wss://api.example/debug?token={form}"))
        html = bob.client.post(path_of(session, "cdp/")).content.decode()
        assert form not in html
        assert "API key" in html

    @pytest.mark.parametrize(
        ("said", "told"), [(session_body("s-1", cdp_url=None), "offers no CDP"), ((500, {}), "could not be asked")]
    )
    def test_without_an_address_it_says_why(self, bob, session, upstream, said, told):
        upstream.say("GET", "/sessions/s-1", said)
        assert told in bob.client.post(path_of(session, "cdp/")).content.decode()
