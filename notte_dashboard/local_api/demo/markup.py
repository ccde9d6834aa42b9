"""Pages from `templates/`: `$name` places, every value escaped unless it is `Markup` already."""

from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

TEMPLATES: Final = Path(__file__).parent / "templates"
SHOP_NAME: Final = "Harbour Lane"


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def html(template: str, /, **values: object) -> Markup:
    return Markup(Template(template).substitute({name: _escaped(value) for name, value in values.items()}))


def joined(parts: list[Markup]) -> Markup:
    return Markup("".join(parts))


def page(request: Request, name: str, /, *, title: str, status: int = 200, **values: object) -> HTMLResponse:
    root = request.scope.get("root_path", "")
    main = html(template_text(name), root=root, **values)
    whole = html(template_text("base.html"), root=root, title=title, shop=SHOP_NAME, main=main)
    return HTMLResponse(whole, status_code=status, headers={"Cache-Control": "no-store"})


@cache
def template_text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _escaped(value: object) -> str:
    return value if isinstance(value, Markup) else escape(str(value))
