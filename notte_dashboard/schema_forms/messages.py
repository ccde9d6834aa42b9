"""A validator's errors as (place, sentence) for people. Sentences speak of the rule, never of the value that broke it."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import validate_email
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from notte_dashboard.schema_forms.unions import tags_by_reference

REQUIRED = "This field is required."
UNKNOWN_KEY = "The contract has no such field."
MOST_LISTED = 12
RFC_3339 = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})")
FORMATS = FormatChecker(formats=())


class Flaw(NamedTuple):
    path: tuple[str | int, ...]
    sentence: str


def flaws(validator: Validator, instance: Any) -> list[Flaw]:
    """What is wrong, each thing once, in the order of the schema's rules."""
    found = (flaw for error in validator.iter_errors(instance) for flaw in _sharpened(error))
    return list(dict.fromkeys(found))


def _tagged(validator: Validator, discriminator: Any, instance: Any, schema: Mapping[str, Any]) -> Iterator[ValidationError]:
    """JSON Schema lets the tag of a union be left out where it has a default, and knows nothing of a tag that only the
    discriminator's mapping ties to its member; the service's own models go by the tag.
    """
    tag = discriminator.get("propertyName") if isinstance(discriminator, Mapping) else None
    if not tag or not isinstance(instance, dict):
        return
    if tag not in instance:
        yield ValidationError(REQUIRED, validator="required", validator_value=[tag], instance=instance)
    elif (meant := _member_of(schema, instance)) is not None:
        yield from validator.descend(instance, meant)  # type: ignore[attr-defined]  # its stub leaves descend out


def _member_of(schema: Mapping[str, Any], instance: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The member that the discriminator's mapping names for this tag."""
    discriminator = schema.get("discriminator")
    tag = instance.get(discriminator["propertyName"]) if isinstance(discriminator, Mapping) else None
    members = schema.get("oneOf") or schema.get("anyOf") or ()
    for reference, tags in tags_by_reference(discriminator).items():
        if any(tag == known and type(tag) is type(known) for known in tags):
            return next((member for member in members if isinstance(member, Mapping) and member.get("$ref") == reference), None)
    return None


ContractValidator: type[Validator] = extend(Draft202012Validator, {"discriminator": _tagged})  # type: ignore[no-untyped-call]  # untyped in the library


def _sharpened(error: ValidationError) -> Iterator[Flaw]:
    path, rule, value = tuple(error.absolute_path), str(error.validator), _plain(error.validator_value)
    instance, schema = _plain(error.instance), _plain(error.schema)
    if rule in {"anyOf", "oneOf"}:
        yield from _of_union(error, path)
    elif rule == "required":
        yield from (Flaw((*path, name), REQUIRED) for name in value if name not in instance)
    elif rule == "additionalProperties" and value is False:
        yield from (Flaw((*path, key), UNKNOWN_KEY) for key in instance if key not in schema.get("properties", {}))
    else:
        yield Flaw(path, _sentence(rule, value))


def _plain(value: Any) -> Any:
    """The library types these as perhaps unset; in an error that a validator raised they never are."""
    return value


def _of_union(error: ValidationError, path: tuple[str | int, ...]) -> Iterator[Flaw]:
    """Speaks of the member that was meant: the one of the right type and the right tag, if there is just one."""
    members: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        members.setdefault(inner.relative_schema_path[0], []).append(inner)
    meant = [errors for errors in members.values() if not any(map(_is_of_another_kind, errors))]
    if len(meant) == 1:
        for inner in meant[0]:
            yield from _sharpened(inner)
        return
    types = [inner.validator_value for inner in error.context or () if inner.validator == "type" and not inner.relative_path]
    if not meant and types and len(types) == len(members):
        yield Flaw(path, f"Expected {_types(types)}.")
    else:
        yield Flaw(path, "This fits none of the forms that the contract accepts.")


def _is_of_another_kind(error: ValidationError) -> bool:
    if error.validator == "const":
        return len(error.relative_path) == 1
    return error.validator == "type" and not error.relative_path


def _types(names: Iterable[Any]) -> str:
    words = {"object": "an object", "array": "a list", "integer": "a whole number", "boolean": "true or false", "null": "null"}
    flat = [name for given in names for name in ([given] if isinstance(given, str) else given)]
    return " or ".join(dict.fromkeys(words.get(name, f"a {name}") for name in flat))


def _listed(values: Sequence[Any]) -> str:
    if len(values) > MOST_LISTED:
        return "This is not one of the values that the contract accepts."
    return f"Must be one of: {', '.join(value if isinstance(value, str) else json.dumps(value) for value in values)}."


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


SENTENCES: dict[str, Callable[[Any], str]] = {
    "type": lambda names: f"Expected {_types([names])}.",
    "enum": _listed,
    "const": lambda value: f"Must be {json.dumps(value)}.",
    "minimum": lambda bound: f"Must be at least {bound}.",
    "maximum": lambda bound: f"Must be at most {bound}.",
    "exclusiveMinimum": lambda bound: f"Must be more than {bound}.",
    "exclusiveMaximum": lambda bound: f"Must be less than {bound}.",
    "multipleOf": lambda step: f"Must be a multiple of {step}.",
    "minLength": lambda length: f"At least {_counted(length, 'character', 'characters')}.",
    "maxLength": lambda length: f"At most {_counted(length, 'character', 'characters')}.",
    "pattern": lambda pattern: f"Must have the form {pattern[:200]}",
    "format": lambda name: f"This is not a valid {name}.",
    "minItems": lambda count: f"At least {_counted(count, 'entry', 'entries')}.",
    "maxItems": lambda count: f"At most {_counted(count, 'entry', 'entries')}.",
    "uniqueItems": lambda _: "Every entry may occur only once.",
    "minProperties": lambda count: f"At least {_counted(count, 'key', 'keys')}.",
    "maxProperties": lambda count: f"At most {_counted(count, 'key', 'keys')}.",
}


def _sentence(keyword: str, value: Any) -> str:
    if keyword in SENTENCES:
        return SENTENCES[keyword](value)
    return f"The contract does not accept this ({keyword})."


@FORMATS.checks("date-time")
def _is_date_time(value: object) -> bool:
    if not isinstance(value, str):
        return True
    if not RFC_3339.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value.upper())
    except ValueError:
        return False
    return True


@FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path)) and not any(character.isspace() for character in value)


@FORMATS.checks("email")
def _is_email(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        validate_email(value)
    except DjangoValidationError:
        return False
    return True
