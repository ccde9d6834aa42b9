"""Fields that a newer or older API does not know: which they are, and the same request without them."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from notte_dashboard.schema_forms.errors import dotted

UNKNOWN = "extra_forbidden"
IN_WORDS = "extra inputs are not permitted"
Loc = tuple[str | int, ...]


class Refused(NamedTuple):
    name: str
    """As in `proxies[0].city`."""
    path: Loc

    @property
    def query(self) -> str:
        return urlencode({"field": self.name})


def refused_fields(request: Mapping[str, Any], reasons: Iterable[Mapping[str, Any]]) -> list[Refused]:
    """What the API called unknown and the request really holds."""
    found = []
    for reason in reasons:
        if reason.get("type") != UNKNOWN and IN_WORDS not in str(reason["msg"]).lower():
            continue
        loc = tuple(reason["loc"])
        path = _really_there(request, loc[1:] if loc[:1] == ("body",) else loc)
        if path:
            found.append(Refused(dotted(path), path))
    return list(dict.fromkeys(found))


def without(request: dict[str, Any], fields: Sequence[Refused]) -> dict[str, Any]:
    """Later entries of a list first, so that the earlier ones keep their numbers."""
    left = copy.deepcopy(request)
    for field in sorted(fields, key=lambda each: [str(part).zfill(9) for part in each.path], reverse=True):
        holder: Any = left
        for part in field.path[:-1]:
            holder = holder[part]
        del holder[field.path[-1]]
    return left


def _really_there(request: Mapping[str, Any], loc: Loc) -> Loc:
    """The API puts the tags of unions between names: what the request does not have is passed over."""
    place: Any = request
    path: list[str | int] = []
    for part in loc:
        if _has(place, part):
            place = place[part]
            path.append(part)
    last = loc[-1] if loc else None
    return tuple(path) if path and path[-1] == last else ()


def _has(place: Any, part: str | int) -> bool:
    if isinstance(place, list):
        return isinstance(part, int) and 0 <= part < len(place)
    return isinstance(place, Mapping) and part in place
