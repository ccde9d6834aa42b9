"""What a template gets, drawn by Django's own engine."""

import pytest
from django.template import Context, Engine

from notte_dashboard.schema_forms import labels
from notte_dashboard.schema_forms.specs import FieldSpec, Kind

PAGE = Engine().from_string(
    """{% for title, entries in form.basic %}<h2>{{ title }}</h2>{% for entry in entries %}
    {% if entry.is_fieldset %}<fieldset id="{{ entry.id }}"><legend>{{ entry.legend }}</legend>{{ entry.help_text }}
      {% for entry in entry.subfields %}{{ entry.label }}{{ entry }}{% endfor %}</fieldset>
    {% else %}<label for="{{ entry.id_for_label }}">{{ entry.label }}</label>{{ entry }}
      {% if entry.help_text %}<p id="{{ entry.help_id }}">{{ entry.help_text }}</p>{% endif %}
      {% if entry.errors %}<p id="{{ entry.error_id }}">{{ entry.errors.0 }}</p>{% endif %}{% endif %}{% endfor %}{% endfor %}"""
)


def page(form):
    return PAGE.render(Context({"form": form}))


def test_every_control_wears_the_kit_and_nothing_inline(session_form, agent_form, drawn):
    for form in (session_form(), agent_form()):
        found = drawn(form)
        for name, attrs in found.attrs.items():
            if attrs.get("type") == "hidden":
                continue
            expected = {"select": "form-select"}.get(found.tags[name], "form-control")
            assert {expected, "form-check-input"} & set(attrs["class"].split())
            assert attrs["id"] == f"id_{name}"
            assert not {key for key in attrs if key == "style" or key.startswith("on")}


def test_an_error_is_named_by_its_input(session_form, drawn):
    form = session_form({"idle_timeout_minutes": "many", "vault_id": "v"})
    attrs = drawn(form).attrs
    assert attrs["idle_timeout_minutes"]["aria-describedby"] == "id_idle_timeout_minutes_helptext id_idle_timeout_minutes_error"
    assert attrs["idle_timeout_minutes"]["aria-invalid"] == "true"
    assert attrs["idle_timeout_minutes"]["class"] == "form-control is-invalid"
    assert attrs["vault_id"]["aria-describedby"] == "id_vault_id_helptext"
    assert "aria-invalid" not in attrs["vault_id"]
    assert '<p id="id_idle_timeout_minutes_error">Enter a whole number.</p>' in page(form)


def test_a_number_control_shows_a_word_that_was_typed(session_form, drawn):
    assert drawn(session_form({"viewport_width": "12"})).attrs["viewport_width"]["type"] == "number"
    attrs = drawn(session_form({"viewport_width": "wide"})).attrs["viewport_width"]
    assert (attrs["type"], attrs["inputmode"], attrs["value"]) == ("text", "numeric", "wide")


def test_text_with_line_breaks_is_drawn_where_they_survive(session_form, drawn):
    found = drawn(session_form(initial={"user_agent": "a\nb"}))
    assert (found.tags["user_agent"], found.values["user_agent"]) == ("textarea", "a\nb")


def test_choices_name_the_default(session_form, agent_form):
    assert '<option value="" selected>Default: chromium</option>' in str(session_form()["browser_type"])
    assert '<option value="" selected>Default: on</option>' in str(session_form()["headless"])
    assert '<option value="" selected>Not set</option>' in str(session_form()["aspect_ratio"])
    assert '<option value="openai/gpt-4o"></option>' in str(agent_form()["reasoning_model"])
    assert 'list="id_reasoning_model_options"' in str(agent_form()["reasoning_model"])


def test_the_task_comes_first_and_has_the_focus(agent_form, drawn):
    attrs = drawn(agent_form()).attrs["task"]
    assert {"autofocus", "required"} <= attrs.keys()
    assert agent_form().basic[0][1][0].name == "task"
    assert "maxlength" not in attrs  # a browser would cut what is pasted without a word


def test_a_nested_object_is_a_fieldset(session_form):
    entries = {entry.name: entry for _, entries in session_form().advanced for entry in entries}
    profile = entries["profile"]
    assert profile.is_fieldset
    assert profile.field.is_fieldset
    assert (profile.legend, profile.id) == ("Profile", "id_profile")
    assert [entry.html_name for entry in profile.subfields] == ["profile-id", "profile-persist"]
    assert not entries["vault_id"].is_fieldset


def test_advanced_opens_for_what_is_set_or_wrong(session_form):
    assert not session_form({"browser_type": "chrome"}).advanced_open
    assert session_form({"profile-id": "p"}).advanced_open
    assert session_form(initial={"headless": False}).advanced_open
    assert session_form({"solve_captchas": "true", "browser_type": "chrome-turbo"}).advanced_open


def test_words_of_the_contract_are_escaped_even_where_a_template_trusts_help(drifted):
    hostile = "<script>alert(1)</script>"

    def change(schema, _):
        schema["properties"]["browser_type"] |= {"description": hostile, "title": hostile, "enum": [hostile], "default": hostile}

    form = drifted(change)()
    trusting = (
        Engine()
        .from_string("{{ field.help_text|safe }}{{ field.label }}{{ field }}")
        .render(Context({"field": form["browser_type"]}))
    )
    assert "<script" not in page(form) + trusting
    assert "&lt;script&gt;" in trusting


def test_choices_make_a_select(agent_form, drawn):
    options = [("s-1", "First"), ("s-2", "Second")]
    form = agent_form({"task": "t", "session_id": "s-2"}, choices={"session_id": options, "gone": options})
    assert drawn(form).options["session_id"] == ["", "s-1", "s-2"]
    assert form.to_request() == {"task": "t", "session_id": "s-2"}

    closed = agent_form({"task": "t", "session_id": "s-9"}, choices={"session_id": options})
    assert closed.errors == {"session_id": ["Choose one of the listed values."]}
    assert drawn(closed).values["session_id"] == "s-9"
    assert agent_form({"task": "t"}, choices={"session_id": options}).errors == {"session_id": ["This field is required."]}
    assert agent_form(initial={"session_id": "s-2"}, choices={"session_id": options})["session_id"].value() == "s-2"


def test_an_empty_choice_leaves_a_required_field_to_the_caller(agent_form, drawn):
    choices = {"session_id": [("", "A new session"), ("s-1", "First")]}
    form = agent_form({"task": "t", "session_id": ""}, choices=choices)
    assert form.is_valid(), form.errors
    assert form.to_request() == {"task": "t"}
    assert "required" not in drawn(form).attrs["session_id"]
    assert "session_id" in agent_form({"task": "t"}).errors  # the choice of one form is not the next one's


def test_a_prefix_keeps_two_forms_of_a_page_apart(session_form, drawn):
    form = session_form({"new-headless": "false"}, prefix="new")
    assert form.to_request() == {"headless": False}
    assert drawn(form).attrs["new-profile-id"]["id"] == "id_new-profile-id"


@pytest.mark.parametrize(
    ("name", "title", "label"),
    [
        ("idle_timeout_minutes", "Idle Timeout Minutes", "Idle timeout (minutes)"),
        ("cdp_url", "Cdp Url", "CDP URL"),
        ("vault_id", "Vault Id", "Vault ID"),
        ("extra_http_headers", "", "Extra HTTP headers"),
        ("auth_ids", "Auth Ids", "Auth IDs"),
        ("profile", "", "Profile"),
        ("minutes", "Minutes", "Minutes"),
        ("x", "Written by Somebody", "Written by Somebody"),
    ],
)
def test_labels_are_made_readable_by_rule(name, title, label):
    assert labels.label(FieldSpec((name,), Kind.TEXT, False, title, "", {})) == label


def test_help_says_bounds_and_default(session_form):
    help_text = session_form()["idle_timeout_minutes"].help_text
    assert help_text.endswith("More than 0, at most 15. Default: 3.")


@pytest.mark.parametrize(
    ("node", "step", "low"),
    [({"multipleOf": 5}, "5", None), ({"multipleOf": 5, "minimum": 10}, "5", "10"), ({"multipleOf": 5, "minimum": 1}, "1", "1"),
     ({"exclusiveMinimum": 0.5, "maximum": 9.5}, "1", "1")],
)  # fmt: skip
def test_steps_never_forbid_what_the_schema_allows(drifted, drawn, node, step, low):
    form_class = drifted(lambda schema, _: schema["properties"].update(n={"type": "integer", **node}))
    attrs = drawn(form_class()).attrs["n"]
    assert (attrs["step"], attrs.get("min")) == (step, low)
