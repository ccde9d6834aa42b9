"""How values look on a page. Everything that comes from outside is escaped here or by the template engine."""

import json
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.forms import BoundField, CheckboxInput, Select, Widget
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

NOTHING = "—"
SHOWN_TEXT = 4000
SHOWN_JSON = 20_000
SECONDS_PER_MINUTE = 60
SECONDS_PER_HOUR = 3600
KILO = 1000


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite; decoration only, the text beside it says the same. A page has dozens, each the same every time."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#i-{}"></use></svg>',
        css,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def moment(value: datetime | None, css: str = "") -> SafeString | str:
    """A time that the browser turns into "3 min ago"; without scripts it reads as the full date."""
    if value is None:
        return NOTHING
    at = value.astimezone(timezone.get_current_timezone())
    shown = f"{at:%d %b %Y, %H:%M:%S %Z}"
    return format_html('<time class="{}" datetime="{}" title="{}" data-relative>{}</time>', css, at.isoformat(), shown, shown)


@register.simple_tag
def clock(value: datetime) -> SafeString:
    """The time of day, which the browser turns into the reader's own."""
    at = value.astimezone(timezone.get_current_timezone())
    return format_html('<time class="clock" datetime="{}" data-clock>{}</time>', at.isoformat(), f"{at:%H:%M:%S}")


@register.simple_tag
def countdown(until: datetime | None) -> SafeString | str:
    """Counts down in the browser's own time, corrected by the server's clock, which travels along."""
    if until is None:
        return NOTHING
    return format_html(
        '<count-down data-until="{}" data-now="{}">until {}</count-down>',
        int(until.timestamp() * KILO),
        int(timezone.now().timestamp() * KILO),
        f"{until:%H:%M:%S %Z}",
    )


@register.filter
def duration(value: timedelta | None) -> str:
    """Two units at most: 0.42 s, 12.3 s, 4 min 05 s, 2 h 03 min."""
    if value is None:
        return NOTHING
    seconds = max(value.total_seconds(), 0)
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < SECONDS_PER_MINUTE:
        return f"{seconds:.1f} s"
    if seconds < SECONDS_PER_HOUR:
        return f"{int(seconds // SECONDS_PER_MINUTE)} min {int(seconds % SECONDS_PER_MINUTE):02} s"
    return f"{int(seconds // SECONDS_PER_HOUR)} h {int(seconds % SECONDS_PER_HOUR // SECONDS_PER_MINUTE):02} min"


@register.filter
def amount(value: int | None) -> str:
    """Bytes in the units of network tools (powers of 1000)."""
    if value is None:
        return NOTHING
    size = float(value)
    for unit in ("B", "kB", "MB", "GB"):
        if size < KILO:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= KILO
    return f"{size:.1f} TB"


@register.filter
def pretty_json(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN_JSON else f"{text[:SHOWN_JSON]}\n… {len(text) - SHOWN_JSON} more characters"


@register.filter
def short_id(value: Any) -> str:
    return str(value)[:8]


@register.filter
def place(url: str) -> str:
    """A URL as people read it: host and path, without scheme, query and a lonely slash."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.netloc}{parts.path.rstrip('/')}" if parts.netloc else url


@register.filter
def fact(value: Any) -> Any:
    """A value of any kind for a definition list."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, timedelta):
        return duration(value)
    if isinstance(value, dict | list):
        return format_html('<pre class="code">{}</pre>', pretty_json(value))
    return bounded(value) if isinstance(value, str) else value


def bounded(text: str) -> str:
    """Browsers take seconds to lay out one word of many thousand letters."""
    return text if len(text) <= SHOWN_TEXT else f"{text[:SHOWN_TEXT]}… {len(text) - SHOWN_TEXT} more characters"


@register.filter
def control(field: BoundField, placeholder: str = "") -> SafeString:
    """The widget with the classes of the kit, where it has none; `aria-describedby` and `aria-invalid` come from Django."""
    widget = field.field.widget
    given = str(widget.attrs.get("class", ""))
    kit = "" if "form-" in given else kit_class(widget)
    wrong = "is-invalid" if field.errors else ""
    attrs: dict[str, Any] = {"class": " ".join(filter(None, (given, kit, wrong)))}
    return field.as_widget(attrs=attrs | ({"placeholder": placeholder} if placeholder else {}))


def kit_class(widget: Widget) -> str:
    if isinstance(widget, CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, Select) else "form-control"


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)
