from typing import Any

from django.urls import path

from sessions_app.consumers import SessionConsumer

websocket_urlpatterns: list[Any] = [
    path("ws/sessions/<uuid:uuid>/", SessionConsumer.as_asgi()),  # type: ignore[arg-type]  # the stubs of path() know no consumers
]
