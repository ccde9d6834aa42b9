import hmac
import re
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from notte_dashboard.local_api.demo.markup import Markup, html, joined, page
from notte_dashboard.local_api.demo.requests import form_values
from notte_dashboard.local_api.demo.visitors import remember, visitor_of

TOPICS: Final = {"general": "General question", "order": "An order", "wholesale": "Wholesale"}
EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
USERNAME: Final = "demo"
PASSWORD: Final = "demo"  # noqa: S105 - printed on the page itself


async def contact(request: Request) -> Response:
    if request.method == "GET":
        return _contact_form(request, {"topic": "general"}, {})
    values = await form_values(request)
    errors = _contact_errors(values)
    if errors:
        return _contact_form(request, values, errors)
    copy = f"A copy goes to {values['email']}." if values.get("copy") else f"We answer to {values['email']}."
    topic = TOPICS[values["topic"]]
    return page(request, "contact_sent.html", title="Message sent", name=values["name"], topic=topic, copy=copy)


def _contact_errors(values: dict[str, str]) -> dict[str, str]:
    errors = {}
    if not values.get("name"):
        errors["name"] = "Enter your name."
    if not EMAIL.fullmatch(values.get("email", "")):
        errors["email"] = "Enter an e-mail address like ann@example.com."
    if values.get("topic") not in TOPICS:
        errors["topic"] = "Choose a topic from the list."
    if not values.get("message"):
        errors["message"] = "Write a message."
    return errors


def _contact_form(request: Request, values: dict[str, str], errors: dict[str, str]) -> Response:
    names = ("name", "email", "topic", "message")
    return page(
        request,
        "contact.html",
        title="Contact us" if not errors else "Please correct the form",
        status=422 if errors else 200,
        problem=_summary(errors),
        topics=joined([_topic(key, label, values.get("topic", "")) for key, label in TOPICS.items()]),
        checked=Markup(" checked") if values.get("copy") else Markup(),
        **{f"{name}_value": values.get(name, "") for name in names},
        **{f"{name}_error": _field_error(name, errors) for name in names},
        **{f"{name}_marks": _field_marks(name, errors) for name in names},
    )


def _summary(errors: dict[str, str]) -> Markup:
    if not errors:
        return Markup()
    count = "1 field needs" if len(errors) == 1 else f"{len(errors)} fields need"
    return html(
        '<p class="problem" role="alert">Not sent: $count your attention. $all</p>', count=count, all=" ".join(errors.values())
    )


def _field_error(name: str, errors: dict[str, str]) -> Markup:
    if name not in errors:
        return Markup()
    return html('<span class="error" id="$name-error">$error</span>', name=name, error=errors[name])


def _field_marks(name: str, errors: dict[str, str]) -> Markup:
    return html(' aria-invalid="true" aria-describedby="$name-error"', name=name) if name in errors else Markup()


def _topic(key: str, label: str, chosen: str) -> Markup:
    mark = Markup(" selected") if key == chosen else Markup()
    return html('<option value="$key"$mark>$label</option>', key=key, mark=mark, label=label)


async def login(request: Request) -> Response:
    if request.method == "GET":
        return page(request, "login.html", title="Log in", problem="", username="")
    values = await form_values(request)
    username, password = values.get("username", ""), values.get("password", "")
    if not (_same(username, USERNAME) and _same(password, PASSWORD)):
        problem = html('<p class="problem" role="alert">Wrong username or password.</p>')
        return page(request, "login.html", title="Log in", status=422, problem=problem, username=username)
    visitor = visitor_of(request)
    visitor.username = username
    return remember(request, RedirectResponse(f"{request.scope.get('root_path', '')}/account", 303), visitor)


async def account(request: Request) -> Response:
    visitor = visitor_of(request)
    if not visitor.username:
        return RedirectResponse(f"{request.scope.get('root_path', '')}/login", 303)
    return page(request, "account.html", title="Your account", username=visitor.username)


async def logout(request: Request) -> Response:
    visitor = visitor_of(request)
    visitor.username = ""
    return remember(request, RedirectResponse(f"{request.scope.get('root_path', '')}/", 303), visitor)


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
