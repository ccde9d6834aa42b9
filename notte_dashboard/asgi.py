"""Wiring of HTTP and websockets."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.sessions import CookieMiddleware, SessionMiddleware
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "notte_dashboard.settings.base")
http = get_asgi_application()

# These need Django to be set up.
from channels.auth import AuthMiddleware  # noqa: E402

from agents_app.routing import websocket_urlpatterns as agents  # noqa: E402
from notte_dashboard.limits import collect_rarely, raise_open_files  # noqa: E402
from notte_dashboard.pages.routing import websocket_urlpatterns as pages  # noqa: E402
from notte_dashboard.realtime.consumer import with_plain_send  # noqa: E402
from sessions_app.routing import websocket_urlpatterns as sessions  # noqa: E402

websocket = with_plain_send(CookieMiddleware(SessionMiddleware(AuthMiddleware(URLRouter(sessions + agents + pages)))))
application = ProtocolTypeRouter({"http": http, "websocket": websocket})

raise_open_files()
collect_rarely()
