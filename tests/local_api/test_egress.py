"""What a page may reach from inside a session, and what the sites see of it."""

from collections.abc import Callable

import pytest

from tests.local_api.serving import LocalApi
from tests.local_api.sites import serving

pytestmark = pytest.mark.chromium

DONE = {"type": "completion", "success": True, "answer": ""}


def test_a_page_cannot_reach_the_dashboard_by_any_way(start_local_api: Callable[..., LocalApi]):
    with serving() as dashboard, serving() as hostile:
        targets = [f"http://{host}:{dashboard.port}/" for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433")]
        hostile.away = targets[0]
        tags = '<img src="{0}img"><iframe src="{0}frame"></iframe><script src="{0}js"></script>'
        script = f'fetch("{targets[1]}fetch", {{mode: "no-cors"}}); new WebSocket("ws://127.0.0.1:{dashboard.port}/ws");'
        script += f'open("{targets[0]}popup")'
        hostile.pages = ["".join(tags.format(url) for url in targets) + f'<iframe src="/away"></iframe><script>{script}</script>']
        api = start_local_api(dashboard_port=dashboard.port)
        session_id = api.start_session()
        go = [{"type": "goto", "url": f"{hostile.url}/away"}, {"type": "wait", "time_ms": 500}, DONE]

        api.agent_when_closed(api.start_agent(session_id, go, url=hostile.url))

        assert "/away" in [path for path, _ in hostile.requests]
        assert dashboard.requests == []


def test_a_page_gets_nothing_from_the_api(start_local_api: Callable[..., LocalApi]):
    with serving() as hostile:
        api = start_local_api()
        wanted = f"{api.url}/sessions"
        told = [f'() => document.title = "{word}"' for word in ("read", "refused")]
        hostile.pages = [f'<iframe src="{wanted}"></iframe><script>fetch("{wanted}").then({", ".join(told)})</script>']
        session_id = api.start_session()
        api.agent_when_closed(api.start_agent(session_id, [{"type": "wait", "time_ms": 300}, DONE], url=hostile.url))

        tabs = api.get(f"/sessions/{session_id}/debug").json()["tabs"]
        assert tabs[0]["metadata"]["title"] == "refused"


def test_a_site_sees_the_user_agent_and_headers_that_were_asked_for(local_api: LocalApi):
    with serving() as site:
        session_id = local_api.start_session(user_agent="Harbour/1.0", extra_http_headers={"X-Team": "harbour"})
        local_api.agent_when_closed(local_api.start_agent(session_id, [DONE], url=site.url))

        headers = next(headers for path, headers in site.requests if path == "/")
        assert (headers["User-Agent"], headers["X-Team"]) == ("Harbour/1.0", "harbour")


def test_an_external_proxy_is_used(local_api: LocalApi):
    with serving() as proxy:
        session_id = local_api.start_session(proxies=[{"type": "external", "server": f"127.0.0.1:{proxy.port}"}])
        assert local_api.get(f"/sessions/{session_id}").json()["proxies"] is True

        local_api.agent_when_closed(local_api.start_agent(session_id, [DONE], url="http://somewhere.example/page"))

        assert "http://somewhere.example/page" in [path for path, _ in proxy.requests]
