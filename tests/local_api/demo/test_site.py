import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from notte_dashboard.local_api.demo import site, visitors

PAGES = [
    "/",
    "/shop",
    "/products/kettle",
    "/cart",
    "/contact",
    "/login",
    "/countries",
    "/journal",
    "/journal/water",
    "/slow?seconds=0",
    "/moving",
]


@pytest.fixture
async def web():
    transport = httpx.ASGITransport(Starlette(routes=[Mount("/demo", site)]), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://demo.test", follow_redirects=True) as client:
        yield client


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_opens_under_the_place_it_is_mounted_at(web, path):
    answer = await web.get(f"/demo{path}")
    assert answer.status_code == 200
    assert 'href="/demo/shop"' in answer.text
    assert 'href="/shop"' not in answer.text
    assert "$" not in answer.text


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_needs_another_host(web, path):
    answer = await web.get(f"/demo{path}")
    assert "http://" not in answer.text
    assert "https://" not in answer.text


async def test_the_failing_page_fails(web):
    answer = await web.get("/demo/failing")
    assert answer.status_code == 500
    assert "This page always fails." in answer.text


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere", 404), ("/products/boat", 404), ("/journal/boat", 404), ("/cart/add", 405)]
)
async def test_what_is_not_there_says_so(web, path, status):
    answer = await web.get(f"/demo{path}")
    assert answer.status_code == status
    assert 'role="alert"' in answer.text


async def test_the_search_finds_by_every_word(web):
    answer = await web.get("/demo/shop", params={"q": "teapot blue"})
    assert "1 product<" in answer.text
    assert "Blue Teapot" in answer.text


async def test_what_visitors_type_is_escaped(web):
    typed = "<script>alert(1)</script>\"'&"
    for answer in (
        await web.get("/demo/shop", params={"q": typed}),
        await web.post("/demo/contact", data={"name": typed}),
        await web.post("/demo/contact", data={"name": typed, "email": "a@b.co", "topic": "order", "message": "x"}),
        await web.post("/demo/login", data={"username": typed, "password": typed}),
    ):
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;alert" in answer.text


async def test_the_cart_adds_up(web):
    await web.post("/demo/cart/add", data={"product": "blue-teapot", "size": "large", "quantity": "2"})
    answer = await web.post("/demo/cart/add", data={"product": "kettle", "size": "medium", "quantity": "1"})
    assert answer.url.path == "/demo/cart"
    assert "£99.00" in answer.text
    answer = await web.post("/demo/cart/empty")
    assert "Your cart is empty." in answer.text


@pytest.mark.parametrize(
    "form",
    [{"product": "kettle", "size": "huge"}, {"product": "kettle", "quantity": "0"}, {"product": "kettle", "quantity": "²"}],
)
async def test_an_impossible_order_is_refused(web, form):
    assert (await web.post("/demo/cart/add", data=form)).status_code == 422


async def test_carts_are_kept_apart_and_their_number_is_bounded(web, monkeypatch):
    monkeypatch.setattr(visitors, "MOST_VISITORS", 2)
    keys = []
    for _ in range(3):
        web.cookies.clear()
        await web.post("/demo/cart/add", data={"product": "kettle"})
        keys.append(web.cookies["demo_visitor"])
    assert len(set(keys)) == 3
    web.cookies.clear()
    web.cookies.set("demo_visitor", keys[0])
    assert "Your cart is empty." in (await web.get("/demo/cart")).text


async def test_the_form_says_each_error_at_its_field_and_keeps_what_was_typed(web):
    answer = await web.post("/demo/contact", data={"name": "Ann", "email": "ann", "topic": "general", "message": ""})
    assert answer.status_code == 422
    assert 'id="email-error">Enter an e-mail address like ann@example.com.<' in answer.text
    assert 'id="message-error">Write a message.<' in answer.text
    assert 'id="name-error"' not in answer.text
    assert 'value="Ann"' in answer.text


async def test_the_form_thanks(web):
    answer = await web.post(
        "/demo/contact", data={"name": "Ann", "email": "ann@example.com", "topic": "order", "message": "Hi", "copy": "yes"}
    )
    assert "Thank you, Ann. Your message has arrived." in answer.text
    assert "A copy goes to ann@example.com." in answer.text


async def test_only_the_right_password_opens_the_account(web):
    assert (await web.get("/demo/account")).url.path == "/demo/login"
    assert "Wrong username or password." in (await web.post("/demo/login", data={"username": "demo", "password": "x"})).text
    answer = await web.post("/demo/login", data={"username": "demo", "password": "demo"})
    assert (answer.url.path, "Welcome back, demo!" in answer.text) == ("/demo/account", True)
    await web.post("/demo/logout")
    assert (await web.get("/demo/account")).url.path == "/demo/login"


@pytest.mark.parametrize(
    ("query", "first"),
    [("", "Austria"), ("?sort=population", "Germany"), ("?sort=capital", "Netherlands"), ("?sort=nonsense", "Austria")],
)
async def test_the_table_is_sorted(web, query, first):
    rows = (await web.get(f"/demo/countries{query}")).text.split("<tbody>")[1]
    assert rows.split('<th scope="row">')[1].startswith(first)


@pytest.mark.parametrize("page", ["-1", "0", "x", "²", "99999999999999", "2"])
async def test_any_page_number_is_answered(web, page):
    assert (await web.get("/demo/countries", params={"page": page})).status_code == 200


async def test_a_long_form_is_refused(web):
    assert (await web.post("/demo/contact", data={"message": "x" * 30_000})).status_code == 413
