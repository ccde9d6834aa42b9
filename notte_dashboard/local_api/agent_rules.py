"""What the local agent cannot do, said before it starts."""

from typing import Any

from notte_dashboard.local_api.brains import MODEL
from notte_dashboard.local_api.errors import Problem
from notte_dashboard.local_api.navigation import refusal
from notte_dashboard.local_api.settings import Settings
from notte_dashboard.notte_api.generated import ApiAgentStartRequest

TASK_LIMIT = 10_000


def agent_problems(request: ApiAgentStartRequest, settings: Settings) -> list[Problem]:
    problems = [Problem(name, message) for name, failed, message in _impossible_here(request) if failed]
    if not request.task.strip():
        problems.append(Problem("task", "The task must not be empty.", "value_error"))
    if len(request.task) > TASK_LIMIT:
        problems.append(Problem("task", f"The task must not be longer than {TASK_LIMIT} characters.", "string_too_long"))
    reason = refusal(request.url, settings) if request.url else None
    if reason:
        problems.append(Problem("url", reason, "value_error"))
    return problems


def _impossible_here(request: ApiAgentStartRequest) -> list[tuple[str, Any, str]]:
    return [
        (
            "reasoning_model",
            request.reasoning_model not in {None, "", MODEL},
            f"The local API has only the model {MODEL}: leave the field empty to use it.",
        ),
        (
            "use_vision",
            request.use_vision and "use_vision" in request.model_fields_set,
            f"{MODEL} does not look at pictures: leave the field out or send false.",
        ),
        ("response_format", request.response_format is not None, f"{MODEL} answers in plain text only."),
        ("vault_id", request.vault_id is not None, "The local API has no vaults."),
        ("persona_id", request.persona_id is not None, "The local API has no personas."),
        ("notifier_config", request.notifier_config is not None, "The local API sends no notifications."),
    ]
