import pytest

from notte_dashboard.local_api.brains.rules.clauses import LONGEST_CLAUSE, without_secrets
from notte_dashboard.local_api.brains.rules.instructions import (
    AddToCart,
    Ask,
    Check,
    Click,
    Fill,
    Find,
    Kind,
    Login,
    Move,
    Open,
    Press,
    Question,
    Scroll,
    Search,
    Select,
    Submit,
    SwitchTab,
    Unknown,
    Wait,
)
from notte_dashboard.local_api.brains.rules.parse import parse


def read(task):
    return [one.meaning for one in parse(task)]


@pytest.mark.parametrize(
    ("task", "meaning"),
    [
        ("Go to http://127.0.0.1:9/x", Open("http://127.0.0.1:9/x")),
        ("go to example.com", Open("example.com")),
        ("Please visit https://example.com/a?b=c.", Open("https://example.com/a?b=c")),
        ("https://example.com/", Open("https://example.com/")),
        ("Open the slow page", Open("slow page")),
        ("Could you open the journal in a new tab?", Open("journal", new_tab=True)),
        ("Click 'Next page'", Click("Next page")),
        ("click on next page", Click("next page")),
        ("Click the “Add to cart” button", Click("Add to cart button")),
        ("Click on 'Don't ask'", Click("Don't ask")),
        ("Press the Save button", Click("Save button")),
        ("Press Enter", Press("Enter")),
        ("hit the escape key", Press("Escape")),
        ("Sort the table by population", Click("population")),
        ("Search for 'teapot'", Search("teapot")),
        ("search for blue teapot on the site", Search("blue teapot")),
        ("Look up kettle", Search("kettle")),
        ("Use the search box to find tea", Search("tea")),
        ("Type 'kettle' in the search box", Fill((("search", "kettle"),))),
        ("Enter 'Ann' as name", Fill((("name", "Ann"),))),
        ("Set quantity to 3", Fill((("quantity", "3"),))),
        ("Fill in the email field with ann@example.com", Fill((("email", "ann@example.com"),))),
        ("Type 'hello'", Fill((("", "hello"),))),
        ("Enter name 'Ann' and email 'a@b.co'", Fill((("name", "Ann"), ("email", "a@b.co")))),
        ("Fill in the form: name: Ann, email: ann@example.com", Fill((("name", "Ann"), ("email", "ann@example.com")))),
        (
            "Fill the contact form with name 'Ann', email 'ann@example.com' and message 'Hi, and bye. Submit?'",
            Fill((("name", "Ann"), ("email", "ann@example.com"), ("message", "Hi, and bye. Submit?")), form="contact"),
        ),
        ("Select 'Large' as size", Select("Large", "size")),
        ("Choose Large from the Size dropdown", Select("Large", "Size")),
        ("Pick 'Express'", Select("Express")),
        ("Tick 'Send me a copy'", Check("Send me a copy")),
        ("check the newsletter checkbox", Check("newsletter")),
        ("Uncheck newsletter", Check("newsletter", on=False)),
        ("Accept the terms", Check("terms")),
        ("Submit the form", Submit()),
        ("send it", Submit()),
        ("Add it to the cart", AddToCart()),
        ("Put the Blue Teapot into my basket", AddToCart("Blue Teapot")),
        ("Log in with username 'demo' and password 'a b'", Login("demo", "a b")),
        ("Sign in as ann@example.com with password s3cret", Login("ann@example.com", "s3cret")),
        ("log in with demo/demo", Login("demo", "demo")),
        ("Log in", Click("log in")),
        ("Scroll down", Scroll()),
        ("scroll to the bottom of the page", Scroll(to="end")),
        ("Scroll up", Scroll(up=True)),
        ("Go back", Move("go_back")),
        ("Reload the page", Move("reload")),
        ("Switch to tab 2", SwitchTab(1)),
        ("Wait 2 seconds", Wait(seconds=2)),
        ("Wait for 'Done' to appear", Wait(text="Done")),
        ("Find the Blue Teapot", Find("Blue Teapot")),
    ],
)
def test_an_instruction_is_read(task, meaning):
    assert read(task) == [meaning]


@pytest.mark.parametrize(
    ("task", "question"),
    [
        ("What is the title of the page?", Question(Kind.TITLE)),
        ("Tell me the page title", Question(Kind.TITLE)),
        ("What's the URL?", Question(Kind.URL)),
        ("say its heading", Question(Kind.HEADING, number=1)),
        ("What is the second heading?", Question(Kind.HEADING, number=2)),
        ("List all headings", Question(Kind.HEADINGS)),
        ("What does the first paragraph say?", Question(Kind.PARAGRAPH, number=1)),
        ("Read the page", Question(Kind.TEXT)),
        ("What does the page say?", Question(Kind.MESSAGE)),
        ("Tell me what happens", Question(Kind.MESSAGE)),
        ("What error message is shown?", Question(Kind.MESSAGE)),
        ("Summarise the page", Question(Kind.MESSAGE)),
        ("Find the price of the Blue Teapot", Question(Kind.PRICE, subject="blue teapot")),
        ("how much is the iron teapot", Question(Kind.PRICE, subject="iron teapot")),
        ("What does the Travel Mug cost?", Question(Kind.PRICE, subject="travel mug")),
        ("Tell me the kettle's price", Question(Kind.PRICE, subject="kettle")),
        ("tell me its price", Question(Kind.PRICE)),
        ("give me the price of the first result", Question(Kind.PRICE, subject="result", number=1)),
        ("How many products are there?", Question(Kind.COUNT, wanted="products")),
        ("How many links are on this page?", Question(Kind.COUNT, wanted="links", column="here")),
        ("Count the rows", Question(Kind.COUNT, wanted="rows")),
        ("list the products", Question(Kind.ITEMS, wanted="products")),
        ("List the products and their prices", Question(Kind.ITEMS, wanted="products", with_prices=True)),
        ("What is the name of the second product?", Question(Kind.ITEM, wanted="product", number=2)),
        ("In the table, what is the capital of Portugal?", Question(Kind.CELL, wanted="capital", subject="portugal")),
        ("What is Portugal's capital?", Question(Kind.CELL, wanted="capital", subject="portugal")),
        ("Which country has the capital Rome?", Question(Kind.WHERE, wanted="country", column="capital", subject="rome")),
        ("Show the row where the capital is Lisbon", Question(Kind.ROW, column="capital", subject="lisbon")),
        (
            "Which country has the highest population?",
            Question(Kind.EXTREME, wanted="country", column="population", highest=True),
        ),
        ("What's the cheapest product?", Question(Kind.EXTREME, wanted="product", column="price")),
        ("Is there a product called 'Tea Tray'?", Question(Kind.CONTAINS, subject="Tea Tray")),
        ("Check if the page contains 'tea'", Question(Kind.CONTAINS, subject="tea")),
        ("What is the order number?", Question(Kind.VALUE, wanted="order number")),
        ("tell me the total", Question(Kind.VALUE, wanted="total")),
        ("read the welcome text", Question(Kind.VALUE, wanted="welcome text")),
    ],
)
def test_a_question_is_read(task, question):
    assert read(task) == [Ask(question)]


@pytest.mark.parametrize(
    ("task", "kinds"),
    [
        ("1. Open the shop\n2. Search for kettle\n3. Tell me the price of the kettle", [Open, Search, Ask]),
        ("Open the shop; search for kettle; click the first result", [Open, Search, Click]),
        ("Open the shop, then search for kettle and then press Enter.", [Open, Search, Press]),
        ("Please go to the shop, click on the Blue Teapot and, finally, tell me its price. Thanks!", [Open, Click, Ask]),
        ("Select 'Large' as size, add it to the cart and tell me the total", [Select, AddToCart, Ask]),
        ("Click 'Next page' and list the products", [Click, Ask]),
        ("List the products on the second page", [Click, Ask]),
        ("Tell me the title and the first heading", [Ask, Ask]),
        ("What are the name and price of the first result?", [Ask, Ask]),
        ("Search for bread and butter", [Search]),
        ("On the countries page, what is the capital of Spain?", [Open, Ask]),
    ],
)
def test_a_task_is_cut_into_its_wishes(task, kinds):
    assert [type(meaning) for meaning in read(task)] == kinds


def test_a_shared_ending_belongs_to_both_questions():
    first, second = read("What are the name and price of the first result?")
    assert first == Ask(Question(Kind.ITEM, wanted="result", number=1))
    assert second == Ask(Question(Kind.PRICE, subject="result", number=1))


@pytest.mark.parametrize(
    "task",
    [
        "Book a flight to Rome",
        "Sing a song",
        "If the price is below 10, buy it",
        "Buy it if it is cheap",
        "Repeat this for every product",
        "Fill the contact form",
        "Click " + "x" * LONGEST_CLAUSE,
        "日本語",
    ],
)
def test_what_is_not_understood_is_told_as_such(task):
    assert Unknown() in read(task)


def test_the_operators_words_are_kept_for_the_report():
    assert [one.text for one in parse("Open 'The Shop', then sing 'La la'.")] == ["Open 'The Shop'", "sing 'La la'"]


@pytest.mark.parametrize("task", ["", "   ", "Thanks!", "?!.", ";;;"])
def test_a_task_without_a_wish_has_no_instructions(task):
    assert parse(task) == []


@pytest.mark.parametrize(
    "task", ["a." * 2500, "'" * 5000, "go to " * 800, "the " * 1200 + "price", "1.2.3.4." * 600, "and then " * 500]
)
@pytest.mark.timeout(10)
def test_a_strange_task_is_read_quickly(task):
    assert isinstance(parse(task), list)


@pytest.mark.parametrize(
    ("clause", "shown"),
    [
        ("Log in with username 'demo' and password 'geheim'", "Log in with username •••• and password ••••"),
        ("Type 'geheim' into the password field", "Type •••• into the password ••••"),
        ("Open 'The Shop'", "Open 'The Shop'"),
    ],
)
def test_a_password_in_the_task_is_not_shown_again(clause, shown):
    assert without_secrets(clause) == shown
