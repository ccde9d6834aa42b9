"""Tabler (Bootstrap 5) controls that give back exactly what was typed, whatever it was.

Drawn here and not by Django's templates: a form has some fifty of them, and each template costs more than all of this.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
Attrs = dict[str, Any]


class Drawn(forms.Widget):
    """A widget that is a string, not a template."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: Attrs | None = None,
        renderer: BaseRenderer | None = None,  # noqa: ARG002 - Django's signature
    ) -> SafeString:
        return self.drawn(name, "" if value is None else str(value), self.build_attrs(self.attrs, attrs))

    def drawn(self, name: str, text: str, attrs: Attrs) -> SafeString:
        raise NotImplementedError


def area(name: str, text: str, attrs: Attrs) -> SafeString:
    """The line break after the tag is not part of the text; without it a text's own first one would be lost."""
    return format_html("<textarea{}>\n{}</textarea>", flatatt({"name": name, **attrs}), text)


def line(name: str, text: str, attrs: Attrs, kind: str) -> SafeString:
    return format_html("<input{}>", flatatt({"type": kind, "name": name, **({"value": text} if text else {}), **attrs}))


class AreaInput(Drawn):
    def __init__(self, *, rows: int, **attrs: Any) -> None:
        super().__init__({"class": "form-control", "rows": rows, **attrs})

    def drawn(self, name: str, text: str, attrs: Attrs) -> SafeString:
        return area(name, text, attrs)


class JsonInput(AreaInput):
    def __init__(self, *, rows: int, **attrs: Any) -> None:
        code = {"class": "form-control font-monospace", "spellcheck": "false", "autocomplete": "off", "autocapitalize": "off"}
        super().__init__(rows=rows, **{**code, "data-json": "", **attrs})


class LineInput(Drawn):
    """Text with line breaks in it is drawn as an area: a browser would drop them from a single line."""

    input_type = "text"

    def __init__(self, *, suggestions: Iterable[tuple[str, str]] = (), **attrs: Any) -> None:
        super().__init__({"class": "form-control", "autocomplete": "off", **attrs})
        self.suggestions = tuple(suggestions)

    def drawn(self, name: str, text: str, attrs: Attrs) -> SafeString:
        if "\n" in text:
            return area(name, text, {**attrs, "rows": 3})
        if not self.suggestions:
            return line(name, text, attrs, self.input_type)
        listed = f"{attrs.get('id', name)}_options"
        control = line(name, text, {**attrs, "list": listed}, self.input_type)
        return format_html('{}<datalist id="{}">{}</datalist>', control, listed, suggestions(self.suggestions))


class SecretInput(LineInput):
    """Hidden from whoever looks over the shoulder, until asked for."""

    input_type = "password"

    def drawn(self, name: str, text: str, attrs: Attrs) -> SafeString:
        control = super().drawn(name, text, attrs)
        button = format_html('<button type="button" class="btn secret-show" data-reveal="{}">Show</button>', attrs.get("id", ""))
        return format_html('<span class="secret">{}{}</span>', control, "" if "\n" in text else button)


class SearchInput(LineInput):
    """One of many, found by its name. The list is shared by all controls of a page that search in it."""

    def __init__(self, names: Iterable[str], **attrs: Any) -> None:
        super().__init__(**attrs)
        self.names = tuple(names)
        self.list_id = "list-" + hashlib.sha256("\n".join(self.names).encode()).hexdigest()[:8]
        self.attrs["list"] = self.list_id

    @property
    def datalist(self) -> SafeString:
        return format_html('<datalist id="{}">{}</datalist>', self.list_id, suggestions(tuple((name, "") for name in self.names)))


class NumberLine(LineInput):
    """Drawn as text while it holds something else: a browser empties a number control that it cannot read."""

    def drawn(self, name: str, text: str, attrs: Attrs) -> SafeString:
        if not text or NUMBER.fullmatch(text):
            return line(name, text, attrs, "number")
        return super().drawn(name, text, {**attrs, "inputmode": "numeric"})


class SelectInput(Drawn, forms.Select):
    """A value that is not (or no longer) among the choices stays selected, and says so."""

    def __init__(self, choices: Iterable[tuple[str, str]], panels: Mapping[str, int] | None = None, **attrs: Any) -> None:
        forms.Select.__init__(self, {"class": "form-select", **attrs}, choices)
        self.panels = panels or {}
        """Choice -> number of the panel that it opens."""

    def drawn(self, name: str, text: str, attrs: Attrs) -> SafeString:
        known = {str(key): str(label) for key, label in self.choices}
        foreign = {text: f"{text} (not a choice)"} if text and text not in known else {}
        options = [self._option(key, label, chosen=key == text) for key, label in {**known, **foreign}.items()]
        return format_html("<select{}>{}</select>", flatatt({"name": name, **attrs}), joined(options))

    def _option(self, key: str, label: str, *, chosen: bool) -> SafeString:
        panel = {"data-panel": str(self.panels[key])} if key in self.panels else {}
        return format_html("<option{}>{}</option>", flatatt({"value": key, "selected": chosen, **panel}), label)


class TickInput(Drawn, forms.CheckboxInput):
    def __init__(self, value: str, **attrs: Any) -> None:
        forms.CheckboxInput.__init__(self, {"class": "form-check-input", **attrs})
        self.value = value

    def drawn(self, name: str, text: str, attrs: Attrs) -> SafeString:
        return line(name, self.value, {**attrs, "checked": bool(text)}, "checkbox")


def joined(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(conditional_escape(part) for part in parts))  # noqa: S308 - every part is escaped


@cache
def suggestions(options: tuple[tuple[str, str], ...]) -> SafeString:
    """An option whose label says more than its value shows both."""
    return format_html_join(
        "",
        "<option{}></option>",
        ((flatatt({"value": value, **({"label": label} if label else {})}),) for value, label in options),
    )
