import pydantic
import pytest

from notte_dashboard.notte_api import generated, regenerate


@pytest.mark.parametrize(("text", "status", "said"), [(None, 0, "current"), ("older", 1, "stale")])
def test_check_says_whether_the_models_are_current(monkeypatch, capsys, tmp_path, text, status, said):
    target = tmp_path / "generated.py"
    target.write_text(text or regenerate.TARGET.read_text())
    monkeypatch.setattr(regenerate, "TARGET", target)
    monkeypatch.setattr("sys.argv", ["regenerate", "--check"])

    assert regenerate.main() == status
    assert said in capsys.readouterr().out


def test_regenerating_writes_the_models_that_are_there(monkeypatch, tmp_path):
    current = regenerate.TARGET.read_text()
    monkeypatch.setattr(regenerate, "TARGET", tmp_path / "generated.py")
    monkeypatch.setattr("sys.argv", ["regenerate"])

    assert regenerate.main() == 0
    assert (tmp_path / "generated.py").read_text() == current
    assert current.startswith("# DO NOT EDIT")


def test_a_document_that_makes_no_models_is_explained(monkeypatch, capsys, tmp_path):
    target = tmp_path / "generated.py"
    monkeypatch.setattr(regenerate, "TARGET", target)
    monkeypatch.setattr(regenerate, "contract_with_overrides", lambda: {"openapi": "3.1.0", "paths": 5})
    monkeypatch.setattr("sys.argv", ["regenerate"])

    assert regenerate.main() == 2
    assert capsys.readouterr().err.strip()
    assert not target.exists()


@pytest.mark.parametrize(
    ("model", "body"),
    [(generated.ApiSessionStartRequest, {}), (generated.ApiAgentStartRequest, {"task": "x", "session_id": "s"})],
)
def test_smallest_start_is_valid(model, body):
    assert model.model_validate(body)


@pytest.mark.parametrize(
    "proxies",
    [[{"type": "notte", "country": "gb"}], [{"type": "external", "server": "http://proxy.example:8080"}], True],
)
def test_every_kind_of_proxy_is_told_apart(proxies):
    assert generated.ApiSessionStartRequest.model_validate({"proxies": proxies})


def test_unknown_field_of_a_start_is_refused():
    with pytest.raises(pydantic.ValidationError, match="Extra inputs"):
        generated.ApiSessionStartRequest.model_validate({"auth_ids": []})
