"""An agent's page shows the browser of its session: it hears, too, who drives that by hand."""

from typing import Any

from django.dispatch import receiver

from notte_dashboard.realtime.publish import announce_after_commit
from notte_dashboard.runs.states import UNDER_WAY
from sessions_app.events import drive_changed
from sessions_app.models import BrowserSession


@receiver(drive_changed, dispatch_uid="agents-hear-who-drives")
def tell_pages_of_agents(session: BrowserSession, **_: Any) -> None:
    for agent in session.agents.filter(state__in=UNDER_WAY):
        announce_after_commit(agent)
