"""Who is who, by cookie, in memory: at most so many, the oldest leave first."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

COOKIE: Final = "demo_visitor"
MOST_VISITORS: Final = 500
MOST_LINES: Final = 20
MOST_OF_ONE: Final = 99


@dataclass(slots=True)
class Visitor:
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    username: str = ""
    cart: dict[tuple[str, str], int] = field(default_factory=dict)

    def put_in_cart(self, product: str, size: str, quantity: int) -> None:
        line = (product, size)
        if line in self.cart or len(self.cart) < MOST_LINES:
            self.cart[line] = min(self.cart.get(line, 0) + quantity, MOST_OF_ONE)


_visitors: OrderedDict[str, Visitor] = OrderedDict()


def visitor_of(request: Request) -> Visitor:
    """A fresh visitor is not kept before `remember`, so that pages alone fill no memory."""
    known = _visitors.get(request.cookies.get(COOKIE, ""))
    return known or Visitor()


def remember(request: Request, response: Response, visitor: Visitor) -> Response:
    _visitors[visitor.key] = visitor
    _visitors.move_to_end(visitor.key)
    while len(_visitors) > MOST_VISITORS:
        _visitors.popitem(last=False)
    path = request.scope.get("root_path", "") or "/"
    response.set_cookie(COOKIE, visitor.key, path=path, httponly=True, samesite="lax")
    return response
