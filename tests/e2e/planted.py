"""Secrets as a user types them, and a search for them in every spelling that a program could write them in."""

import base64
import html
import json
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

# Signs that each encoding writes in its own way, but none that a header, a key or a host can't hold.
SECRETS = {
    "proxy password": 'pl4nted-proxy/+"w\u00f6rd&x',
    "OAuth secret": 'pl4nted-oauth/+"s\u00e9cret&x',
    "header value": "pl4nted-header/+value&x=",
    "notifier token": 'pl4nted-notifier/+"t\u00f6ken&x',
    "address password": "pl4nted-address-password",
    "API key": "pl4nted-api-key/+0123456789&x",
    "account password": "pl4nted-account-password-7",
}


def spellings(secret: str) -> set[str]:
    """Plain, in JSON, in HTML, in an URL once and twice, in base64 wherever in it the secret begins, in hex."""
    plain = {secret, html.escape(secret), quote(secret, safe=""), quote_plus(secret), quote(quote(secret, safe=""), safe="")}
    quoted = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    quoted |= {json.dumps(each)[1:-1] for each in quoted} | {html.escape(each) for each in quoted}
    return plain | quoted | set(_base64(secret)) | {secret.encode().hex()}


def _base64(secret: str) -> Iterator[str]:
    for text in {secret, json.dumps(secret)[1:-1]}:
        for shift in range(3):
            encoded = base64.b64encode(b"\0" * shift + text.encode()).decode().rstrip("=")
            inner = encoded[(0, 2, 3)[shift] : -2]
            yield inner
            yield inner.replace("+", "-").replace("/", "_")


def found_in(text: str, secrets: dict[str, str]) -> list[str]:
    return [name for name, secret in secrets.items() if any(each in text for each in spellings(secret))]
