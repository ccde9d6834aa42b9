from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Product:
    slug: str
    name: str
    price: Decimal
    about: str
    stock: int = 12


SIZES: Final = {"small": ("Small", Decimal("-4.00")), "medium": ("Medium", Decimal(0)), "large": ("Large", Decimal("6.00"))}

PRODUCTS: Final = (
    Product("blue-teapot", "Blue Teapot", Decimal("24.00"), "Glazed stoneware, holds four cups, does not drip."),
    Product("red-teapot", "Red Teapot", Decimal("26.50"), "The same pot in the red of old letter boxes."),
    Product("glass-teapot", "Glass Teapot", Decimal("31.00"), "Watch the leaves open. Comes with a steel strainer."),
    Product("iron-teapot", "Iron Teapot", Decimal("48.00"), "Cast iron, enamelled inside, warm for an hour.", stock=3),
    Product("morning-cup", "Morning Cup", Decimal("9.50"), "A wide cup with a thick rim."),
    Product("travel-mug", "Travel Mug", Decimal("18.00"), "Closes tightly and fits a bicycle holder."),
    Product("milk-jug", "Milk Jug", Decimal("12.00"), "Pours to the last drop."),
    Product("sugar-bowl", "Sugar Bowl", Decimal("11.00"), "With a lid and a notch for the spoon."),
    Product("tea-tray", "Tea Tray", Decimal("22.00"), "Ash wood, oiled, with two handles."),
    Product("kettle", "Kettle", Decimal("39.00"), "A gooseneck kettle for slow pouring."),
    Product("bamboo-whisk", "Bamboo Whisk", Decimal("14.00"), "A hundred fine tines for matcha."),
    Product("tea-timer", "Tea Timer", Decimal("8.00"), "Three, four and five minutes of sand."),
    Product("earl-grey", "Earl Grey Tin", Decimal("7.25"), "Black tea with bergamot, 100 g."),
    Product("sencha", "Sencha Tin", Decimal("8.75"), "Green tea, first harvest, 100 g."),
)
BY_SLUG: Final = {product.slug: product for product in PRODUCTS}


def money(amount: Decimal) -> str:
    return f"£{amount:.2f}"


def price_in(product: Product, size: str) -> Decimal:
    return max(product.price + SIZES[size][1], Decimal("1.00"))


def found(query: str) -> list[Product]:
    words = query.casefold().split()
    return [product for product in PRODUCTS if all(word in f"{product.name} {product.about}".casefold() for word in words)]
