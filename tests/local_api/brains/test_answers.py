"""Answers from views made by hand: what a page shows, in each of its forms."""

import pytest

from notte_dashboard.local_api.brains.interface import Card, Element, Heading, ItemList, PageView, Pair, Table
from notte_dashboard.local_api.brains.rules.answers import answer
from notte_dashboard.local_api.brains.rules.instructions import Ask
from notte_dashboard.local_api.brains.rules.parse import parse
from notte_dashboard.local_api.brains.rules.prices import amount, price_in
from notte_dashboard.local_api.brains.rules.words import likeness

COUNTRIES = Table(
    "Countries",
    ("Country", "Capital", "Population (millions)"),
    (("Spain", "Madrid", "49.0"), ("Portugal", "Lisbon", "10.7"), ("Italy", "Rome", "59.0")),
)
SHOP = PageView(
    url="http://shop.test/",
    title="Shop",
    text="Shop\nWelcome to our shop, dear guest\n36 products\nBlue Teapot\n£24.00\nOpening hours: 9 to 5\nStock\n12",
    headings=(Heading(1, "Shop"), Heading(2, "Blue Teapot")),
    paragraphs=("Welcome to our shop, dear guest", "£24.00"),
    cards=(Card("Blue Teapot", "Blue Teapot £24.00"), Card("Red Teapot", "Red Teapot 26,50 €")),
    lists=(ItemList("Categories", ("Tea", "Pots")),),
    pairs=(Pair("Order number", "HL-1"),),
    elements=(Element("I1", "spinbutton", "Quantity", value="3"), Element("I2", "textbox", "Password", kind="password")),
)
TABLE = PageView(url="http://table.test/", title="Countries", tables=(COUNTRIES,))
CART = PageView(
    url="http://cart.test/",
    title="Cart",
    tables=(Table("Cart", ("Product", "Sum"), (("Kettle", "£39.00"), ("Total", "£39.00"))),),
)


def asked(task, view):
    [instruction] = parse(task)
    assert isinstance(instruction.meaning, Ask), instruction
    return answer(instruction.meaning.question, view)


@pytest.mark.parametrize(
    ("task", "view", "expected"),
    [
        ("What is the title?", SHOP, "Shop"),
        ("What is the URL?", SHOP, "http://shop.test/"),
        ("Tell me the headings", SHOP, "Shop\nBlue Teapot"),
        ("What is the second heading?", SHOP, "Blue Teapot"),
        ("What is the price of the blue teapot?", SHOP, "£24.00"),
        ("What is the price of the last product?", SHOP, "26,50 €"),
        ("How many products are there?", SHOP, "36"),
        ("How many products are on this page?", SHOP, "2"),
        ("How many buttons are there?", SHOP, "0"),
        ("List the products with prices", SHOP, "Blue Teapot: £24.00\nRed Teapot: 26,50 €"),
        ("List the categories", SHOP, "Tea\nPots"),
        ("What is the most expensive product?", SHOP, "Red Teapot (26,50 €)"),
        ("What is the order number?", SHOP, "HL-1"),
        ("What are the opening hours?", SHOP, "9 to 5"),
        ("What is the stock?", SHOP, "12"),
        ("What is the quantity?", SHOP, "3"),
        ("Read the welcome text", SHOP, "Welcome to our shop, dear guest"),
        ("Is there a 'Red Teapot'?", SHOP, "No, the page does not show 'Red Teapot'."),
        ("Does the page mention guests?", SHOP, "Yes, the page shows 'guests'."),
        ("What is the capital of Portugal?", TABLE, "Lisbon"),
        ("What is the population of spain?", TABLE, "49.0"),
        ("Which country has the capital Rome?", TABLE, "Italy"),
        ("Which country has the lowest population?", TABLE, "Portugal (10.7)"),
        ("Show the row for Italy", TABLE, "Country: Italy, Capital: Rome, Population (millions): 59.0"),
        ("What is the second row?", TABLE, "Country: Portugal, Capital: Lisbon, Population (millions): 10.7"),
        ("List the capitals", TABLE, "Madrid\nLisbon\nRome"),
        ("What is the total?", CART, "£39.00"),
        ("What is the total of the cart?", CART, "£39.00"),
    ],
)
def test_a_question_is_answered_from_the_page(task, view, expected):
    assert asked(task, view) == expected


@pytest.mark.parametrize(
    ("task", "view"),
    [
        ("What is the price of the green teapot?", SHOP),
        ("What is the price?", SHOP),
        ("What is the price of the ninth heading?", SHOP),
        ("What is the capital of Atlantis?", TABLE),
        ("What is the currency of Spain?", TABLE),
        ("What is the shoe size?", SHOP),
        ("What is the password?", SHOP),
        ("What is the title?", PageView(url="http://x.test/", title="")),
        ("List the products", TABLE),
    ],
)
def test_what_the_page_does_not_show_has_no_answer(task, view):
    assert asked(task, view) is None


@pytest.mark.parametrize(
    ("text", "price", "value"),
    [
        ("now £1,234.50!", "£1,234.50", "1234.50"),
        ("24 € each", "24 €", "24"),
        ("CHF 12.90", "CHF 12.90", "12.90"),
        ("1.299,00 €", "1.299,00 €", "1299.00"),
        ("$5", "$5", "5"),
        ("room 24", None, None),
    ],
)
def test_prices_are_read_as_people_write_them(text, price, value):
    found = price_in(text)
    assert found == price
    assert (str(amount(found)) if found else None) in {value, f"{value}.0"}


@pytest.mark.parametrize(
    ("name", "wanted", "alike"),
    [
        ("E-mail address", "email", True),
        ("Log in", "login button", True),
        ("Countries", "country page", True),
        ("Add to cart", "add to basket", True),
        ("Réserver", "reserver", True),
        ("Submit", "Sumbit", True),
        ("Kettle", "kettel", True),
        ("Red Teapot", "Blue Teapot", False),
        ("Shop", "shop opening times", False),
        ("Name", "Username", False),
        ("", "anything", False),
        ("x" * 100_000, "y" * 100_000, False),
    ],
)
def test_names_are_compared_as_people_mean_them(name, wanted, alike):
    assert (likeness(name, wanted) >= 0.7) is alike
