from typing import Any

from django.urls import path

from agents_app.consumers import AgentConsumer

websocket_urlpatterns: list[Any] = [
    path("ws/agents/<uuid:uuid>/", AgentConsumer.as_asgi()),  # type: ignore[arg-type]  # the stubs of path() know no consumers
]
