"""How a session is watched: what to ask, where the answer goes."""

from notte_dashboard.notte_api.answers import SessionAnswer
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.watching.kinds import WatchKind
from sessions_app.models import BrowserSession
from sessions_app.services import store


async def look(session: BrowserSession, client: NotteClient, known: str) -> SessionAnswer | None:
    return await client.session_status(session.session_id, known=known)


WATCH = WatchKind(model=BrowserSession, look=look, store=store.record)
