from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

LONGEST_BODY = 20_000
LONGEST_VALUE = 2_000


async def form_values(request: Request) -> dict[str, str]:
    """Reads url-encoded forms only, so that no multipart parser is needed."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            raise HTTPException(413, "The form is too long.")
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50)
    return {name: values[-1].strip()[:LONGEST_VALUE] for name, values in fields.items()}


def query_text(request: Request, name: str) -> str:
    return request.query_params.get(name, "").strip()[:200]


def query_number(request: Request, name: str, *, default: int, lowest: int, highest: int) -> int:
    """Anything that is not a number is the default: a demo page has no reason to fail on its address."""
    text = request.query_params.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default  # noqa: PLR2004 - longer is no page
    return min(max(number, lowest), highest)
