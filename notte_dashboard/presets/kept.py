"""Secrets of a preset on their way through a form that never shows them.

A form that starts from a preset has empty controls where its secrets are. What comes back empty and unchanged gets them
again on the server, just before it is read. They go with the whole of what they belong to or not at all: who changes a
proxy's server does not get its password sent there.
"""

from collections.abc import Mapping
from itertools import takewhile
from typing import Any, NamedTuple

from django.http import QueryDict

from notte_dashboard.presets.masks import replaced
from notte_dashboard.presets.models import PresetVersion
from notte_dashboard.schema_forms import labels
from notte_dashboard.schema_forms.form import SchemaForm

Typed = Mapping[str, Any]


class Kept(NamedTuple):
    data: QueryDict
    """What was typed, with the secrets that belong to it: for validating, never for drawing."""
    left: tuple[str, ...]
    """Where secrets were not put back, because what they belong to was changed."""


def places(version: PresetVersion) -> list[str]:
    """Where its secrets are, in words."""
    known = {spec.key: labels.label(spec) for spec in version.preset.form_kind.form_class().specs}
    found = _marks_in(version.request, ()) if version.has_secrets else []
    return list(dict.fromkeys(": ".join((known.get(path[0], path[0]), *path[1:])) for path in found))


def with_secrets(typed: QueryDict, version: PresetVersion) -> Kept:
    """Raises DecryptError when the key of the secrets is lost."""
    form_class = version.preset.form_kind.form_class()
    drawn = form_class(initial=version.request)
    shown: Typed = {name: drawn[name].value() for name in drawn.fields}
    whole = form_class.data_for(version.whole_request())
    bare = form_class.data_for(version.request)
    data, left = typed.copy(), []
    for group in dict.fromkeys(_group(name) for name in (*bare, *whole) if bare.get(name) != whole.get(name)):
        names = [name for name in {**shown, **whole, **typed.dict()} if _group(name) == group]
        if _is_row(group) and not any(name in typed for name in names):
            continue  # it was taken out
        if all(_same(typed.get(name), shown.get(name)) for name in names):
            for name in names:
                data.pop(name, None)
            data.update({name: text for name, text in whole.items() if _group(name) == group})
        else:
            left.append(_label(form_class, group))
    return Kept(data, tuple(dict.fromkeys(left)))


def _group(name: str) -> str:
    """What belongs together: one row of a list, or else everything under one property."""
    parts = name.split("-")
    number = next((index for index, part in enumerate(parts) if part.isdecimal()), 0)
    return "-".join(parts[: number + 1])


def _is_row(group: str) -> bool:
    return group.rpartition("-")[2].isdecimal()


def _same(typed: Any, shown: Any) -> bool:
    return str(typed or "").replace("\r\n", "\n").strip() == str(shown or "").strip()


def _label(form_class: type[SchemaForm], group: str) -> str:
    top = "".join(takewhile(lambda letter: letter != "-", group))
    return next((labels.label(spec) for spec in form_class.specs if spec.key == top), top)


def _marks_in(value: Any, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    if replaced(value, "") == "" != value:
        return [path]
    if isinstance(value, dict):
        return [found for name, inner in value.items() for found in _marks_in(inner, (*path, name))]
    if isinstance(value, list):
        return [found for index, inner in enumerate(value, 1) for found in _marks_in(inner, (*path, str(index)))]
    return []
