"""How the forms are arranged. Hints only: a field without one still shows, and a hint without a field is passed over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from notte_dashboard.schema_forms.known_objects import NOTIFIERS
from notte_dashboard.schema_forms.specs import FieldSpec

Group = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Hint:
    label: str = ""
    help: str = ""
    placeholder: str = ""
    inputmode: str = ""
    rows: int = 0
    """Above zero, a string is an area of so many lines."""
    max_length: int = 0
    autofocus: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    """What choices are called, by the text that a browser sends for them."""
    names: str = ""
    """Whose names the choices are shown by: "countries"."""
    entry: str = ""
    """What one entry of a list is called."""
    known: tuple[Mapping[str, Any], ...] = ()
    """Schemas of objects that are meant where the contract says just "object"; their first property tells them apart."""
    tick: bool = False
    """A box to tick, which sends true or false in any case."""
    initial: str = ""
    """What a new row has here."""
    json_schema: bool = False
    """The value is itself a JSON Schema."""


@dataclass(frozen=True)
class Presets:
    """A select before the first of these fields, which fills in all of them."""

    label: str
    fields: tuple[str, ...]
    options: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Exclusion:
    """What cannot be sent together. Only said here, to be seen in time: the rules decide."""

    fields: tuple[str, ...]
    others: tuple[str, ...]
    because: str


NO_HINT = Hint()


@dataclass(frozen=True, eq=False)
class Layout:
    basic: tuple[Group, ...]
    advanced: tuple[Group, ...] = ()
    hints: Mapping[str, Hint] = field(default_factory=dict)
    presets: tuple[Presets, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    secrets: tuple[str, ...] = ()
    """Where secrets are, names joined by ".": "[]" any entry, "*" any key, "**" every leaf; "?" last: if it holds credentials."""

    def hint(self, spec: FieldSpec) -> Hint:
        return self.hints.get(spec.name, NO_HINT)


SCREENS = ("1280x720", "1366x768", "1440x900", "1536x864", "1920x1080", "2560x1440", "1024x768", "768x1024", "390x844")

SESSION_START = Layout(
    basic=(
        ("Browser", ("browser_type", "aspect_ratio", "viewport_width", "viewport_height")),
        ("Time limits", ("idle_timeout_minutes", "max_duration_minutes")),
    ),
    advanced=(
        ("Network", ("proxies", "extra_http_headers", "solve_captchas", "web_bot_auth")),
        ("Identity and state", ("profile", "vault_id", "user_agent", "use_file_storage")),
        ("Browser process", ("headless", "chrome_args", "cdp_url", "screenshot_type")),
    ),
    hints={
        "aspect_ratio": Hint(label="Screen shape"),
        "viewport_width": Hint(placeholder="1280"),
        "viewport_height": Hint(placeholder="720"),
        "proxies": Hint(
            entry="Proxy",
            options={"false": "No proxies", "true": "Default proxies", "list": "My own list"},
        ),
        "proxies-[]-type": Hint(label="Type", options={"notte": "Notte", "external": "External", "tailnet": "Tailnet"}),
        "proxies-[]-id": Hint(label="Proxy ID", placeholder="Any"),
        "proxies-[]-country": Hint(names="countries", placeholder="Any country; type to search"),
        "proxies-[]-server": Hint(placeholder="http://host:port", inputmode="url"),
        "proxies-[]-bypass": Hint(placeholder="localhost, .example.com"),
        "proxies-[]-oauth_client_id": Hint(label="OAuth client ID"),
        "proxies-[]-oauth_client_secret": Hint(label="OAuth client secret"),
        "extra_http_headers": Hint(entry="Header"),
        "chrome_args": Hint(entry="Argument"),
        "chrome_args-[]": Hint(placeholder="--lang=en-GB"),
        "profile-id": Hint(label="Profile ID"),
        "cdp_url": Hint(placeholder="wss://", inputmode="url"),
        "use_file_storage": Hint(label="File storage"),
    },
    presets=(
        Presets(
            "Common screens",
            ("viewport_width", "viewport_height"),
            tuple((screen.replace("x", " \u00d7 "), tuple(screen.split("x"))) for screen in SCREENS),
        ),
    ),
    exclusions=(
        Exclusion(
            ("aspect_ratio",),
            ("viewport_width", "viewport_height"),
            "A screen shape and a size of the viewport exclude each other: one of them can be sent.",
        ),
        Exclusion(
            ("cdp_url",),
            ("viewport_width", "viewport_height", "user_agent", "chrome_args"),
            "A browser reached by a CDP URL keeps its own viewport, user agent and arguments.",
        ),
    ),
    secrets=(
        "proxies.[].username",
        "proxies.[].password",
        "proxies.[].oauth_client_secret",
        "proxies.[].server?",
        "extra_http_headers.*",
        "cdp_url",
        "chrome_args.[]?",
    ),
)

AGENT_START = Layout(
    basic=(
        ("Task", ("task", "url", "session_id")),
        ("Agent", ("reasoning_model", "max_steps", "use_vision")),
    ),
    advanced=(
        ("Answer", ("response_format",)),
        ("Identity", ("vault_id", "persona_id")),
        ("Memory", ("session_offset",)),
        ("Notifications", ("notifier_config",)),
    ),
    hints={
        "task": Hint(rows=6, max_length=20_000, autofocus=True, placeholder="What should the agent find out or do?"),
        "url": Hint(label="Start URL", placeholder="https://example.com", inputmode="url"),
        "session_id": Hint(label="Session"),
        "reasoning_model": Hint(placeholder="Chosen by the service"),
        "response_format": Hint(
            json_schema=True,
            entry="Field",
            rows=10,
            placeholder='{"type": "object", "properties": {"price": {"type": "number"}}, "required": ["price"]}',
        ),
        "notifier_config": Hint(known=NOTIFIERS, placeholder='{"type": "…"}'),
        "notifier_config-type": Hint(label="Notify by"),
    },
    secrets=("notifier_config.**", "url?"),
)
