"""Words for people, made from the schema's own by rule: "Idle Timeout Minutes" is read as "Idle timeout (minutes)"."""

import json
from collections.abc import Mapping
from typing import Any

from notte_dashboard.schema_forms.specs import UNSET, VALUE, FieldSpec, Kind

WRITTEN_SO = {
    word.lower(): word
    for word in ("ID", "IDs", "URL", "URLs", "CDP", "HTTP", "HTTPS", "API", "IP", "JSON", "LLM", "OAuth", "OTP", "SMS", "SMTP")
}
UNITS = frozenset({"milliseconds", "ms", "seconds", "minutes", "hours", "days", "bytes", "kb", "mb", "pixels", "px", "percent"})
LONGEST_HELP = 600
LONGEST_DEFAULT = 60


def label(spec: FieldSpec) -> str:
    """A title that somebody wrote stays; one that was made from the name is made readable."""
    generated = "value" if spec.key == VALUE else spec.key.replace("_", " ").replace("-", " ")
    if spec.title and spec.title.lower() != generated.lower():
        return spec.title
    words = [WRITTEN_SO.get(word.lower(), word.lower()) for word in generated.split()] or [spec.key]
    if len(words) > 1 and words[-1] in UNITS:
        words[-1] = f"({words[-1]})"
    return words[0][:1].upper() + words[0][1:] + "".join(f" {word}" for word in words[1:])


def tag(value: Any, title: str) -> str:
    """A member of a union by its tag, with capitals as a sentence has them."""
    text = option(value).replace("_", " ").replace("-", " ")
    return text[:1].upper() + text[1:] if text else title


def option(value: Any) -> str:
    if isinstance(value, bool):
        return "On" if value else "Off"
    if value is None:
        return "None"
    return value if isinstance(value, str) else json.dumps(value)


def empty_option(spec: FieldSpec, named: Mapping[str, str] | None = None) -> str:
    """What choosing nothing means."""
    if spec.default is not UNSET:
        shown = (named or {}).get(spec.default if isinstance(spec.default, str) else json.dumps(spec.default))
        shown = shown or option(spec.default)
        return f"Default: {shown[:1].lower() + shown[1:] if isinstance(spec.default, bool) else shown}"
    return "Choose…" if spec.required else "Not set"


def help_text(spec: FieldSpec) -> str:
    description = spec.description[:LONGEST_HELP].strip()
    sentences = [description if description.endswith((".", "!", "?", ")")) or not description else f"{description}."]
    sentences.append(_bounds(spec))
    if spec.kind is Kind.JSON:
        sentences.append("JSON.")
    if spec.schema.get("deprecated") is True:
        sentences.append("Deprecated.")
    if spec.default is not UNSET and spec.kind not in {Kind.CHOICE, Kind.EITHER}:
        sentences.append(f"Default: {default_text(spec)}.")
    return " ".join(sentence for sentence in sentences if sentence)


def example(spec: FieldSpec) -> str:
    """What an empty control shows: the default, or else the schema's own example."""
    if spec.default is not UNSET:
        return default_text(spec)
    examples = spec.schema.get("examples")
    shown = examples[0] if isinstance(examples, list) and examples else spec.schema.get("example", "")
    return shown if isinstance(shown, str) else json.dumps(shown)


def default_text(spec: FieldSpec) -> str:
    text = spec.default if isinstance(spec.default, str) else json.dumps(spec.default)
    return text if len(text) <= LONGEST_DEFAULT else text[:LONGEST_DEFAULT] + "…"


def _bounds(spec: FieldSpec) -> str:
    if spec.kind not in {Kind.INTEGER, Kind.NUMBER}:
        return ""
    schema = spec.schema
    low = f"more than {schema['exclusiveMinimum']}" if "exclusiveMinimum" in schema else ""
    low = f"at least {schema['minimum']}" if "minimum" in schema else low
    high = f"less than {schema['exclusiveMaximum']}" if "exclusiveMaximum" in schema else ""
    high = f"at most {schema['maximum']}" if "maximum" in schema else high
    text = ", ".join(part for part in (low, high) if part)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
