"""Whatever is in a request: pasted into a shell, Python or Node, the code says exactly that."""

import ast
import json
import shlex
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notte_dashboard.presets.snippets.calls import NEW_SESSION, Call
from notte_dashboard.presets.snippets.curl import curl
from notte_dashboard.presets.snippets.javascript import javascript
from notte_dashboard.presets.snippets.literal import compact, indented
from notte_dashboard.presets.snippets.python import python

BASE = "https://api.example"
NASTY = [
    "'",
    '"',
    "`",
    "$(id)",
    "${x}",
    "\\",
    "\n",
    "\r\n",
    "</script>",
    "\u2028",
    "\u202e",
    "é",
    "🦊",
    "__proto__",
    "!!",
    "%s",
    "\x1b[2J",
]
texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12))
texts |= st.lists(texts, max_size=4).map("".join)
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
bodies = st.dictionaries(texts | st.sampled_from(["user_agent", "class", "x-y", "proxies"]), values, max_size=4).filter(
    lambda body: not body.keys() & {"task", "session_id"}
)
MANY = settings(max_examples=150, deadline=None)


def data_of(command: str) -> str:
    words = shlex.split(command)
    return words[words.index("--data-raw") + 1]


@MANY
@given(bodies)
def test_a_shell_reads_the_curl_back_as_the_same_json(body):
    command = curl(BASE, [Call("/sessions/start", body)])
    assert json.loads(data_of(command)) == body
    assert shlex.split(command)[3] == f"{BASE}/sessions/start"
    assert '"Authorization: Bearer $NOTTE_API_KEY"' in command


@MANY
@given(bodies)
def test_the_second_curl_waits_for_the_new_session(body):
    first, second = curl(BASE, [Call("/sessions/start", body), Call("/agents/start", body | {"session_id": NEW_SESSION})]).split(
        "\n\n"
    )
    assert json.loads(data_of(second)) == body | {"session_id": "$SESSION_ID"}
    assert first.startswith("SESSION_ID=$(curl ")


def test_a_real_shell_sends_exactly_this(tmp_path):
    body = {"task": 'It\'s $HOME `id` "x" \\n', "headers": {"a'b": "$(id)"}}
    command = curl(BASE, [Call("/agents/start", body | {"session_id": NEW_SESSION})])
    fake = tmp_path / "curl"
    fake.write_text('#!/bin/sh\nfor word; do last=$word; done\nprintf %s "$last"\n')
    fake.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin", "SESSION_ID": "s-1", "NOTTE_API_KEY": "k", "HOME": "/nowhere"}
    told = subprocess.run(["/bin/sh", "-c", command], env=environ, capture_output=True, text=True, check=True)
    assert json.loads(told.stdout) == body | {"session_id": "s-1"}


def keywords_of(code: str, callee: str) -> dict:
    call = next(node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call) and ast.unparse(node.func) == callee)
    found = {}
    for keyword in call.keywords:
        found |= ast.literal_eval(keyword.value) if keyword.arg is None else {keyword.arg: ast.literal_eval(keyword.value)}
    return found


@MANY
@given(bodies)
def test_python_reads_its_code_back_as_the_same_values(body):
    code = python(BASE, [Call("/sessions/start", body)])
    assert keywords_of(code, "client.Session") == body


@MANY
@given(bodies)
def test_an_agents_python_says_task_and_settings_where_the_sdk_wants_them(body):
    code = python(BASE, [Call("/sessions/start", {}), Call("/agents/start", {**body, "task": "x", "session_id": NEW_SESSION})])
    compile(code, "code", "exec")
    started = keywords_of(code, "agent.start")
    assert started["task"] == "x"
    assert "session.start()" in code
    assert "session=session" in code


def test_python_goes_on_in_a_session_that_is_there():
    code = python("https://api.notte.cc", [Call("/agents/start", {"task": "x", "max_steps": 3, "session_id": "s-1"})])
    assert "session = client.Session(session_id='s-1')" in code
    assert "client.Agent(session=session, max_steps=3)" in code
    assert "server_url" not in code


NODE = shutil.which("node") or ""
MODULE = """
export const sent = [];
const fetch = async (url, told) => {{ sent.push(told.body); return {{ json: async () => ({{ session_id: "s-1" }}) }}; }};
{}
"""
RUNNER = """
console.log = () => 0;
const sent = [];
for (const path of process.argv.slice(1)) sent.push((await import(path)).sent);
process.stdout.write(JSON.stringify(sent));
"""


@pytest.mark.skipif(not NODE, reason="no Node on this machine")
def test_node_evaluates_the_javascript_to_the_same_values(tmp_path):
    """Each sample in a module of its own, all in one process."""
    samples = [{"text": text, text: [text, {"in": text}]} for text in NASTY] + [
        {"__proto__": {"a": 1}, "n": 12345678901234567890, "f": 1.5, "t": True, "none": None, "empty": [{}, []]},
        {"__proto__": {"a": 1}, "f": 1e21, "small": 5e-324, "t": False, "none": None, "empty": [{}, []]},
    ]
    paths = [tmp_path / f"{number}.mjs" for number in range(len(samples))]
    for path, body in zip(paths, samples, strict=True):
        code = javascript(BASE, [Call("/sessions/start", body), Call("/agents/start", body | {"session_id": NEW_SESSION})])
        path.write_text(MODULE.format(code), encoding="utf-8", newline="")
    told = subprocess.run([NODE, "--input-type=module", "-e", RUNNER, *paths], capture_output=True, text=True, check=True)
    sent = [tuple(map(json.loads, bodies)) for bodies in json.loads(told.stdout)]
    assert sent == [(body, body | {"session_id": "s-1"}) for body in samples]


@MANY
@given(values)
def test_json_shows_everything_and_means_the_same(value):
    for text in (compact(value), indented(value)):
        assert json.loads(text) == value
        assert all(letter.isprintable() or letter == "\n" for letter in text)
