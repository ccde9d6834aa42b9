"""What an app tells the watch about its runs."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.runs.models import Run
from notte_dashboard.runs.recording import Stored


@dataclass(frozen=True)
class WatchKind:
    model: type[Run]
    look: Callable[[Any, NotteClient, str], Awaitable[Any]]
    """Ask the API; None when the body has the given digest."""
    store: Callable[[Any, Any], Stored]
    """Write an answer under the run's fence. Blocking; raises FencedError."""
    listen: Callable[[Any, NotteClient], AsyncIterator[object]] | None = None
    """Upstream events; each only wakes the watch. Ends or raises NotteError when the stream is gone."""
    news_for: Callable[[Any], tuple[str, int]] | None = None
    """Kind and pk of another run that shows what is stored here, and so wants to look when something is."""
