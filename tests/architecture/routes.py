"""Every route of the resolver, with its address as a template."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern


class Route(NamedTuple):
    name: str
    address: str
    """With {names} where something is to be filled in."""

    def at(self, things: dict[str, Any]) -> str:
        return "/" + self.address.format(**things)


def routes() -> list[Route]:
    return list(_walk(get_resolver()))


def _walk(resolver: URLResolver, namespace: str = "", before: str = "") -> Iterator[Route]:
    for each in resolver.url_patterns:
        address = before + _template(each)
        if isinstance(each, URLResolver):
            yield from _walk(each, namespace + (f"{each.namespace}:" if each.namespace else ""), address)
        else:
            yield Route(namespace + (each.name or ""), address)


def _template(each: URLPattern | URLResolver) -> str:
    text = str(each.pattern)
    if isinstance(each.pattern, RegexPattern):
        return re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"{\1}", text.removeprefix("^").removesuffix("$"))
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", text)
