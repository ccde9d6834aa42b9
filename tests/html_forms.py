"""Forms in a page's HTML, as a browser reads, shows and posts them."""

import json
from html.parser import HTMLParser
from typing import Any

from notte_dashboard.presets.kinds import KINDS

VOID = frozenset({"input", "img", "link", "meta", "br", "hr"})


class RenderedForm(HTMLParser):
    """`values`, `attrs` and `options` of the controls by their name, `texts` of the elements by their id, and all `ids`."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.attrs: dict[str, dict[str, Any]] = {}
        self.options: dict[str, list[str]] = {}
        self.texts: dict[str, str] = {}
        self.ids: list[str] = []
        self._inside: list[tuple[str, str | None]] = []
        self._area = self._select = ""
        self.feed(html)

    def error_of(self, name: str) -> str:
        """The text of the errors that the control names in `aria-describedby`; empty when there is none."""
        named = (self.attrs[name].get("aria-describedby") or "").split()
        return " ".join(self.texts.get(each, "").strip() for each in named if each.endswith("_error"))

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        attributes = dict(attrs)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag not in VOID:
            self._inside.append((tag, attributes.get("id")))
        name = attributes.get("name", "")
        if tag in {"input", "textarea", "select"} and name:
            self.attrs[name] = attributes
            self.values[name] = attributes.get("value", "")
        self._area = name if tag == "textarea" else self._area
        if tag == "select":
            self._select, self.options[name] = name, []
        if tag == "option" and self._select:
            self.options[self._select].append(attributes.get("value", ""))
            if "selected" in attributes:
                self.values[self._select] = attributes.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._area = "" if tag == "textarea" else self._area
        self._select = "" if tag == "select" else self._select
        while any(tag == each for each, _ in self._inside):
            if self._inside.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] = (self.values[self._area] + data).removeprefix("\n")
        for _, each in self._inside:
            if each:
                self.texts[each] = self.texts.get(each, "") + data


class SubmittedForm(HTMLParser):
    """`values`: what a browser would post of the start form, just as the page shows it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._templates = self._inside = 0
        self._name = self._tag = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        attributes = dict(attrs)
        self._templates += tag == "template"
        self._inside = self._inside or (tag == "form" and attributes.get("id") == "start-form")
        in_form = self._inside or attributes.get("form") == "start-form"
        if tag in {"input", "select", "textarea"} and (
            self._templates or not in_form or not attributes.get("name") or "disabled" in attributes
        ):
            self._name, self._tag = "", tag
        elif tag in {"select", "textarea"}:
            self._name, self._tag = attributes["name"], tag
            self.values[self._name] = ""
            self._first = True
        elif tag == "input" and (attributes.get("type") not in {"radio", "checkbox"} or "checked" in attributes):
            self.values[attributes["name"]] = attributes.get("value", "on" if "checked" in attributes else "")
        elif tag == "option" and self._name and (self._first or "selected" in attributes):
            self.values[self._name] = attributes.get("value", "")
            self._first = False

    def handle_endtag(self, tag: str) -> None:
        self._templates -= tag == "template"
        self._inside = self._inside and tag != "form"
        self._name = "" if tag in {"select", "textarea"} else self._name

    def handle_data(self, data: str) -> None:
        if self._name and self._tag == "textarea":
            self.values[self._name] = (self.values[self._name] + data).removeprefix("\n")


def form_data(kind: str, request: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What a browser posts for a start form that holds this request."""
    return {**KINDS[kind].form_class().data_for(request), **more}


def panel_request(html: str) -> Any:
    """The request in the JSON that the panel beside a start form shows."""
    return json.loads(RenderedForm(html).texts["code-json"])
