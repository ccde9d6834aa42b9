"""Tabler (Bootstrap 5) controls that give back exactly what was typed, whatever it was."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)


class AreaInput(forms.Textarea):
    def __init__(self, *, rows: int, **attrs: Any) -> None:
        super().__init__({"class": "form-control", "rows": rows, **attrs})


class JsonInput(AreaInput):
    def __init__(self, *, rows: int, **attrs: Any) -> None:
        code = {"class": "form-control font-monospace", "spellcheck": "false", "autocomplete": "off", "autocapitalize": "off"}
        super().__init__(rows=rows, **{**code, "data-json": "", **attrs})


class LineInput(forms.TextInput):
    """Text with line breaks in it is drawn as an area: a browser would drop them from a single line."""

    def __init__(self, *, suggestions: Iterable[str] = (), **attrs: Any) -> None:
        super().__init__({"class": "form-control", "autocomplete": "off", **attrs})
        self.suggestions = tuple(suggestions)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        merged = self.build_attrs(self.attrs, attrs)
        if "\n" in str(value or ""):
            return forms.Textarea().render(name, value, {**merged, "rows": 3}, renderer)
        if not self.suggestions:
            return super().render(name, value, attrs, renderer)
        listed = f"{merged.get('id', name)}_options"
        control = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((value,) for value in self.suggestions))
        return format_html('{}<datalist id="{}">{}</datalist>', control, listed, options)


class NumberLine(forms.NumberInput):
    """Drawn as text while it holds something else: a browser empties a number control that it cannot read."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__({"class": "form-control", "autocomplete": "off", **attrs})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if value and not NUMBER.fullmatch(str(value)):
            context["widget"]["type"] = "text"
            context["widget"]["attrs"]["inputmode"] = "numeric"
        return context


class SelectInput(forms.Select):
    """A value that is not (or no longer) among the choices stays selected, and says so."""

    def __init__(self, choices: Iterable[tuple[str, str]], **attrs: Any) -> None:
        super().__init__({"class": "form-select", **attrs}, choices)

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        groups = super().optgroups(name, value, attrs)
        known = {str(key) for key, _ in self.choices}
        for typed in value:
            if typed and typed not in known:
                index = len(groups)
                foreign = self.create_option(name, typed, f"{typed} (not a choice)", selected=True, index=index, attrs=attrs)
                groups.append((None, [foreign], index))
        return groups
