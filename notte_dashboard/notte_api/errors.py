"""What can go wrong between us and the API.

NotteError
├── Unreachable       nothing was sent: connect, DNS or TLS failed
├── Unanswered        sent, then a timeout or a cut: it may have happened
├── BadAnswer         a 2xx (or a redirect) that cannot be read: it may have happened
├── Refused           4xx
│   ├── Unauthorized  401, 403
│   ├── NotFound      404, 410
│   ├── Invalid       422, with the reasons per field
│   └── RateLimited   429, with the seconds to wait
├── Overloaded        529, 503, with the seconds to wait
└── ServerFailed      any other 5xx: it may have happened

Messages and raw samples never hold the API key, nor the input that a 422 echoes.
"""

# ruff: noqa: N818 - the tree reads as sentences: "the API is Unreachable"

from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

MESSAGE_LENGTH = 500
RAW_LENGTH = 64 * 1024
PROVIDER_FULL = 529


@dataclass(frozen=True)
class Detail:
    """One reason of a 422: which field, in words, and pydantic's name of the rule."""

    loc: tuple[str | int, ...]
    msg: str
    type: str = ""


class NotteError(Exception):
    code: ClassVar[str] = "notte"

    def __init__(self, message: str, *, status: int | None = None, raw: str = "") -> None:
        self.message = message[:MESSAGE_LENGTH]
        self.status = status
        self.raw = raw[:RAW_LENGTH]
        super().__init__(self.message)

    @property
    def outcome_unknown(self) -> bool:
        """Whether what was asked for may have happened all the same."""
        return False

    @property
    def not_started(self) -> bool:
        """Whether it surely did not happen and may be asked for again later."""
        return False


class Unreachable(NotteError):
    code = "unreachable"

    @property
    def not_started(self) -> bool:
        return True


class Unanswered(NotteError):
    code = "unanswered"

    @property
    def outcome_unknown(self) -> bool:
        return True


class BadAnswer(NotteError):
    code = "bad_answer"

    @property
    def outcome_unknown(self) -> bool:
        return True


class Refused(NotteError):
    code = "refused"

    @property
    def outcome_unknown(self) -> bool:
        return self.status == HTTPStatus.REQUEST_TIMEOUT


class Unauthorized(Refused):
    code = "unauthorized"


class NotFound(Refused):
    code = "not_found"


class Invalid(Refused):
    code = "invalid"

    def __init__(self, message: str, *, status: int | None = None, raw: str = "", detail: list[Detail] | None = None) -> None:
        super().__init__(message, status=status, raw=raw)
        self.detail = detail or []


class RateLimited(Refused):
    code = "rate_limited"

    def __init__(self, message: str, *, status: int | None = None, raw: str = "", retry_after: float = 60.0) -> None:
        super().__init__(message, status=status, raw=raw)
        self.retry_after = retry_after

    @property
    def not_started(self) -> bool:
        return True


class Overloaded(NotteError):
    code = "overloaded"

    def __init__(self, message: str, *, status: int | None = None, raw: str = "", retry_after: float = 30.0) -> None:
        super().__init__(message, status=status, raw=raw)
        self.retry_after = retry_after

    @property
    def outcome_unknown(self) -> bool:
        """529 is the provider saying no; a 503 may come from a gateway whose backend did the work."""
        return self.status == HTTPStatus.SERVICE_UNAVAILABLE

    @property
    def not_started(self) -> bool:
        return not self.outcome_unknown


class ServerFailed(NotteError):
    code = "server_failed"

    @property
    def outcome_unknown(self) -> bool:
        return True
