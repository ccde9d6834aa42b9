"""The cache that all web processes share, so that they count a visitor's attempts together."""

import json
import logging
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class JsonSerializer:
    """Django's own pickles: whoever could write to Redis could then run code here."""

    def dumps(self, value: Any) -> bytes | int:
        # A whole number stays one, or Redis could not count with it.
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, stored: bytes) -> Any:
        return json.loads(stored)


class SharedCache(RedisCache):
    """Redis; while it is away each process remembers for itself, and nobody is kept from signing in."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {"serializer": JsonSerializer, **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})
        self._alone = LocMemCache("while-redis-is-away", {})

    def clear(self) -> None:
        """Django's own would empty the whole Redis, with the queue of the workers in it."""
        self._alone.clear()
        client = self._cache.get_client(None, write=True)
        for name in client.scan_iter(match=f"{self.key_prefix}:*"):
            client.delete(name)


def _either(name: str) -> Any:
    shared, alone = getattr(RedisCache, name), getattr(LocMemCache, name)

    def call(self: SharedCache, *args: Any, **named: Any) -> Any:
        try:
            return shared(self, *args, **named)
        except (RedisError, OSError) as error:
            logger.warning("Redis does not answer, the cache is this process's own: %s", error)
            return alone(self._alone, *args, **named)

    return call


for _name in ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many"):
    setattr(SharedCache, _name, _either(_name))
