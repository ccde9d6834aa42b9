from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from notte_dashboard.local_api.demo.markup import Markup, html, joined, page
from notte_dashboard.local_api.demo.paging import address, items_on, page_links, pages_of
from notte_dashboard.local_api.demo.requests import query_number, query_text


@dataclass(frozen=True, slots=True)
class Country:
    name: str
    capital: str
    population: float
    """In millions."""


@dataclass(frozen=True, slots=True)
class Article:
    slug: str
    title: str
    day: str
    text: str


COUNTRIES: Final = tuple(
    Country(*facts)
    for facts in (
        ("Austria", "Vienna", 9.2),
        ("Belgium", "Brussels", 11.8),
        ("Croatia", "Zagreb", 3.9),
        ("Czechia", "Prague", 10.9),
        ("Denmark", "Copenhagen", 6.0),
        ("Estonia", "Tallinn", 1.4),
        ("Finland", "Helsinki", 5.6),
        ("France", "Paris", 68.4),
        ("Germany", "Berlin", 83.5),
        ("Greece", "Athens", 10.4),
        ("Hungary", "Budapest", 9.6),
        ("Iceland", "Reykjavík", 0.4),
        ("Ireland", "Dublin", 5.4),
        ("Italy", "Rome", 59.0),
        ("Latvia", "Riga", 1.9),
        ("Lithuania", "Vilnius", 2.9),
        ("Netherlands", "Amsterdam", 18.0),
        ("Norway", "Oslo", 5.6),
        ("Poland", "Warsaw", 36.6),
        ("Portugal", "Lisbon", 10.7),
        ("Slovenia", "Ljubljana", 2.1),
        ("Spain", "Madrid", 49.0),
        ("Sweden", "Stockholm", 10.6),
        ("Switzerland", "Bern", 9.0),
    )
)
COLUMNS: Final[dict[str, tuple[str, Callable[[Country], str | float]]]] = {
    "country": ("Country", lambda country: country.name),
    "capital": ("Capital", lambda country: country.capital),
    "population": ("Population (millions)", lambda country: -country.population),
}
ARTICLES: Final = tuple(
    Article(*facts)
    for facts in (
        ("warm-the-pot", "Warm the pot first", "2026-05-02", "A cold pot takes ten degrees from the water. Rinse it."),
        ("water", "Soft water, better tea", "2026-04-18", "Hard water leaves a film. A simple filter is enough."),
        ("green-tea", "Green tea is not bitter", "2026-04-03", "It is only brewed too hot. Seventy degrees will do."),
        ("cast-iron", "Caring for cast iron", "2026-03-20", "No soap, no soaking, and dry it while it is warm."),
        ("second-pour", "The second pour", "2026-03-07", "Good leaves give three cups. The second is the best."),
        ("tea-and-milk", "Milk first or last", "2026-02-21", "We tried both for a month. Nobody could tell."),
        ("tasting", "How we taste", "2026-02-06", "Six cups, one spoon each, and no talking."),
        ("harbour", "A shop by the harbour", "2026-01-24", "The first lease was for a boat shed."),
        ("storage", "Keep it dark", "2026-01-10", "Light is worse for tea than time is."),
        ("whisking", "Whisking matcha", "2025-12-19", "Draw a W, not a circle, and stop at the foam."),
        ("winter", "Teas for winter", "2025-12-05", "Smoked, spiced and roasted ones."),
    )
)
COUNTRIES_PER_PAGE: Final = 12
ARTICLES_PER_PAGE: Final = 4


async def countries(request: Request) -> Response:
    path = f"{request.scope.get('root_path', '')}/countries"
    sort = query_text(request, "sort")
    sort = sort if sort in COLUMNS else "country"
    rows = sorted(COUNTRIES, key=COLUMNS[sort][1])
    last = pages_of(rows, COUNTRIES_PER_PAGE)
    number = query_number(request, "page", default=1, lowest=1, highest=last)
    return page(
        request,
        "countries.html",
        title="Countries",
        headers=joined([_header(path, column, sort) for column in COLUMNS]),
        rows=joined([_row(country) for country in items_on(rows, number, COUNTRIES_PER_PAGE)]),
        pages=page_links(path, number, last, {"sort": sort}),
    )


def _header(path: str, column: str, sort: str) -> Markup:
    direction = "descending" if column == "population" else "ascending"
    mark = html(' aria-sort="$direction"', direction=direction) if column == sort else Markup()
    url = address(path, {"sort": column}, 1)
    return html('<th scope="col"$mark><a href="$url">$label</a></th>', mark=mark, url=url, label=COLUMNS[column][0])


def _row(country: Country) -> Markup:
    return html(
        '<tr><th scope="row">$name</th><td>$capital</td><td class="number">$population</td></tr>',
        name=country.name,
        capital=country.capital,
        population=country.population,
    )


async def journal(request: Request) -> Response:
    root = request.scope.get("root_path", "")
    last = pages_of(ARTICLES, ARTICLES_PER_PAGE)
    number = query_number(request, "page", default=1, lowest=1, highest=last)
    items = [_entry(root, article) for article in items_on(ARTICLES, number, ARTICLES_PER_PAGE)]
    pages = page_links(f"{root}/journal", number, last, {})
    return page(request, "journal.html", title="Journal", items=joined(items), pages=pages)


def _entry(root: str, article: Article) -> Markup:
    entry = '<li><a href="$url">$title</a> <time datetime="$day">$day</time></li>'
    return html(entry, url=f"{root}/journal/{article.slug}", title=article.title, day=article.day)


async def article(request: Request) -> Response:
    found = next((one for one in ARTICLES if one.slug == request.path_params["slug"]), None)
    if found is None:
        raise HTTPException(404, "There is no such article.")
    return page(request, "article.html", title=found.title, heading=found.title, day=found.day, text=found.text)
