"""What the API keeps for this account (vaults, personas, profiles), to be picked from in a form.

No form waits for it: the page asks for the lists once it is shown (a budget inside the form's own request would make every
slow API cost each form that long), and any id can be typed with or without them.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from django.core.cache import cache

from notte_dashboard.notte_api.answers import Page, PersonaAnswer, ProfileAnswer, VaultAnswer
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import NotFound, NotteError
from notte_dashboard.notte_api.transport import Timeouts
from notte_dashboard.waiting import wait_for
from notte_dashboard.workspaces.keys import connection, key_for
from notte_dashboard.workspaces.models import User, Workspace

PICKED = {"vault_id": "vaults", "persona_id": "personas", "profile-id": "profiles"}
"""Name of the control -> the list it is picked from."""
KEPT_SECONDS, FAILURE_KEPT_SECONDS = 60, 10
MOST_PAGES = 3
BUDGET = Timeouts(connect=2, read=4, deadline=5)
Kept = Page[VaultAnswer] | Page[PersonaAnswer] | Page[ProfileAnswer]


class Option(NamedTuple):
    id: str
    label: str


class Picker(NamedTuple):
    name: str
    options: list[Option]
    problem: str = ""

    @property
    def list_id(self) -> str:
        return list_id(self.name)


def list_id(name: str) -> str:
    return f"known-{name}"


def pickers(workspace: Workspace, user: User, names: list[str]) -> list[Picker]:
    """Asks the API, at most once a minute per key. Without an answer there are no options, but a problem to be shown."""
    wanted = [name for name in READERS if name in names]
    try:
        where = connection(key_for(workspace, user))
    except (NotteError, ValueError) as error:
        return [Picker(name, [], str(error)) for name in wanted]
    known = cache.get_many([_cache_key(where, name) for name in wanted])
    missing = [name for name in wanted if _cache_key(where, name) not in known]
    fresh = {picker.name: picker for picker in wait_for(_asked(where, missing))} if missing else {}
    for name, picker in fresh.items():
        cache.set(_cache_key(where, name), picker, FAILURE_KEPT_SECONDS if picker.problem else KEPT_SECONDS)
    return [fresh.get(name) or _remembered(*known[_cache_key(where, name)]) for name in wanted]


def _remembered(name: str, options: list[list[str]], problem: str) -> Picker:
    """The cache keeps lists, not our types."""
    return Picker(name, [Option(*each) for each in options], problem)


def _cache_key(where: Connection, name: str) -> str:
    """Another key at the same address sees other lists."""
    whose = hashlib.sha256(f"{where.base_url} {where.api_key}".encode()).hexdigest()
    return f"picker:{name}:{whose}"


async def _asked(where: Connection, names: list[str]) -> list[Picker]:
    async with NotteClient(where, retries=0, reads=BUDGET) as client:
        return list(await asyncio.gather(*(_picker(client, name) for name in names)))


async def _picker(client: NotteClient, name: str) -> Picker:
    options: list[Option] = []
    try:
        async with asyncio.timeout(BUDGET.deadline):
            for number in range(1, MOST_PAGES + 1):
                page = await READERS[name](client, number)
                options += [_option(item) for item in page.items]
                if not page.has_next:
                    break
    except NotFound:
        return Picker(name, [])  # an API without such things
    except NotteError as error:
        return Picker(name, options, error.message)
    except TimeoutError:
        return Picker(name, options, "The API took too long.")
    return Picker(name, options)


READERS: dict[str, Callable[[NotteClient, int], Awaitable[Kept]]] = {
    "vaults": lambda client, number: client.list_vaults(page=number),
    "personas": lambda client, number: client.list_personas(page=number),
    "profiles": lambda client, number: client.list_profiles(page=number),
}


def _option(item: VaultAnswer | PersonaAnswer | ProfileAnswer) -> Option:
    if isinstance(item, VaultAnswer):
        return Option(item.vault_id, item.name or item.vault_id)
    found = item.persona_id if isinstance(item, PersonaAnswer) else item.profile_id
    return Option(found, item.name or found)
