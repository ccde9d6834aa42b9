"""The socket of lists, overview and wall: what the page shows is in its address."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict

from notte_dashboard.pages.live import list_page
from notte_dashboard.pages.overview import OverviewPage
from notte_dashboard.pages.wall import WallPage
from notte_dashboard.realtime.consumer import RunConsumer
from notte_dashboard.realtime.groups import workspace_group
from notte_dashboard.realtime.workspace_feed import follow_workspace
from notte_dashboard.realtime.workspace_sources import Page
from notte_dashboard.workspaces.models import Workspace

MOST_SHOWN = 100


@dataclass
class Followed:
    page: Page
    workspace_id: int
    group: str
    can_operate: bool = False


class WorkspaceConsumer(RunConsumer):
    def source(self, uuid: UUID) -> Any:
        workspace = Workspace.objects.filter(uuid=uuid).first()
        scope: Any = self.scope
        page = page_of(workspace, QueryDict(scope["query_string"]), scope["user"].pk) if workspace else None
        return Followed(page, page.workspace_id, workspace_group(page.workspace_id)) if page else None

    async def deliver(self, after: int) -> None:  # noqa: ARG002 - a page shows what is there now
        followed: Any = self.followed
        await follow_workspace(followed.page, self.send_encoded)


def page_of(workspace: Workspace, query: QueryDict, asker: int) -> Page | None:
    rows, cards = _uuids(query.get("rows", "")), _uuids(query.get("cards", ""))
    known = {name: str(value) for name, value in query.items()}
    match known.get("page"):
        case "sessions":
            return list_page(workspace, "session", known, rows, asker)
        case "agents":
            return list_page(workspace, "agent", known, rows, asker)
        case "overview":
            return OverviewPage(workspace, rows, cards, asker)
        case "wall":
            return WallPage(workspace, asker)
        case _:
            return None


def _uuids(text: str) -> frozenset[str]:
    """Whatever else stands there shows nothing."""
    found = set()
    for word in text.split(".")[:MOST_SHOWN]:
        try:
            found.add(UUID(word).hex)
        except ValueError:
            continue
    return frozenset(found)
