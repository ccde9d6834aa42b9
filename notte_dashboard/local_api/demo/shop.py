from decimal import Decimal
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from notte_dashboard.local_api.demo.catalogue import BY_SLUG, SIZES, Product, found, money, price_in
from notte_dashboard.local_api.demo.markup import SHOP_NAME, Markup, html, joined, page, template_text
from notte_dashboard.local_api.demo.paging import items_on, page_links, pages_of
from notte_dashboard.local_api.demo.requests import form_values, query_number, query_text
from notte_dashboard.local_api.demo.visitors import MOST_OF_ONE, Visitor, remember, visitor_of

PAGE_SIZE: Final = 6


async def shop(request: Request) -> Response:
    query = query_text(request, "q")
    products = found(query)
    last = pages_of(products, PAGE_SIZE)
    number = query_number(request, "page", default=1, lowest=1, highest=last)
    root = request.scope.get("root_path", "")
    return page(
        request,
        "shop.html",
        title=f"Search: {query}" if query else "Shop",
        heading=f"Results for “{query}”" if query else "Shop",
        query=query,
        count=_counted(len(products)),
        cards=joined([_card(root, product) for product in items_on(products, number, PAGE_SIZE)]),
        pages=page_links(f"{root}/shop", number, last, {"q": query}),
    )


async def product_page(request: Request) -> Response:
    product = _product(request.path_params["slug"])
    stock = f"{product.stock} in stock" if product.stock > 3 else f"Only {product.stock} left"  # noqa: PLR2004 - few
    return page(
        request,
        "product.html",
        title=product.name,
        name=product.name,
        about=product.about,
        price=money(product.price),
        stock=stock,
        slug=product.slug,
        sizes=joined([_size_option(product, size) for size in SIZES]),
    )


async def add_to_cart(request: Request) -> Response:
    values = await form_values(request)
    product = _product(values.get("product", ""))
    size = values.get("size", "medium")
    quantity = values.get("quantity", "1")
    if size not in SIZES or not (quantity.isascii() and quantity.isdigit() and 0 < int(quantity[:4]) <= MOST_OF_ONE):
        raise HTTPException(422, f"Choose a size we have and between 1 and {MOST_OF_ONE} pieces.")
    visitor = visitor_of(request)
    visitor.put_in_cart(product.slug, size, int(quantity))
    return remember(request, RedirectResponse(f"{request.scope.get('root_path', '')}/cart", 303), visitor)


async def cart(request: Request) -> Response:
    visitor = visitor_of(request)
    return page(request, "cart.html", title="Your cart", content=_cart_content(request, visitor))


async def empty_cart(request: Request) -> Response:
    visitor = visitor_of(request)
    visitor.cart.clear()
    return remember(request, RedirectResponse(f"{request.scope.get('root_path', '')}/cart", 303), visitor)


def _cart_content(request: Request, visitor: Visitor) -> Markup:
    root = request.scope.get("root_path", "")
    if not visitor.cart:
        return html('<p role="status">Your cart is empty.</p><p><a href="$root/shop">Go to the shop</a></p>', root=root)
    rows = [_cart_row(BY_SLUG[slug], size, quantity) for (slug, size), quantity in visitor.cart.items()]
    total = sum((price_in(BY_SLUG[slug], size) * quantity for (slug, size), quantity in visitor.cart.items()), Decimal(0))
    return html(template_text("cart_table.html"), root=root, rows=joined(rows), total=money(total))


def _cart_row(product: Product, size: str, quantity: int) -> Markup:
    price = price_in(product, size)
    cells = (SIZES[size][0], quantity, money(price), money(price * quantity))
    data = joined([html("<td>$cell</td>", cell=cell) for cell in cells])
    return html('<tr><th scope="row">$name</th>$data</tr>', name=product.name, data=data)


def _card(root: str, product: Product) -> Markup:
    return html(
        '<article class="card"><h2><a href="$url">$name</a></h2><p>$about</p><p class="price">$price</p></article>',
        url=f"{root}/products/{product.slug}",
        name=product.name,
        about=product.about,
        price=money(product.price),
    )


def _size_option(product: Product, size: str) -> Markup:
    label = f"{SIZES[size][0]} ({money(price_in(product, size))})"
    chosen = Markup(" selected") if size == "medium" else Markup()
    return html('<option value="$size"$chosen>$label</option>', size=size, chosen=chosen, label=label)


def _product(slug: str) -> Product:
    if slug not in BY_SLUG:
        raise HTTPException(404, f"{SHOP_NAME} sells no such thing.")
    return BY_SLUG[slug]


def _counted(number: int) -> str:
    return "1 product" if number == 1 else f"{number} products"
