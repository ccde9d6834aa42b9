from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import urlencode

from notte_dashboard.local_api.demo.markup import Markup, html, joined

Item = TypeVar("Item")


def pages_of(items: Sequence[Item], size: int) -> int:
    return max(1, -(-len(items) // size))


def items_on(items: Sequence[Item], number: int, size: int) -> Sequence[Item]:
    return items[(number - 1) * size : number * size]


def page_links(path: str, number: int, last: int, kept: dict[str, str]) -> Markup:
    if last == 1:
        return Markup()
    parts = []
    if number > 1:
        parts.append(html('<a rel="prev" href="$url">Previous page</a>', url=address(path, kept, number - 1)))
    parts.append(html("<span>Page $number of $last</span>", number=number, last=last))
    if number < last:
        parts.append(html('<a rel="next" href="$url">Next page</a>', url=address(path, kept, number + 1)))
    return html('<nav class="pages" aria-label="Pages">$parts</nav>', parts=joined(parts))


def address(path: str, kept: dict[str, str], number: int) -> str:
    return f"{path}?{urlencode({**{name: value for name, value in kept.items() if value}, 'page': number})}"
