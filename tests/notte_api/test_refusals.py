import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from notte_dashboard.notte_api.connection import KEY_MARK, Connection
from notte_dashboard.notte_api.errors import (
    BadAnswer,
    Detail,
    Invalid,
    NotFound,
    NotteError,
    Overloaded,
    RateLimited,
    Refused,
    ServerFailed,
    Unanswered,
    Unauthorized,
    Unreachable,
)
from notte_dashboard.notte_api.refusals import error_from

KEY = "key/with+signs%and=more-1234567890"
CONNECTION = Connection("https://api.notte.cc", KEY)
SECRET = "hunter2-hunter2"
EXTRA = Detail(("body", "auth_ids"), "Extra inputs are not permitted", "extra_forbidden")
REASON = {"loc": ["body", "auth_ids"], "msg": EXTRA.msg, "type": EXTRA.type, "input": SECRET, "ctx": {"given": SECRET}}
PYDANTIC_TEXT = f"""2 validation errors for ApiSessionStartRequest
proxies.0.external.server
  Field required [type=missing, input_value={{'password': '{SECRET}'}}, input_type=dict]
    For further information visit https://errors.pydantic.dev/2.14/v/missing
auth_ids
  Extra inputs are not permitted [type=extra_forbidden, input_value='{SECRET}', input_type=str]
    For further information visit https://errors.pydantic.dev/2.14/v/extra_forbidden"""


def error(status, body=None, **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return error_from(CONNECTION, status, {name.replace("_", "-"): value for name, value in headers.items()}, content)


@pytest.mark.parametrize(
    ("status", "kind", "code", "outcome_unknown", "not_started"),
    [
        (307, BadAnswer, "bad_answer", True, False),
        (400, Refused, "refused", False, False),
        (401, Unauthorized, "unauthorized", False, False),
        (402, Refused, "refused", False, False),
        (403, Unauthorized, "unauthorized", False, False),
        (404, NotFound, "not_found", False, False),
        (408, Refused, "refused", True, False),
        (409, Refused, "refused", False, False),
        (410, NotFound, "not_found", False, False),
        (422, Invalid, "invalid", False, False),
        (429, RateLimited, "rate_limited", False, True),
        (500, ServerFailed, "server_failed", True, False),
        (502, ServerFailed, "server_failed", True, False),
        (503, Overloaded, "overloaded", True, False),
        (504, ServerFailed, "server_failed", True, False),
        (529, Overloaded, "overloaded", False, True),
    ],
)
def test_status_decides_the_error(status, kind, code, outcome_unknown, not_started):
    refusal = error(status, {"message": "Said so"})

    assert type(refusal) is kind
    assert (refusal.code, refusal.status, refusal.message) == (code, status, "Said so")
    assert (refusal.outcome_unknown, refusal.not_started) == (outcome_unknown, not_started)


def test_every_error_says_whether_a_start_may_be_sent_again():
    assert Unreachable("x").not_started
    assert Unanswered("x").outcome_unknown
    assert not NotteError("x").outcome_unknown
    assert not NotteError("x").not_started


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"message": "First", "detail": "Second"}, "First"),
        ({"detail": "Not found"}, "Not found"),
        ({"detail": [{"msg": "one"}, {"msg": "two"}]}, "one; two"),
        ({"error": "Plainly"}, "Plainly"),
        ({"error": {"code": 5, "message": "Inside"}}, "Inside"),
        ({"status": 404, "message": None, "error": ""}, "The API answered 400 without a reason."),
        ("Just text", "Just text"),
        (b"Upstream said\n\x1b[31m no", "Upstream said [31m no"),
        (b"<html><title>502</title>", "The API answered 400 without a reason."),
        (b"", "The API answered 400 without a reason."),
        ([1, 2], "The API answered 400 without a reason."),
        ({"message": "x" * 5000}, "x" * 500),
    ],
)
def test_message_is_found_in_every_shape(body, message):
    assert error(400, body).message == message


def test_redirect_points_to_the_base_url():
    assert "base URL" in error(308, b"").message


@pytest.mark.parametrize(
    "body",
    [
        {"detail": [REASON]},
        {"message": "Validation error", "detail": [REASON]},
        {"message": "Validation error", "detail": REASON},
        {"error": {"code": "invalid", "details": [REASON]}},
        {"errors": [REASON]},
        [REASON],
        {"message": json.dumps([REASON])},
        {"message": f"Validation failed: {[REASON]!r}"},
        {"message": "x", "detail": [REASON, 5, None, {"msg": 3}]},
    ],
)
def test_reasons_are_found_in_every_shape_without_the_input(body):
    refusal = error(422, body)

    assert refusal.detail == [EXTRA]
    assert SECRET not in f"{refusal.message} {refusal.raw} {refusal.detail}"


@pytest.mark.parametrize("body", [{"message": PYDANTIC_TEXT}, {"detail": PYDANTIC_TEXT}, PYDANTIC_TEXT, {"error": PYDANTIC_TEXT}])
def test_reasons_are_found_in_what_pydantic_wrote(body):
    refusal = error(422, body)

    assert refusal.detail == [
        Detail(("proxies", 0, "external", "server"), "Field required", "missing"),
        Detail(("auth_ids",), "Extra inputs are not permitted", "extra_forbidden"),
    ]
    assert SECRET not in f"{refusal.message} {refusal.raw}"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"5",
        b"null",
        b'{"detail": {"deep": [[[{"loc": 5}]]]}}',
        b"[{" * 3000,
        b'{"message": "[{' + b"(" * 9000 + b'"}',
    ],
)
def test_422_without_reasons_is_invalid_all_the_same(body):
    refusal = error(422, body)

    assert isinstance(refusal, Invalid)
    assert refusal.detail == []


def test_reasons_are_bounded():
    refusal = error(422, {"detail": [{"loc": ["x"], "msg": "m" * 5000, "type": "t"}] * 500})

    assert len(refusal.detail) == 200
    assert len(refusal.detail[0].msg) == 500
    assert len(refusal.raw) == 64 * 1024


@pytest.mark.parametrize(
    "body",
    [
        {"message": f"broken [{{'loc': ['x'], 'input': '{SECRET}"},
        {"message": f"Input is wrong [type=missing, input_value='{SECRET}"},
        f"plain [type=missing, input_value='{SECRET}', input_type=str]".encode(),
        f'broken {{"detail": [{{"input": "{SECRET}"}}'.encode(),
    ],
)
def test_input_is_cut_away_where_it_cannot_be_told_from_the_rest(body):
    refusal = error(422, body)

    assert SECRET not in f"{refusal.message} {refusal.raw}"


@pytest.mark.parametrize("status", [400, 401, 422, 429, 500, 503])
def test_key_is_in_no_part_of_an_error(status):
    echoed = {
        "message": f"bad key {KEY}",
        "detail": [{"loc": [KEY], "msg": KEY, "type": KEY}],
        KEY: "key%2Fwith%2Bsigns%25and%3Dmore-1234567890",
    }
    refusal = error(status, echoed)

    assert refusal.message == f"bad key {KEY_MARK}"
    assert not CONNECTION.carries_key(f"{refusal!r} {refusal.raw} {vars(refusal)}")


NOW = datetime(2026, 5, 20, 9, 15, tzinfo=UTC)
DATE = format_datetime(NOW, usegmt=True)


def moment(seconds):
    return str(int(NOW.timestamp()) + seconds)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x_ratelimit_reset": moment(17), "date": DATE}, 17),
        ({"x_ratelimit_reset": moment(17) + "000", "date": DATE}, 17),
        ({"x_ratelimit_reset": moment(-60), "date": DATE}, 1),
        ({"x_ratelimit_reset": moment(9000), "date": DATE}, 120),
        ({"x_ratelimit_reset": "25", "date": DATE}, 25),
        ({"retry_after": "20", "date": DATE}, 20),
        ({"retry_after": "20", "x_ratelimit_reset": moment(5), "date": DATE}, 20),
        ({"retry_after": format_datetime(NOW + timedelta(seconds=40), usegmt=True), "date": DATE}, 40),
        ({"retry_after": "soon", "x_ratelimit_reset": "NaN"}, 60),
        ({"retry_after": "-5"}, 60),
        ({"retry_after": "9" * 400}, 60),
        ({}, 60),
    ],
)
def test_rate_limit_waits_as_long_as_the_server_says_on_its_own_clock(headers, seconds):
    assert error(429, {}, **headers).retry_after == seconds


def test_rate_limit_without_a_date_is_measured_on_our_clock():
    reset = str(int(datetime.now(UTC).timestamp()) + 50)
    assert 48 <= error(429, {}, x_ratelimit_reset=reset).retry_after <= 50


@pytest.mark.parametrize(
    ("headers", "seconds"), [({}, 30), ({"retry_after": "7"}, 7), ({"x_ratelimit_reset": moment(90), "date": DATE}, 30)]
)
@pytest.mark.parametrize("status", [503, 529])
def test_overload_waits_for_capacity_not_for_the_rate_window(status, headers, seconds):
    assert error(status, {}, **headers).retry_after == seconds
