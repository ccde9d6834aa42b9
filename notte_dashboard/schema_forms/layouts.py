"""How the forms are arranged. Hints only: a field without one still shows, and a hint without a field is passed over."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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


@dataclass(frozen=True, eq=False)
class Layout:
    basic: tuple[Group, ...]
    advanced: tuple[Group, ...] = ()
    hints: Mapping[str, Hint] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    """Where secrets are, names joined by ".": "[]" any entry, "*" any key, "**" every leaf; "?" last: if it holds credentials."""


NO_HINT = Hint()

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
            placeholder='true\n\nor one of your own:\n[{"type": "external", "server": "http://host:port", "password": "…"}]',
            rows=6,
        ),
        "extra_http_headers": Hint(placeholder='{"Accept-Language": "en"}'),
        "chrome_args": Hint(placeholder="--lang=en-GB\n--mute-audio"),
        "cdp_url": Hint(placeholder="wss://", inputmode="url"),
        "use_file_storage": Hint(label="File storage"),
    },
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
            placeholder='{"type": "object", "properties": {"price": {"type": "number"}}, "required": ["price"]}', rows=8
        ),
        "notifier_config": Hint(placeholder='{"kind": "…"}'),
    },
    secrets=("notifier_config.**", "url?"),
)
