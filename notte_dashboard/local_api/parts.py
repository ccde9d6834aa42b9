"""What the routes share: the parts of the running application, and the query parameters of lists."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query
from starlette.requests import HTTPConnection

from notte_dashboard.local_api.agents import Agents
from notte_dashboard.local_api.auth import SessionTokens
from notte_dashboard.local_api.browser import Launcher
from notte_dashboard.local_api.sessions import Sessions
from notte_dashboard.local_api.settings import Settings


@dataclass(frozen=True, slots=True)
class Parts:
    settings: Settings
    tokens: SessionTokens
    launcher: Launcher
    sessions: Sessions
    agents: Agents


def _parts(connection: HTTPConnection) -> Parts:
    parts: Parts = connection.app.state.parts
    return parts


PartsOf = Annotated[Parts, Depends(_parts)]


@dataclass(frozen=True, slots=True)
class Paging:
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1
    page_size: Annotated[int, Query(ge=1, le=100)] = 10
    only_active: bool = True

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.page_size

    @property
    def limit(self) -> int:
        """One more than is shown, which tells whether there is a next page."""
        return self.page_size + 1

    def answer(self, found: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "items": found[: self.page_size],
            "page": self.page,
            "page_size": self.page_size,
            "has_next": len(found) > self.page_size,
            "has_previous": self.page > 1,
        }


PagingOf = Annotated[Paging, Depends()]
