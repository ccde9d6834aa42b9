"""What a task can ask for. Each is the meaning of one clause of the task."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    TITLE = "title"
    URL = "url"
    HEADING = "heading"
    HEADINGS = "headings"
    PARAGRAPH = "paragraph"
    TEXT = "text"
    MESSAGE = "message"
    PRICE = "price"
    COUNT = "count"
    ITEMS = "items"
    ITEM = "item"
    CELL = "cell"
    ROW = "row"
    WHERE = "where"
    EXTREME = "extreme"
    CONTAINS = "contains"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Question:
    """`wanted` is what to tell (a column, a label, a noun), `subject` of what (a product, a row's value)."""

    kind: Kind
    wanted: str = ""
    subject: str = ""
    column: str = ""
    number: int | None = None
    highest: bool = False
    with_prices: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    target: str
    new_tab: bool = False


@dataclass(frozen=True, slots=True)
class Find:
    subject: str


@dataclass(frozen=True, slots=True)
class Click:
    target: str


@dataclass(frozen=True, slots=True)
class Fill:
    """An empty field name means the one field that is there."""

    values: tuple[tuple[str, str], ...]
    form: str = ""


@dataclass(frozen=True, slots=True)
class Submit:
    pass


@dataclass(frozen=True, slots=True)
class Search:
    query: str


@dataclass(frozen=True, slots=True)
class Select:
    option: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    target: str
    on: bool = True


@dataclass(frozen=True, slots=True)
class Login:
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class AddToCart:
    product: str = ""


@dataclass(frozen=True, slots=True)
class Scroll:
    up: bool = False
    to: str = ""
    """`end` for all the way, or a text to scroll to."""


@dataclass(frozen=True, slots=True)
class Move:
    """One of the browser's own buttons: go_back, go_forward, reload, close_tab."""

    action: str


@dataclass(frozen=True, slots=True)
class SwitchTab:
    number: int


@dataclass(frozen=True, slots=True)
class Press:
    key: str


@dataclass(frozen=True, slots=True)
class Wait:
    seconds: float = 0.0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    question: Question


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


Meaning = (
    Open
    | Find
    | Click
    | Fill
    | Submit
    | Search
    | Select
    | Check
    | Login
    | AddToCart
    | Scroll
    | Move
    | SwitchTab
    | Press
    | Wait
    | Ask
    | Unknown
)
CHANGING = (Click, Fill, Submit, Select, Check, Login, AddToCart, Press)
"""What may leave something behind on a site: not begun when a later part of the task is not understood."""


@dataclass(frozen=True, slots=True)
class Instruction:
    text: str
    """The operator's own words."""
    meaning: Meaning
