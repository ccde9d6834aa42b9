"""A session request with secrets in several places, and with what shells and languages trip over."""

from typing import Any

SECRET = "canary-4f1c9a7e"
FULL_REQUEST: dict[str, Any] = {
    "idle_timeout_minutes": 4,
    "chrome_args": ["--lang=en-GB"],
    "proxies": [{"type": "external", "server": "http://proxy.example:8080", "username": "joe", "password": SECRET}],
    "extra_http_headers": {"Authorization": f"Bearer {SECRET}"},
    "user_agent": 'Agent\'s "own" $HOME',
}
