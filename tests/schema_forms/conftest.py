"""The two real forms, forms of a changed contract, and the eyes of a browser: what a drawn form would send."""

import copy
from html.parser import HTMLParser

import pytest
from jsonschema import Draft202012Validator

from notte_dashboard.schema_forms.builder import build_form
from notte_dashboard.schema_forms.contract import contract
from notte_dashboard.schema_forms.layouts import AGENT_START, SESSION_START

SESSION, AGENT = "ApiSessionStartRequest", "ApiAgentStartRequest"


class DrawnControls(HTMLParser):
    """Reads name -> value as a browser would submit it, and name -> attributes."""

    def __init__(self, html):
        super().__init__()
        self.values, self.attrs, self.tags, self.options = {}, {}, {}, {}
        self._open = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag in {"input", "textarea", "select"}:
            name = found["name"]
            self.attrs[name], self.tags[name] = found, tag
            self.values[name] = found.get("value", "") if tag == "input" else ""
            self.options[name] = []
            self._open = name
        elif tag == "option" and self.tags[self._open] == "select":
            self.options[self._open].append(found["value"])
            if "selected" in found:
                self.values[self._open] = found["value"]

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.values[self._open] = self.values[self._open].removeprefix("\n")
            self._open = None

    def handle_data(self, data):
        if self._open and self.tags[self._open] == "textarea":
            self.values[self._open] += data


def flat(entries):
    for entry in entries:
        if entry.is_fieldset:
            yield from flat(entry.subfields)
        else:
            yield entry


def controls(form):
    return list(flat(entry for _, entries in (*form.basic, *form.advanced) for entry in entries))


def draw(form):
    return DrawnControls("".join(f"{control}\n<p>" for control in controls(form)))


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
    return lambda form: [control.name for control in controls(form)]


@pytest.fixture(scope="session")
def accepts():
    """A plain JSON Schema validator over the contract as published, none of our own code in between."""

    def judge(schema_name, request):
        document = contract()
        schema = {**document["components"]["schemas"][schema_name], "components": document["components"]}
        Draft202012Validator(schema).validate(request)
        return True

    return judge


@pytest.fixture
def drifted():
    """The form of a contract that somebody changed: `drifted(name, change)`, where change edits the schema in place."""

    def build(change, schema_name=SESSION, layout=SESSION_START):
        document = copy.deepcopy(contract())
        change(document["components"]["schemas"][schema_name], document["components"]["schemas"])
        return build_form(schema_name, layout, document=document)

    return build
