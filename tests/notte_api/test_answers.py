import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notte_dashboard.notte_api.answers import AgentAnswer, HealthAnswer, SessionAnswer, SessionDebug, digest_of
from notte_dashboard.notte_api.connection import KEY_MARK, Connection
from notte_dashboard.notte_api.errors import BadAnswer

KEY = "key/with+signs%and=more-1234567890"
CONNECTION = Connection("https://api.notte.cc", KEY)
SESSION = {
    "session_id": "s-1",
    "status": "active",
    "idle_timeout_minutes": 3,
    "max_duration_minutes": 15,
    "timeout_minutes": 3,
    "created_at": "2026-05-20T09:15:02.114000Z",
    "closed_at": None,
    "last_accessed_at": "2026-05-20T09:15:02.1",
    "duration": "PT41.286072S",
    "steps": [{"type": "observation", "value": {}}],
    "error": None,
    "proxies": False,
    "browser_type": "chromium",
    "use_file_storage": False,
    "network_request_bytes": 10,
    "network_response_bytes": 20,
    "user_agent": "Mozilla",
    "viewport_width": 1280,
    "viewport_height": 720,
    "headless": True,
    "solve_captchas": None,
    "cdp_url": "wss://api.notte.cc/x?token=jwt",
    "viewer_url": "https://console.notte.cc/static/viewer?jwt=abc",
    "web_bot_auth": False,
}
AGENT = {
    "agent_id": "a-1",
    "session_id": "s-1",
    "status": "closed",
    "created_at": "2026-05-20T09:15:02+02:00",
    "closed_at": 1779268502,
    "saved": True,
    "task": "Find it",
    "url": "https://example.org",
    "success": True,
    "answer": "42",
    "steps": [],
}
TEXTS = st.text(alphabet=st.characters(exclude_categories=()), max_size=8)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXTS
    | st.sampled_from([2**63, -(2**70), 1e308, "", "PT", "P9999999D"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


def session(**changes):
    return SessionAnswer.from_body(json.dumps(SESSION | changes).encode(), CONNECTION)


def agent(**changes):
    return AgentAnswer.from_body(json.dumps(AGENT | changes).encode(), CONNECTION)


def test_session_answer_reads_every_field():
    answer = session()

    assert answer.model_dump() == SESSION | {
        "created_at": datetime(2026, 5, 20, 9, 15, 2, 114000, tzinfo=UTC),
        "last_accessed_at": datetime(2026, 5, 20, 9, 15, 2, 100000, tzinfo=UTC),
        "duration": timedelta(seconds=41.286072),
    }
    assert answer.raw == SESSION
    assert answer.digest == digest_of(json.dumps(SESSION).encode())


def test_agent_answer_reads_every_field():
    assert agent().model_dump() == AGENT | {
        "created_at": datetime(2026, 5, 20, 7, 15, 2, tzinfo=UTC),
        "closed_at": datetime(2026, 5, 20, 9, 15, 2, tzinfo=UTC),
    }


@settings(max_examples=250)
@given(field=st.sampled_from([name for name in SESSION if name != "session_id"]), value=JSON)
def test_session_survives_any_value_in_any_field(field, value):
    answer = session(**{field: value})

    assert answer.session_id == "s-1"
    assert field in answer.raw
    _fit_to_store(answer)


@settings(max_examples=250)
@given(field=st.sampled_from([name for name in AGENT if name != "agent_id"]), value=JSON)
def test_agent_survives_any_value_in_any_field(field, value):
    answer = agent(**{field: value})

    assert answer.agent_id == "a-1"
    _fit_to_store(answer)


@pytest.mark.parametrize("field", [name for name in SESSION if name != "session_id"])
def test_session_survives_without_a_field(field):
    answer = SessionAnswer.from_body(json.dumps({**SESSION, field: ...}, default=lambda _: None).encode(), CONNECTION)
    missing = SessionAnswer.from_body(json.dumps({k: v for k, v in SESSION.items() if k != field}).encode(), CONNECTION)

    assert answer.session_id == missing.session_id == "s-1"


def _fit_to_store(answer):
    text = json.dumps(answer.raw, allow_nan=False, ensure_ascii=False)
    text.encode()
    assert "\\u0000" not in text
    answer.model_dump_json()


def test_representation_has_no_tokens():
    token = "wss://x/?token=jwt-1"
    debug = {"debug_url": token, "ws": {"cdp": token, "recording": token, "logs": token}, "tabs": [{"ws_url": token}]}
    answers = [session(viewer_url=token, cdp_url=token), SessionDebug.from_body(json.dumps(debug).encode(), CONNECTION)]

    assert "jwt-1" not in repr(answers)
    assert answers[1].model_dump(mode="json") == debug


@pytest.mark.parametrize("value", [None, "", {}, [], True, "x" * 256])
def test_answer_without_its_id_is_bad(value):
    with pytest.raises(BadAnswer, match="session_id"):
        session(session_id=value)


def test_answer_made_by_hand_has_nothing_about_a_body():
    answer = SessionAnswer(session_id="s")
    assert (answer.raw, answer.digest, answer.dropped_urls) == ({}, "", [])


def test_number_serves_as_an_id():
    assert session(session_id=17).session_id == "17"


@pytest.mark.parametrize(
    ("value", "read"), [("authenticating", "authenticating"), (None, "unknown"), (3, "unknown"), ("", "unknown")]
)
def test_status_is_kept_as_said_or_unknown(value, read):
    assert session(status=value).status == read


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("PT41.286072S", 41.286072),
        ("PT1H2M", 3720),
        (41.5, 41.5),
        ("41.5", 41.5),
        ("0:00:41", 41),
        (None, None),
        ("soon", None),
        (True, None),
    ],
)
def test_duration_is_read_in_every_spelling(value, seconds):
    duration = session(duration=value).duration
    assert (duration.total_seconds() if duration else duration) == seconds


def test_older_name_of_the_idle_timeout_serves_for_the_newer():
    assert session(idle_timeout_minutes=None, timeout_minutes=7).idle_timeout_minutes == 7
    assert session(idle_timeout_minutes=7, timeout_minutes="x").timeout_minutes == 7


@pytest.mark.parametrize(
    ("value", "read"),
    [("text", "text"), ({"a": 1}, '{"a": 1}'), ([1, "é"], '[1, "é"]'), (5, "5"), (False, "false"), (None, None)],
)
def test_answer_of_an_agent_is_text(value, read):
    assert agent(answer=value).answer == read


def test_steps_keep_their_positions():
    assert session(steps=[{"type": "a"}, "odd", None]).steps == [{"type": "a"}, {"value": "odd"}, {"value": None}]


def test_unknown_fields_are_kept():
    answer = session(close_reason="manual", digest="theirs", raw="theirs")

    assert answer.raw["close_reason"] == "manual"
    assert answer.digest != "theirs"
    assert answer.raw["raw"] == "theirs"


def test_urls_with_the_key_are_dropped_everywhere():
    carrying = "https://console.notte.cc/viewer?token=key%2Fwith%2Bsigns%25and%3Dmore-1234567890"
    answer = session(viewer_url=carrying, cdp_url=f"wss://x/?token={KEY}", steps=[{"value": {"message": f"saw {KEY} there"}}])

    assert (answer.viewer_url, answer.cdp_url) == (None, None)
    assert answer.dropped_urls == ["cdp_url", "viewer_url"]
    assert answer.steps == [{"value": {"message": f"saw {KEY_MARK} there"}}]
    assert not CONNECTION.carries_key(json.dumps(answer.raw))


def test_debug_addresses_with_the_key_are_dropped():
    body = {
        "debug_url": f"https://x/?k={KEY}",
        "ws": {"cdp": f"wss://x?token={KEY}", "recording": "wss://x?token=jwt", "logs": 5},
        "tabs": [{"ws_url": f"wss://x?token={KEY}", "metadata": {}}],
    }
    debug = SessionDebug.from_body(json.dumps(body).encode(), CONNECTION)

    assert debug.debug_url is None
    assert debug.ws.model_dump() == {"cdp": None, "recording": "wss://x?token=jwt", "logs": None}
    assert debug.tabs == [{"ws_url": None, "metadata": {}}]
    assert debug.dropped_urls == ["debug_url", "ws.cdp", "tabs.ws_url"]


@pytest.mark.parametrize(("levels", "read"), [(62, True), (63, False)])
@pytest.mark.parametrize("hold", ["[{}]", '{{"x": {}}}'])
def test_depth_is_bounded_exactly(hold, levels, read):
    value = "1"
    for _ in range(levels):
        value = f"[{value}]" if hold.startswith("[") else f'{{"x": {value}}}'
    body = f'{{"session_id": "s", "steps": [{value}]}}'.encode()

    if read:
        assert SessionAnswer.from_body(body, CONNECTION).session_id == "s"
    else:
        with pytest.raises(BadAnswer, match="64 levels"):
            SessionAnswer.from_body(body, CONNECTION)


@pytest.mark.parametrize("written", ["key\\/with+signs%and=more-1234567890", "\\u006bey/with+signs%and=more-1234567890"])
def test_key_behind_escapes_of_json_is_found(written):
    answer = SessionAnswer.from_body(f'{{"session_id": "s", "viewer_url": "https://x/?t={written}"}}'.encode(), CONNECTION)

    assert answer.viewer_url is None
    assert answer.raw["viewer_url"] is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b'"text"',
        b"null",
        b"{",
        b'{"a": 1}x',
        b"\xff\xfe",
        b'{"session_id": "\xe9"}',
        b"[" * 5000,
        b'{"x":' * 70 + b"1" + b"}" * 70,
        b"1" * 5000,
        b"[" + b"[]," * 1_000_000 + b"1]",
    ],
)
def test_body_that_is_no_answer_is_bad(body):
    with pytest.raises(BadAnswer):
        SessionAnswer.from_body(body, CONNECTION)


def test_sample_of_a_bad_body_is_bounded_and_redacted():
    body = f"<p>{KEY} Bearer abc.def ?jwt=ey.sig&x=1\x00</p>".encode() + b"x" * 300_000
    with pytest.raises(BadAnswer) as caught:
        SessionAnswer.from_body(body, CONNECTION)

    raw = caught.value.raw
    assert raw.startswith(f"<p>{KEY_MARK} Bearer [hidden] ?jwt=[hidden]&x=1\ufffd</p>")
    assert len(raw) == 64 * 1024


def test_health_needs_nothing():
    assert HealthAnswer.from_body(b"{}", CONNECTION).status == "unknown"
    assert HealthAnswer.from_body(b'{"status": "healthy", "version": "1.4.40"}', CONNECTION).version == "1.4.40"
