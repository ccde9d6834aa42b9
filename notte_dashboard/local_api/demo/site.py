import asyncio
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from notte_dashboard.local_api.demo import forms, reading, shop
from notte_dashboard.local_api.demo.markup import page
from notte_dashboard.local_api.demo.requests import query_number

STATIC: Final = Path(__file__).parent / "static"
LONGEST_WAIT: Final = 10


async def home(request: Request) -> Response:
    return page(request, "home.html", title="Welcome")


async def slow(request: Request) -> Response:
    seconds = query_number(request, "seconds", default=3, lowest=0, highest=LONGEST_WAIT)
    await asyncio.sleep(seconds)
    return page(request, "slow.html", title="Slow page", seconds=seconds)


async def failing(request: Request) -> Response:
    return page(request, "failing.html", title="Something broke", status=500)


async def moving(request: Request) -> Response:
    return page(request, "moving.html", title="Moving page")


async def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    heading = {404: "Page not found", 405: "Not possible here"}.get(error.status_code, "That did not work")
    return page(request, "refused.html", title=heading, status=error.status_code, heading=heading, detail=error.detail)


site = Starlette(
    routes=[
        Route("/", home, name="home"),
        Route("/shop", shop.shop),
        Route("/products/{slug}", shop.product_page),
        Route("/cart", shop.cart),
        Route("/cart/add", shop.add_to_cart, methods=["POST"]),
        Route("/cart/empty", shop.empty_cart, methods=["POST"]),
        Route("/contact", forms.contact, methods=["GET", "POST"]),
        Route("/login", forms.login, methods=["GET", "POST"]),
        Route("/logout", forms.logout, methods=["POST"]),
        Route("/account", forms.account),
        Route("/countries", reading.countries),
        Route("/journal", reading.journal),
        Route("/journal/{slug}", reading.article),
        Route("/slow", slow),
        Route("/failing", failing),
        Route("/moving", moving),
        Mount("/static", StaticFiles(directory=STATIC), name="static"),
    ],
    exception_handlers={HTTPException: refused},
)
