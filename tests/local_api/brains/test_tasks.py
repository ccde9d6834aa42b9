"""Tasks as operators write them, on real pages in a real browser, each with its exact end."""

import pytest

from tests.ports import refusing_port

pytestmark = [pytest.mark.chromium, pytest.mark.asyncio(loop_scope="session")]

CONTACT = "Fill the contact form with name 'Ann', email 'ann@example.com', message 'Hi' and submit it; what does the page say?"

PORTUGAL = "Country: Portugal, Capital: Lisbon, Population (millions): 10.7"


def completion(turns):
    return turns[-1].decision.action


def kinds(turns):
    return [turn.decision.action["type"] for turn in turns]


@pytest.mark.parametrize(
    ("path", "task", "expected"),
    [
        ("/", "What is the title of the page?", "Welcome · Harbour Lane"),
        ("/shop", "Search for 'teapot' and give me the price of the first result", "£24.00"),
        ("/shop", "Find the price of the Blue Teapot", "£24.00"),
        ("/", "Find the price of the Blue Teapot", "£24.00"),
        ("/", CONTACT, "Thank you, Ann. Your message has arrived."),
        ("/contact", CONTACT, "Thank you, Ann. Your message has arrived."),
        ("/shop", "Click 'Next page' and list the products", "Milk Jug\nSugar Bowl\nTea Tray\nKettle\nBamboo Whisk\nTea Timer"),
        ("/countries", "In the table, what is the capital of Portugal?", "Lisbon"),
        ("/", "What is the capital of Portugal?", "Lisbon"),
        ("/products/blue-teapot", "Select 'Large' as size, add it to the cart and tell me the total", "£30.00"),
        ("/", "Open the slow page and say its heading", "Worth the wait"),
        (
            "/",
            "Log in with username 'demo' and password 'demo' and read the welcome text",
            "Welcome back, demo! Your last order is on its way.",
        ),
        ("/login", "Log in with demo/demo. What is the order number?", "HL-2041"),
        ("/", "1. Open the shop\n2. Search for kettle\n3. Tell me the price of the kettle", "£39.00"),
        ("/", "Please go to the shop, then click on the Blue Teapot and then tell me its price.", "£24.00"),
        ("/countries", "Which country has the highest population?", "Germany (83.5)"),
        ("/countries", "How many countries are in the table?", "24"),
        (
            "/countries",
            "Show the row where the capital is Lisbon",
            PORTUGAL,
        ),
        ("/shop", "What's the cheapest product?", "Earl Grey Tin (£7.25)"),
        ("/", "Add the Iron Teapot to the cart and tell me the total", "£48.00"),
        ("/products/kettle", "Set quantity to 3, add it to the cart and tell me the total", "£117.00"),
        (
            "/journal",
            "Click the second article and read the first paragraph",
            "Hard water leaves a film. A simple filter is enough.",
        ),
        ("/journal", "List the articles on page 3", "Keep it dark\nWhisking matcha\nTeas for winter"),
        ("/", "Open the shop in a new tab and tell me the title", "Shop · Harbour Lane"),
        ("/shop", "Click the Blue Teapot, go back and tell me the heading", "Shop"),
        ("/shop", "Type 'tray' into the search field, press Enter and tell me the first product", "Tea Tray"),
        (
            "/contact",
            (
                "Tick 'Send me a copy', choose 'Wholesale' as topic, enter name 'Bo', email 'bo@example.com' and message "
                "'Hello', then send it. What is the topic?"
            ),
            "Wholesale",
        ),
        ("/shop", "Tell me the title and the first heading", "Shop · Harbour Lane\nShop"),
        ("/moving", "What is the heading?", "Moving page"),
    ],
)
async def test_a_task_ends_with_its_answer(run, demo, path, task, expected):
    assert completion(await run(task, demo + path)) == {"type": "completion", "success": True, "answer": expected}


async def test_a_task_may_name_the_page_itself(run, demo):
    turns = await run(f"Go to {demo}/journal and tell me the headings", None)
    assert kinds(turns) == ["goto", "completion"]
    assert completion(turns)["answer"] == "Journal"


async def test_without_a_question_the_answer_tells_what_was_done_and_what_the_page_says(run, demo):
    turns = await run(
        "Fill the contact form with name 'Ann', email 'ann@example.com', message 'Hi' and submit it", f"{demo}/contact"
    )
    assert completion(turns) == {
        "type": "completion",
        "success": True,
        "answer": "Filled in Name. Filled in E-mail. Filled in Message. Submitted the form. "
        "The page 'Message sent · Harbour Lane' is open: Thank you, Ann. Your message has arrived.",
    }


@pytest.mark.parametrize(
    ("path", "task", "answer"),
    [
        (
            "/",
            "Go to the failing page",
            (
                "The page {demo}/failing answered with HTTP 500 (Internal Server Error). "
                "It says: The kettle tripped the fuse. This page always fails."
            ),
        ),
        ("/nothing", "Click the shop", "The page {demo}/nothing answered with HTTP 404 (Not Found). It says: Not Found"),
        (
            "/contact",
            "Fill in the form with fax '123'",
            (
                "I did not find the field 'fax' on the page 'Contact us · Harbour Lane'; "
                "it has the fields 'Name', 'E-mail', 'Topic', 'Message'."
            ),
        ),
        (
            "/contact",
            "Fill in the form with name 'Ann' and submit it",
            (
                "The form was not accepted. E-mail: Enter an e-mail address like ann@example.com; Message: Write a message. "
                "This part of the task stays open: 'submit it'."
            ),
        ),
        (
            "/login",
            "Log in with username 'demo' and password 'no'",
            "The login was not accepted; the page says: Wrong username or password.",
        ),
        (
            "/products/kettle",
            "Select 'Huge' as size",
            (
                "I found no option 'Huge' for 'size' on the page 'Kettle · Harbour Lane'; "
                "it has the options 'Small (£35.00)', 'Medium (£39.00)', 'Large (£45.00)'."
            ),
        ),
        (
            "/shop",
            "Search for 'zeppelin' and give me the price of the first result",
            (
                "I did not find the price of the first result on the page 'Search: zeppelin · Harbour Lane'; "
                "it says: 0 products. This part of the task stays open: 'give me the price of the first result'."
            ),
        ),
        (
            "/countries",
            "What is the capital of Atlantis?",
            (
                "I did not find the capital of 'atlantis' on the page 'Countries · Harbour Lane' and 1 other page; "
                "its tables have the columns 'Country', 'Capital', 'Population (millions)'."
            ),
        ),
    ],
)
async def test_what_cannot_be_done_is_said_plainly(run, demo, path, task, answer):
    end = completion(await run(task, demo + path))
    assert end == {"type": "completion", "success": False, "answer": answer.format(demo=demo)}


async def test_a_missing_button_is_named_beside_what_there_is(run, demo):
    turns = await run("Click 'Buy now'", f"{demo}/shop")
    assert kinds(turns)[:1] == ["scroll_down"]
    assert completion(turns)["success"] is False
    assert completion(turns)["answer"].startswith(
        "I found nothing called 'Buy now' to click on the page 'Shop · Harbour Lane'; it has the buttons 'Search'"
    )


async def test_a_task_that_is_not_understood_changes_nothing(run, demo):
    turns = await run("Fill in the form with name 'Ann', then juggle three balls and submit it", f"{demo}/contact")
    assert kinds(turns) == ["completion"]
    assert "'juggle three balls'" in completion(turns)["answer"]
    assert completion(turns)["success"] is False


async def test_what_was_found_before_the_open_part_is_told(run, demo):
    turns = await run("Tell me the title, then sing a song", f"{demo}/shop")
    assert completion(turns)["success"] is False
    assert completion(turns)["answer"].endswith("Found before that: Shop · Harbour Lane")


async def test_a_page_that_does_not_answer_is_told(run):
    turns = await run(f"Go to http://127.0.0.1:{refusing_port()}/ and tell me the title", None)
    assert completion(turns)["success"] is False
    assert "nothing answers there (ERR_CONNECTION_REFUSED)" in completion(turns)["answer"]


async def test_a_start_page_that_does_not_open_is_told(run):
    turns = await run("What is the title?", f"http://127.0.0.1:{refusing_port()}/")
    assert completion(turns) == {
        "type": "completion",
        "success": False,
        "answer": f"The start page http://127.0.0.1:{refusing_port()}/ could not be opened.",
    }


async def test_without_any_page_the_brain_asks_for_one(run):
    assert (
        completion(await run("What is the title?", None))["answer"]
        == "No page is open: name one in the task or give a start URL."
    )


async def test_an_error_page_can_be_read_and_is_called_one(run, demo):
    end = completion(await run("Open the failing page. What is the heading?", f"{demo}/"))
    assert end["answer"] == "Something broke\n(The page answered with HTTP 500 (Internal Server Error).)"


async def test_it_never_goes_in_circles(run, web):
    again = web.write(
        "circle",
        "<title>Circle</title><h1>Circle</h1><a href='/written/circle'>Next page</a>"
        "<table><tr><th>Name<th>Age<tr><td>Ann<td>3</table>",
    )
    turns = await run("What is the age of Bob?", again)
    assert completion(turns)["success"] is False
    assert len(turns) <= 4


async def test_repeating_what_changes_nothing_ends_the_task(run, web):
    page = web.write("dead", "<title>Dead</title><h1>Dead</h1><button type='button'>More</button>")
    turns = await run("Click More. Click More. Click More. Click More", page)
    assert kinds(turns) == ["click", "click", "completion"]
    assert completion(turns)["success"] is False


async def test_what_appears_only_on_scrolling_is_found(run, web):
    page = web.write(
        "lazy",
        "<title>Lazy</title><h1>Lazy</h1><div id='more' style='height:4000px'></div>"
        # Once: a click scrolls too, and would lose what it is on.
        "<script>addEventListener('scroll', () => { more.innerHTML = '<a href=\"/demo/\">Secret door</a>'; }, { once: true })"
        "</script>",
    )
    turns = await run("Click 'Secret door' and tell me the title", page)
    assert kinds(turns) == ["scroll_down", "click", "completion"]
    assert completion(turns)["answer"] == "Welcome · Harbour Lane"


async def test_every_step_says_what_was_seen_done_and_left(run, demo):
    turns = await run("Open the shop and tell me the price of the kettle", f"{demo}/")
    first, last = turns[0].decision.state, turns[-1].decision.state
    assert first == {
        "previous_goal_status": "unknown",
        "previous_goal_eval": "Nothing performed yet",
        "page_summary": "'Welcome · Harbour Lane', headed 'Tea things from the harbour': 16 links, 0 buttons, 0 input fields.",
        "relevant_interactions": [{"id": "L3", "reason": "leads to the page asked for"}],
        "memory": "Still to do: Open the shop; tell me the price of the kettle.",
        "next_goal": "Follow 'Shop' to the shop.",
    }
    assert last["previous_goal_status"] == "success"
    assert last["previous_goal_eval"].endswith("The page is now 'Shop · Harbour Lane'.")
    assert last["memory"] == "Opened 'Shop'. Found: £39.00."
    assert last["next_goal"] == "Give the answer."


async def test_a_password_shows_in_no_state_and_no_message(run, demo):
    turns = await run("Log in with username 'demo' and password 'hush-hush', then tell me the title", f"{demo}/login")
    assert "hush-hush" not in repr([turn.decision.state for turn in turns])
    assert "hush-hush" not in repr([turn.result for turn in turns])
    assert "hush-hush" not in completion(turns)["answer"]
