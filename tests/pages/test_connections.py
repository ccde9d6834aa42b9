"""On PostgreSQL, requests share a few connections, however many come at once."""

import asyncio
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import connection


def connections_open() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server that counts connections")
@pytest.mark.django_db(transaction=True)
async def test_many_requests_share_a_pool(as_: Any):
    client = await sync_to_async(as_)("alice")
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    most = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
    transport = httpx.ASGITransport(app=get_asgi_application())

    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", cookies=cookies, timeout=60) as visitor:
        answers = await asyncio.gather(*[visitor.get("/sessions/") for _ in range(most + 10)])

    assert {answer.status_code for answer in answers} == {200}
    assert await sync_to_async(connections_open)() <= most
