"""Connections that never reach a private network, whatever a host name resolves to at that moment."""

import errno
import ipaddress
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver


def leads_inside(host: str) -> bool:
    """Whether this is an address, not a name, and not a public one."""
    try:
        return not is_public(host)
    except ValueError:
        return False


def is_public(address: str) -> bool:
    """An IPv6 address that stands for an IPv4 one is judged as that one."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return _is_public(found) and (mapped is None or _is_public(mapped))


def _is_public(found: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return found.is_global and not found.is_multicast


class PublicResolver(AbstractResolver):
    """Resolves as the system does, and leaves out what is private: a name that was public a moment ago may be no longer."""

    def __init__(self) -> None:
        self._system = ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, *args: Any, **named: Any) -> list[ResolveResult]:
        found = [each for each in await self._system.resolve(host, port, *args, **named) if is_public(each["host"])]
        if not found:
            raise OSError(errno.EHOSTUNREACH, f"{host} belongs to a private network")
        return found

    async def close(self) -> None:
        await self._system.close()
