"""The two real forms, forms of a changed contract, and the eyes of a browser: what a drawn form would send."""

import copy
from functools import cache, lru_cache
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string
from jsonschema import Draft202012Validator

from notte_dashboard.schema_forms.builder import build_form
from notte_dashboard.schema_forms.contract import contract
from notte_dashboard.schema_forms.layouts import AGENT_START, SESSION_START

SESSION, AGENT = "ApiSessionStartRequest", "ApiAgentStartRequest"


class DrawnControls(HTMLParser):
    """Reads name -> value as a browser would submit it, and name -> attributes; what a template element holds is not there."""

    def __init__(self, html):
        super().__init__()
        self.values, self.attrs, self.tags, self.options, self.ids, self.named = {}, {}, {}, {}, [], set()
        self.hidden, self.texts, self._inside = 0, {}, []
        self._open = None
        self.feed(html)
        self.close()

    def append(self, other):
        """What comes after it on the same page."""
        for name in ("values", "attrs", "tags", "options", "texts"):
            getattr(self, name).update(getattr(other, name))
        self.ids += other.ids
        self.named |= other.named

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.hidden += tag == "template"
        if self.hidden:
            return
        if "id" in found:
            self.ids.append(found["id"])
            self.texts[found["id"]] = ""
        if tag not in {"input", "br", "use"}:
            self._inside.append(found.get("id"))
        self.named |= {found["for"]} if "for" in found else set()
        if tag in {"input", "textarea", "select"} and "name" in found:
            self._control(tag, found)
        elif tag == "select":
            self._open = None
        elif tag == "option" and self._open and self.tags[self._open] == "select":
            self.options[self._open].append(found["value"])
            if "selected" in found or len(self.options[self._open]) == 1:
                self.values[self._open] = found["value"]

    def _control(self, tag, found):
        name = found["name"]
        self.attrs[name], self.tags[name], self.options[name] = found, tag, []
        self._open = name if tag != "input" else None
        if tag != "input":
            self.values[name] = ""
        elif found["type"] != "checkbox" or "checked" in found:
            self.values[name] = found.get("value", "")

    def handle_endtag(self, tag):
        self.hidden -= tag == "template"
        if self.hidden or tag == "template":
            return
        if tag not in {"input", "br", "use"}:
            self._inside.pop()
        if tag == "textarea":
            self.values[self._open] = self.values[self._open].removeprefix("\n")
            self._open = None

    def handle_data(self, data):
        if self.hidden:
            return
        for each in filter(None, self._inside):
            self.texts[each] += data
        if self._open and self.tags[self._open] == "textarea":
            self.values[self._open] += data


def entries_of(form):
    return [entry for _, entries in (*form.basic, *form.advanced) for entry in entries]


def written(form):
    """As the page has it."""
    return "".join(pieces(form))


def pieces(form):
    """One after another, the controls of the form and the lists that they suggest from."""
    return [*(render_to_string("partials/field.html", {"field": entry}) for entry in entries_of(form)), str(form.datalists)]


def draw(form):
    """Of the whole form; most of its pieces are the same each time and are read once."""
    controls = DrawnControls("")
    for piece in pieces(form):
        controls.append(read_piece(piece))
    return controls


@lru_cache(maxsize=2000)
def read_piece(html):
    return DrawnControls(html)


@pytest.fixture(scope="session")
def session_form():
    return build_form(SESSION, SESSION_START)


@pytest.fixture(scope="session")
def agent_form():
    return build_form(AGENT, AGENT_START)


@pytest.fixture(scope="session")
def drawn():
    return draw


@pytest.fixture(scope="session")
def control_names():
    return lambda form: [control.name for control in form.live()]


@pytest.fixture(scope="session")
def page_of():
    return written


@pytest.fixture(scope="session")
def accepts():
    """A plain JSON Schema validator over the contract as published, none of our own code in between."""

    @cache
    def validator(schema_name):
        document = contract()
        return Draft202012Validator({**document["components"]["schemas"][schema_name], "components": document["components"]})

    return lambda schema_name, request: validator(schema_name).is_valid(request)


@pytest.fixture
def drifted():
    """The form of a contract that somebody changed: `drifted(name, change)`, where change edits the schema in place."""

    def build(change, schema_name=SESSION, layout=SESSION_START):
        document = copy.deepcopy(contract())
        change(document["components"]["schemas"][schema_name], document["components"]["schemas"])
        return build_form(schema_name, layout, document=document)

    return build
