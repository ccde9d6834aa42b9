from typing import Any

from django.urls import path

from notte_dashboard.pages.consumers import WorkspaceConsumer

websocket_urlpatterns: list[Any] = [
    path("ws/workspaces/<uuid:uuid>/", WorkspaceConsumer.as_asgi()),  # type: ignore[arg-type]  # the stubs of path() know no consumers
]
