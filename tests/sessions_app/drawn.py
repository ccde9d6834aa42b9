"""A page's form as a browser would read it: values, errors and what points to them."""

from html.parser import HTMLParser
from typing import Any

VOID = frozenset({"input", "img", "link", "meta", "br", "hr"})


class Drawn(HTMLParser):
    """`values` by name, `attrs` by name, `texts` by id, `checked` names."""

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
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"])
        if tag not in VOID:
            self._inside.append((tag, found.get("id")))
        name = found.get("name", "")
        if tag in {"input", "textarea", "select"} and name:
            self.attrs[name] = found
            self.values[name] = found.get("value", "")
        self._area = name if tag == "textarea" else self._area
        if tag == "select":
            self._select, self.options[name] = name, []
        if tag == "option" and self._select:
            self.options[self._select].append(found.get("value", ""))
            if "selected" in found:
                self.values[self._select] = found.get("value", "")

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
