"""What an API says may be odd; a value that a column can't hold must not cost the rest of the answer."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations

from notte_dashboard.notte_api.reading import storable as text
from notte_dashboard.runs.models import Run

LONGEST = timedelta(days=36500)


def storable(model: type[Run], columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns with numbers, times and durations out of range as None and texts cut to the column's length."""
    fields = model._meta  # noqa: SLF001 - Django's documented way to a field
    return {name: _fitting(fields.get_field(name), value) for name, value in columns.items()}


def _fitting(field: Any, value: Any) -> Any:
    if isinstance(field, models.IntegerField) and isinstance(value, int):
        least, most = BaseDatabaseOperations.integer_field_ranges[field.get_internal_type()]
        return value if least <= value <= most else None
    if isinstance(field, models.CharField) and isinstance(value, str):
        return value[: field.max_length]
    if isinstance(value, timedelta):
        return value if abs(value) <= LONGEST else None
    return _in_utc(value) if isinstance(value, datetime) else value


def clean(value: Any) -> Any:
    """A copy of a JSON value without what no database keeps: NUL, half surrogate pairs, numbers that are none."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {text(str(name)): clean(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [clean(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, bool | int | float) else text(str(value))


def _in_utc(moment: datetime) -> datetime | None:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None
