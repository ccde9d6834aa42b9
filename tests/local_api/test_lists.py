"""What a service keeps and this machine does not, and the contract that it speaks."""

import json

import httpx
import pytest

from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.contract import published
from tests.local_api.serving import KEY, LocalApi

LISTS = ["/vaults", "/personas", "/profiles"]


@pytest.mark.parametrize("path", [*LISTS, "/vaults/"])
def test_a_list_is_there_and_empty(local_api: LocalApi, path: str):
    empty = {"items": [], "page": 1, "page_size": 10, "has_next": False, "has_previous": False}
    assert local_api.get(path).json() == empty
    assert local_api.get(f"{path}?page=3&page_size=50&name=x&only_active=True").json() == {
        **empty,
        "page": 3,
        "page_size": 50,
        "has_previous": True,
    }


@pytest.mark.parametrize("path", LISTS)
def test_a_list_needs_the_key(local_api: LocalApi, path: str):
    assert httpx.get(local_api.url + path, trust_env=False).status_code == 401


@pytest.mark.parametrize("query", ["page=0", "page_size=101", "page=x"])
def test_pages_have_bounds(local_api: LocalApi, query: str):
    assert local_api.get(f"/profiles?{query}").status_code == 422


async def test_the_client_reads_them(local_api: LocalApi):
    async with NotteClient(Connection(local_api.url, KEY)) as client:
        assert (await client.list_vaults()).items == []
        assert (await client.list_personas()).items == []
        assert (await client.list_profiles()).items == []


def test_the_contract_is_told_to_anybody_as_it_is_published(local_api: LocalApi):
    for path in ("/openapi.json", "/openapi.json/"):
        answer = httpx.get(local_api.url + path, trust_env=False)
        assert answer.headers["content-type"] == "application/json"
        assert json.loads(answer.content) == published()


def test_other_pages_cannot_read_the_contract(local_api: LocalApi):
    answer = httpx.get(f"{local_api.url}/openapi.json", headers={"Origin": "https://evil.example"}, trust_env=False)
    assert answer.status_code == 403
