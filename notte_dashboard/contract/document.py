"""A contract that somebody offers: read from the API, an address or a file, and refused when no form could be built from it."""

import json
import secrets
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from notte_dashboard.contract.differences import STARTS, operation_of
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import NotteError
from notte_dashboard.notte_api.transport import BODY_LIMIT, Timeouts
from notte_dashboard.schema_forms.builder import build_form
from notte_dashboard.schema_forms.layouts import AGENT_START, SESSION_START
from notte_dashboard.waiting import wait_for
from notte_dashboard.workspaces.keys import connection

LAYOUTS = {"ApiSessionStartRequest": SESSION_START, "ApiAgentStartRequest": AGENT_START}
BOUNDS = Timeouts(connect=5, read=10, deadline=20)


class UnusableContractError(Exception):
    """It can't be had, or it is none that the dashboard could work with; the message says why."""


class Offered(NamedTuple):
    document: dict[str, Any]
    source: str


def offered(where: str = "") -> Offered:
    """From a file or an address; from the configured API when neither is named."""
    if where.startswith(("http://", "https://")):
        return checked(_from_address(where), where)
    if where:
        return checked(_from_file(Path(where)), Path(where).name)
    try:
        environment = connection(None)
    except ValueError as error:
        raise UnusableContractError(f"NOTTE_API_URL or its key can't be used: {error}.") from error
    return checked(_asked(environment, "/openapi.json"), f"{environment.base_url}/openapi.json")


def _from_address(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    if parts.query or parts.fragment:
        raise UnusableContractError("The address must not hold a query or a fragment.")
    try:
        # No key is sent for a contract; this one is only there because a connection has one.
        origin = Connection(f"{parts.scheme}://{parts.netloc}", secrets.token_hex())
    except ValueError as error:
        raise UnusableContractError(f"The address can't be used: {error}.") from error
    return _asked(origin, parts.path or "/")


def _asked(where: Connection, path: str) -> dict[str, Any]:
    async def ask() -> dict[str, Any]:
        async with NotteClient(where, retries=0, reads=BOUNDS) as client:
            return await client.contract(path)

    try:
        return wait_for(ask())
    except NotteError as error:
        raise UnusableContractError(f"{where.base_url}{path} gave no contract: {error.message}") from error


def _from_file(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            content = file.read(BODY_LIMIT + 1)
    except OSError as error:
        raise UnusableContractError(f"{path} can't be read: {error.strerror}.") from error
    if len(content) > BODY_LIMIT:
        raise UnusableContractError(f"{path} is larger than {BODY_LIMIT // 1024 // 1024} MB.")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnusableContractError(f"{path} is not JSON.") from error
    if not isinstance(document, dict):
        raise UnusableContractError(f"{path} is not a JSON object.")
    return document


def checked(document: dict[str, Any], source: str) -> Offered:
    version = document.get("openapi")
    if not isinstance(version, str) or not version.startswith("3."):
        raise UnusableContractError(f"{source} is not an OpenAPI 3 document.")
    for operation in STARTS:
        name = f"{operation.method.upper()} {operation.path}"
        found = operation_of(document, operation)
        if not found or "requestBody" not in found:
            raise UnusableContractError(f"{source} lacks the request {name}.")
        try:
            form = build_form(operation.starts, LAYOUTS[operation.starts], document=document)
        except Exception as error:  # whatever a hostile or odd document does to the walk, nothing is written then
            raise UnusableContractError(
                f"{source} has no usable schema {operation.starts} for {name} ({type(error).__name__})."
            ) from error
        if not form.specs:
            raise UnusableContractError(f"{source} names no field of {operation.starts}.")
    return Offered(document, source)
