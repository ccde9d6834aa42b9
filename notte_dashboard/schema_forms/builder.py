"""A schema's name and a layout, to a form class: one walk over the schema per process."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from notte_dashboard.notte_api.contract import version_of
from notte_dashboard.notte_api.rules import in_force
from notte_dashboard.schema_forms import answer_shape
from notte_dashboard.schema_forms.contract import contract
from notte_dashboard.schema_forms.form import SchemaForm
from notte_dashboard.schema_forms.kit import Kit
from notte_dashboard.schema_forms.layouts import Group, Hint, Layout
from notte_dashboard.schema_forms.messages import FORMATS, ContractValidator
from notte_dashboard.schema_forms.schema import SchemaWalk
from notte_dashboard.schema_forms.specs import FieldSpec, Kind

__all__ = ["SchemaForm", "build_form"]

MORE = "More"


def build_form(schema_name: str, layout: Layout, *, document: dict[str, Any] | None = None) -> type[SchemaForm]:
    """The form of `components/schemas/<schema_name>`; cached, unless it is of another document than the vendored contract."""
    return _built(schema_name, layout) if document is None else _build(schema_name, layout, document)


@cache
def _built(schema_name: str, layout: Layout) -> type[SchemaForm]:
    return _build(schema_name, layout, contract())


def _build(schema_name: str, layout: Layout, document: dict[str, Any]) -> type[SchemaForm]:
    walk = SchemaWalk(document, schema_name)
    specs = tuple(_hinted(spec, layout.hint(spec), walk) for spec in walk.specs())
    layout = replace(layout, hints={**_builder_hints(specs), **layout.hints})
    basic, advanced = _groups(layout, specs)
    members: dict[str, Any] = {
        "__module__": __name__,
        "schema_name": schema_name,
        "specs": specs,
        "layout": layout,
        "kit": Kit(specs, layout),
        "rules": in_force(schema_name, version_of(document)),
        "validator": ContractValidator(walk.body_schema(), format_checker=FORMATS),
        "basic_groups": basic,
        "advanced_groups": advanced,
        "drawn": {},
    }
    return type(f"{schema_name}Form", (SchemaForm,), members)


def _hinted(spec: FieldSpec, hint: Hint, walk: SchemaWalk) -> FieldSpec:
    """What people know of a property that the contract leaves open: as long as it does leave it open."""
    if hint.json_schema and spec.kind is Kind.JSON:
        return replace(spec, kind=Kind.JSON_SCHEMA, item=walk.spec(spec.path, answer_shape.BUILDER))
    if hint.known and spec.kind is Kind.JSON and spec.schema.get("type") == "object":
        known = walk.spec(spec.path, {"oneOf": list(hint.known)})
        return replace(spec, kind=Kind.VARIANTS, tag=known.tag, members=known.members, open_ended=True)
    return spec


def _builder_hints(specs: tuple[FieldSpec, ...]) -> dict[str, Hint]:
    names = [spec.name for spec in specs if spec.kind is Kind.JSON_SCHEMA]
    return {f"{name}-[]-{part}": hint for name in names for part, hint in answer_shape.BUILDER_HINTS.items()}


def _groups(layout: Layout, specs: tuple[FieldSpec, ...]) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """The layout's groups of what the contract has; what it has beyond them goes under More, in sight where it is required."""
    named = {name for _, names in (*layout.basic, *layout.advanced) for name in names}
    present = {spec.key for spec in specs}
    required = tuple(spec.key for spec in specs if spec.key not in named and spec.required)
    optional = tuple(spec.key for spec in specs if spec.key not in named and not spec.required)
    basic = _kept((*layout.basic, (MORE, required)), present)
    return tuple(basic), tuple(_kept((*layout.advanced, (MORE, optional)), present))


def _kept(groups: tuple[Group, ...], present: set[str]) -> Iterator[Group]:
    for title, names in groups:
        if kept := tuple(name for name in names if name in present):
            yield title, kept
