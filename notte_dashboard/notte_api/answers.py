"""What the API answers, read tolerantly: only ids are required, unknown fields are kept, odd values become None."""

from dataclasses import dataclass
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import BadAnswer
from notte_dashboard.notte_api.reading import clean, parse, sample
from notte_dashboard.notte_api.tolerant import AnswerText, Duration, Flag, Id, Moment, Records, Status, Text, Texts, Whole


def digest_of(body: bytes) -> str:
    """Only tells an answer from the one before it, within one process: Python's own keyed hash takes a fifth of a SHA's time."""
    return f"{len(body)}-{hash(body):x}"


@dataclass(frozen=True)
class _Reading:
    raw: dict[str, Any]
    digest: str
    dropped_urls: list[str]


class Answer(BaseModel):
    """A model dump leaves out `raw`, `digest` and `dropped_urls`, which are about the answer; `repr` leaves out tokens."""

    model_config = ConfigDict(extra="allow")

    _raw: dict[str, Any] = PrivateAttr(default_factory=dict)
    _digest: str = PrivateAttr(default="")
    _dropped_urls: list[str] = PrivateAttr(default_factory=list)

    @property
    def raw(self) -> dict[str, Any]:
        return self._raw

    @property
    def digest(self) -> str:
        return self._digest

    @property
    def dropped_urls(self) -> list[str]:
        """Names of the URLs that carried the API key and were set to None, here and in `raw`."""
        return self._dropped_urls

    def model_post_init(self, context: Any, /) -> None:
        if isinstance(context, _Reading):
            self._raw, self._digest, self._dropped_urls = context.raw, context.digest, context.dropped_urls

    @classmethod
    def from_body(cls, body: bytes, connection: Connection) -> Self:
        parsed = parse(body, connection)
        if not isinstance(parsed.value, dict):
            raise BadAnswer("The answer is not a JSON object.", raw=sample(body, connection))
        try:
            return cls.from_parsed(parsed.value, connection, plain=parsed.plain, digest=digest_of(body))
        except ValidationError as error:
            missing = ", ".join(str(part) for reason in error.errors() for part in reason["loc"])
            raise BadAnswer(f"The answer lacks {missing}.", raw=sample(body, connection)) from None

    @classmethod
    def from_parsed(cls, value: dict[str, Any], connection: Connection, *, plain: bool, digest: str = "") -> Self:
        raw, dropped_urls = (value, []) if plain else clean(value, connection)
        return cls.model_validate(raw, context=_Reading(raw, digest, dropped_urls))


class SessionAnswer(Answer):
    session_id: Id
    status: Status = "unknown"
    idle_timeout_minutes: Whole = None
    max_duration_minutes: Whole = None
    timeout_minutes: Whole = None
    created_at: Moment = None
    closed_at: Moment = None
    last_accessed_at: Moment = None
    duration: Duration = None
    steps: Records = Field(default_factory=list)
    error: Text = None
    proxies: Flag = None
    browser_type: Text = None
    use_file_storage: Flag = None
    network_request_bytes: Whole = None
    network_response_bytes: Whole = None
    user_agent: Text = None
    viewport_width: Whole = None
    viewport_height: Whole = None
    headless: Flag = None
    solve_captchas: Flag = None
    cdp_url: Text = Field(default=None, repr=False)
    viewer_url: Text = Field(default=None, repr=False)
    web_bot_auth: Flag = None

    @model_validator(mode="after")
    def _timeout_is_the_idle_timeout(self) -> Self:
        """`timeout_minutes` is the older name of the same value."""
        if self.idle_timeout_minutes is None:
            self.idle_timeout_minutes = self.timeout_minutes
        if self.timeout_minutes is None:
            self.timeout_minutes = self.idle_timeout_minutes
        return self


class AgentAnswer(Answer):
    """`task`, `url`, `success`, `answer` and `steps` come with status and stop, not with start and lists."""

    agent_id: Id
    session_id: Text = None
    status: Status = "unknown"
    created_at: Moment = None
    closed_at: Moment = None
    saved: Flag = None
    task: Text = None
    url: Text = None
    success: Flag = None
    answer: AnswerText = None
    steps: Records = Field(default_factory=list)


class DebugSockets(BaseModel):
    cdp: Text = None
    recording: Text = None
    logs: Text = None


def _sockets(value: Any) -> DebugSockets:
    return DebugSockets.model_validate(value if isinstance(value, dict) else {})


class SessionDebug(Answer):
    """Its addresses carry tokens: for one use, never stored."""

    debug_url: Text = Field(default=None, repr=False)
    ws: Annotated[DebugSockets, BeforeValidator(_sockets)] = Field(default_factory=DebugSockets, repr=False)
    tabs: Records = Field(default_factory=list, repr=False)


class HealthAnswer(Answer):
    status: Status = "unknown"
    version: Text = None
    description: Text = None


class VaultAnswer(Answer):
    vault_id: Id
    name: Text = None
    created_at: Moment = None
    for_persona: Flag = None


class PersonaAnswer(Answer):
    persona_id: Id
    status: Status = "unknown"
    first_name: Text = None
    last_name: Text = None
    email: Text = None
    vault_id: Text = None
    phone_number: Text = None

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part) or self.email or ""


class ProfileAnswer(Answer):
    profile_id: Id
    name: Text = None
    created_at: Moment = None
    updated_at: Moment = None
    persisted_domains: Texts = Field(default_factory=list)


Item = TypeVar("Item", bound=Answer)


class Page(BaseModel, Generic[Item]):
    """`skipped` counts the entries without an id."""

    items: list[Item]
    page: int = 1
    page_size: int = 0
    has_next: bool = False
    has_previous: bool = False
    skipped: int = 0


def read_document(body: bytes, connection: Connection) -> dict[str, Any]:
    """A JSON object as it is, less the API key."""
    parsed = parse(body, connection)
    if not isinstance(parsed.value, dict):
        raise BadAnswer("The answer is not a JSON object.", raw=sample(body, connection))
    document: dict[str, Any] = parsed.value if parsed.plain else clean(parsed.value, connection)[0]
    return document


def read_page(body: bytes, connection: Connection, kind: type[Item], *, page: int, page_size: int) -> Page[Item]:
    """An object with `items`, or a bare list."""
    parsed = parse(body, connection)
    value = parsed.value
    entries = value.get("items") if isinstance(value, dict) else value
    if not isinstance(entries, list):
        raise BadAnswer("The answer is not a list.", raw=sample(body, connection))
    around = value if isinstance(value, dict) else {}
    items = [item for entry in entries if (item := _entry(kind, entry, connection, plain=parsed.plain)) is not None]
    return Page[Item].model_construct(
        items=items,
        page=page,
        page_size=page_size,
        has_next=around.get("has_next") is True,
        has_previous=around.get("has_previous") is True,
        skipped=len(entries) - len(items),
    )


def _entry(kind: type[Item], value: Any, connection: Connection, *, plain: bool) -> Item | None:
    try:
        return kind.from_parsed(value, connection, plain=plain) if isinstance(value, dict) else None
    except ValidationError:
        return None
