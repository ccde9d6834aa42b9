import pydantic
import pytest

from notte_dashboard.notte_api import generated, regenerate


def test_generated_models_are_those_of_the_contract():
    assert regenerate.generate() == regenerate.TARGET.read_text()


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
