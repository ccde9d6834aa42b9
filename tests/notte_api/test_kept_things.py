"""Vaults, personas and profiles as the API lists them."""

import json

import pytest

from notte_dashboard.notte_api.answers import PersonaAnswer, ProfileAnswer, VaultAnswer, read_page
from notte_dashboard.notte_api.connection import Connection

CONNECTION = Connection("https://api.notte.cc", "key-1234567890")


@pytest.mark.parametrize(
    ("kind", "entry", "read"),
    [
        (VaultAnswer, {"vault_id": "v", "name": "Shop logins"}, ("v", "Shop logins")),
        (VaultAnswer, {"vault_id": "v", "name": 7, "created_at": "soon", "for_persona": "maybe"}, ("v", None)),
        (PersonaAnswer, {"persona_id": "p", "first_name": "Ada", "last_name": "Byron", "email": "a@x"}, ("p", "Ada Byron")),
        (PersonaAnswer, {"persona_id": "p", "first_name": None, "last_name": [], "email": "a@x"}, ("p", "a@x")),
        (PersonaAnswer, {"persona_id": "p"}, ("p", "")),
        (ProfileAnswer, {"profile_id": "f", "name": None, "persisted_domains": ["a.example", 3]}, ("f", None)),
        (ProfileAnswer, {"profile_id": 5, "persisted_domains": "all"}, ("5", None)),
    ],
)
def test_what_the_account_keeps_needs_an_id_only(kind, entry, read):
    page = read_page(json.dumps([entry, {"name": "no id"}]).encode(), CONNECTION, kind, page=1, page_size=50)
    id_field = next(iter(kind.model_fields))
    assert [(getattr(item, id_field), item.name) for item in page.items] == [read]
    assert page.skipped == 1
