"""Tabler (Bootstrap 5) controls that give back exactly what was typed, whatever it was.

Drawn here and not by Django's templates: a form has some fifty of them, and each template costs more than all of this.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
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


def tag(name: str, attrs: Attrs, content: str = "") -> SafeString:
    """Attributes are escaped; `content` is markup. Django's format_html and flatatt take three times as long."""
    written = "".join(
        f" {key}" if value is True else f' {key}="{escape(str(value))}"'
        for key, value in attrs.items()
        if value is not None and value is not False
    )
    return mark_safe(f"<{name}{written}>{content}")  # noqa: S308 - all that comes from outside is escaped


def area(name: str, text: str, attrs: Attrs) -> SafeString:
    """The line break after the tag is not part of the text; without it a text's own first one would be lost."""
    return tag("textarea", {"name": name, **attrs}, f"\n{escape(text)}</textarea>")


def line(name: str, text: str, attrs: Attrs, kind: str) -> SafeString:
    return tag("input", {"type": kind, "name": name, "value": text or None, **attrs})


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
        return joined([control, tag("datalist", {"id": listed}, f"{suggestions(self.suggestions)}</datalist>")])


class SecretInput(LineInput):
    """Hidden from whoever looks over the shoulder, until asked for."""

    input_type = "password"

    def drawn(self, name: str, text: str, attrs: Attrs) -> SafeString:
        control = super().drawn(name, text, attrs)
        button = tag(
            "button", {"type": "button", "class": "btn secret-show", "data-reveal": attrs.get("id", "")}, "Show</button>"
        )
        return tag("span", {"class": "secret"}, f"{control}{'' if chr(10) in text else button}</span>")


class SearchInput(LineInput):
    """One of many, found by its name. The list is shared by all controls of a page that search in it."""

    def __init__(self, names: Iterable[str], **attrs: Any) -> None:
        super().__init__(**attrs)
        self.names = tuple(names)
        self.list_id = "list-" + hashlib.sha256("\n".join(self.names).encode()).hexdigest()[:8]
        self.attrs["list"] = self.list_id

    @property
    def datalist(self) -> SafeString:
        options = suggestions(tuple((name, "") for name in self.names))
        return tag("datalist", {"id": self.list_id}, f"{options}</datalist>")


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
        options = joined(self._option(key, label, chosen=key == text) for key, label in {**known, **foreign}.items())
        return tag("select", {"name": name, **attrs}, f"{options}</select>")

    def _option(self, key: str, label: str, *, chosen: bool) -> SafeString:
        attrs = {"value": key, "selected": chosen, "data-panel": self.panels.get(key)}
        return tag("option", attrs, f"{escape(label)}</option>")


class TickInput(Drawn, forms.CheckboxInput):
    def __init__(self, value: str, **attrs: Any) -> None:
        forms.CheckboxInput.__init__(self, {"class": "form-check-input", **attrs})
        self.value = value

    def drawn(self, name: str, text: str, attrs: Attrs) -> SafeString:
        return line(name, self.value, {**attrs, "checked": bool(text)}, "checkbox")


def joined(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 - every part is safe


@cache
def suggestions(options: tuple[tuple[str, str], ...]) -> SafeString:
    """An option whose label says more than its value shows both."""
    return joined(tag("option", {"value": value, "label": label or None}, "</option>") for value, label in options)
