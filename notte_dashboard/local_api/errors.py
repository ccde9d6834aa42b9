"""The answers to requests that fail, in the one shape that every known client of the API reads."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pydantic_core
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

logger = logging.getLogger("notte_dashboard.local_api")

OVERLOADED = 529  # the API's own status for "no free browser"


class JsonResponse(Response):
    """Screenshots make answers of megabytes, which the standard encoder is slow at."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return pydantic_core.to_json(content)


class ApiError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    def response(self) -> Response:
        body = {"status": self.status, "message": self.message, "detail": self.message}
        headers = {"WWW-Authenticate": "Bearer"} if self.status == HTTPStatus.UNAUTHORIZED else None
        return JsonResponse(body, status_code=self.status, headers=headers)


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of a 422: a field of the body and what is wrong with it."""

    field: str
    msg: str
    type: str = "local_api_unsupported"
    inside: tuple[str | int, ...] = ()

    def entry(self) -> dict[str, Any]:
        return {"loc": ["body", self.field, *self.inside], "msg": self.msg, "type": self.type}


class RefusedError(Exception):
    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.msg for problem in problems))
        self.problems = tuple(problems)


def _unprocessable(detail: list[dict[str, Any]]) -> Response:
    summary = "; ".join(f"{'.'.join(str(part) for part in entry['loc'])}: {entry['msg']} ({entry['type']})" for entry in detail)
    body = {"status": 422, "message": f"Validation error: {summary}"[:2000], "detail": detail}
    return JsonResponse(body, status_code=HTTPStatus.UNPROCESSABLE_ENTITY)


async def _on_invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # Only these three: `input` and `ctx` would send secrets of the request back.
    return _unprocessable([{key: entry[key] for key in ("loc", "msg", "type")} for entry in error.errors()])


async def _on_refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return _unprocessable([problem.entry() for problem in error.problems])


async def _on_api_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return error.response()


async def _on_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    message = "The local API has no such endpoint." if error.status_code == HTTPStatus.NOT_FOUND else str(error.detail)
    return ApiError(error.status_code, message).response()


async def _on_fault(_request: Request, _error: Exception) -> Response:
    logger.error("A request failed", exc_info=_error)
    return ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, "The local API failed; its log says why.").response()


def install(app: FastAPI) -> None:
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(RefusedError, _on_refused)
    app.add_exception_handler(ApiError, _on_api_error)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_fault)
