"""Field types for answers: a value of an unexpected kind reads as None, never as an error."""

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainValidator, TypeAdapter, ValidationError

ID_LENGTH = 255
BIGGEST = 2**63 - 1
MILLISECONDS_FROM = 100_000_000_000

_DURATION = TypeAdapter(timedelta)


def read_id(value: Any) -> str:
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not 0 < len(text) <= ID_LENGTH:
        raise ValueError("not an id")
    return text


def read_text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def read_status(value: Any) -> str:
    return value if isinstance(value, str) and value else "unknown"


def read_flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def read_whole(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return None
    return int(value) if -BIGGEST <= value <= BIGGEST else None


def read_moment(value: Any) -> datetime | None:
    """Without a zone it is UTC."""
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value.strip())
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000 if abs(value) >= MILLISECONDS_FROM else value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def read_duration(value: Any) -> timedelta | None:
    """ISO 8601 with fractions, clock style, or seconds as a number or its digits."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return _DURATION.validate_python(value)
    except ValidationError:
        return _seconds(value) if isinstance(value, str) else None


def _seconds(digits: str) -> timedelta | None:
    try:
        return timedelta(seconds=float(digits))
    except (ValueError, OverflowError):
        return None


def read_answer(value: Any) -> str | None:
    """Agents answer text; with a response format some APIs answer the object itself."""
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def read_records(value: Any) -> list[dict[str, Any]]:
    """Positions are kept: an entry that is not an object is wrapped, because steps are known by their position."""
    return [item if isinstance(item, dict) else {"value": item} for item in value] if isinstance(value, list) else []


def read_texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


Id = Annotated[str, BeforeValidator(read_id)]
Status = Annotated[str, BeforeValidator(read_status)]
Text = Annotated[str | None, BeforeValidator(read_text)]
Flag = Annotated[bool | None, BeforeValidator(read_flag)]
Whole = Annotated[int | None, BeforeValidator(read_whole)]
Moment = Annotated[datetime | None, BeforeValidator(read_moment)]
Duration = Annotated[timedelta | None, BeforeValidator(read_duration)]
AnswerText = Annotated[str | None, BeforeValidator(read_answer)]
Records = Annotated[list[dict[str, Any]], PlainValidator(read_records)]
Texts = Annotated[list[str], PlainValidator(read_texts)]
