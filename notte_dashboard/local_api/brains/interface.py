"""What a brain sees, what it may decide, and what comes back. The agent loop knows only this file and `brain_for`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Action = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Element:
    """Something to act on. Ids follow Notte: L links, B buttons, I inputs; they are valid for this view only."""

    id: str
    role: str
    name: str
    value: str = ""
    href: str = ""
    selector: str = ""
    xpath: str = ""
    kind: str = ""
    """The input's type attribute, or the tag for anything else: `password`, `select`, `a`."""
    options: tuple[str, ...] = ()
    checked: bool | None = None
    disabled: bool = False
    required: bool = False
    invalid: bool = False
    hint: str = ""
    """Placeholder and described-by text, which also holds the field's error."""
    group: str = ""
    """The heading of the card, row or field set it stands in: tells ten buttons "Add" apart."""
    box: tuple[int, int, int, int] | None = None
    """Left, top, width and height in the window, in CSS pixels; None for what has no size, or lies in a frame."""

    @property
    def secret(self) -> bool:
        return self.kind == "password"


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class ItemList:
    name: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Card:
    """One of several alike things on a page: a product, a search result, an article."""

    name: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class PageView:
    url: str
    title: str
    elements: tuple[Element, ...] = ()
    text: str = ""
    headings: tuple[Heading, ...] = ()
    paragraphs: tuple[str, ...] = ()
    lists: tuple[ItemList, ...] = ()
    tables: tuple[Table, ...] = ()
    pairs: tuple[Pair, ...] = ()
    cards: tuple[Card, ...] = ()
    messages: tuple[str, ...] = ()
    """What the page announces: role alert first, then role status."""
    status: int | None = None
    """The HTTP status of the document, where the browser tells it."""
    scroll_y: int = 0
    scroll_max: int = 0
    truncated: bool = False
    problem: str = ""
    """Why the page could not be read; everything but url and title is empty then."""

    def element(self, element_id: str) -> Element | None:
        return next((element for element in self.elements if element.id == element_id), None)


@dataclass(frozen=True, slots=True)
class Decision:
    """`state` has the vendor's AgentState keys; `action` the vendor's action names."""

    state: dict[str, Any]
    action: Action

    @property
    def is_final(self) -> bool:
        return self.action.get("type") in {"completion", "help"}


@dataclass(frozen=True, slots=True)
class ActionResult:
    success: bool
    message: str
    data: dict[str, Any] | None = field(default=None)
    exception: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """`view` is what the brain saw when it took `decision`; the start URL's opening is a turn too if the loop passes it."""

    view: PageView
    decision: Decision
    result: ActionResult


class Brain(Protocol):
    name: str

    def decide(self, view: PageView, history: Sequence[Turn]) -> Decision:
        """Called once per step, in order, with every earlier turn. Ends with a `completion` or `help` action."""
        ...
