import contextlib
import logging
import socket
import sys

import uvicorn

from notte_dashboard.limits import collect_rarely
from notte_dashboard.local_api.app import create_app
from notte_dashboard.local_api.settings import Settings, SettingsError, read_settings

SHUTDOWN_SECONDS = 5


def main() -> int:
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    try:
        settings = read_settings()
        listener = _bound(settings)
    except SettingsError as error:
        logging.getLogger("notte_dashboard.local_api").error("%s", error)  # noqa: TRY400 - the sentence is the whole story
        return 2
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        # Pictures do not deflate; the log would hold the tokens of URLs.
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        access_log=False,
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    collect_rarely()
    # uvicorn raises the signal that stopped it once more, after everything is closed.
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
    return 0


def _bound(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=512)
    except OSError as error:
        raise SettingsError(
            f"LOCAL_API_HOST and LOCAL_API_PORT: {settings.host}:{settings.port} cannot be used: {error.strerror}."
        ) from error


if __name__ == "__main__":
    sys.exit(main())
