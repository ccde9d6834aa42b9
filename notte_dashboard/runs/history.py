"""History lists: filters from the query string, pages by keyset, so that page 1,000 costs what page 1 costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from notte_dashboard.runs.states import DISPLAY, State
from notte_dashboard.workspaces.models import Workspace

PAGE_SIZE = 25
STATUSES = [
    (name, name.replace("_", " ").capitalize()) for name in dict.fromkeys(DISPLAY.get(state, state.value) for state in State)
]
DAY = forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")


def select(**attrs: str) -> forms.Select:
    return forms.Select(attrs={"class": "form-select", **attrs})


class RunFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Subclasses say where text is searched. `request.user` decides what "mine" means."""

    q = django_filters.CharFilter(
        label="Search",
        method="search",
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search", "maxlength": "200"}),
        max_length=200,
    )
    owner = django_filters.ChoiceFilter(
        label="Started by", choices=[("mine", "Me")], empty_label="Anyone", method="owned", widget=select()
    )
    status = django_filters.ChoiceFilter(label="Status", choices=STATUSES, empty_label="Any", method="in_status", widget=select())
    since = django_filters.DateFilter(label="From", method="from_day", widget=DAY)
    until = django_filters.DateFilter(label="To", method="to_day", widget=DAY)

    searched: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:  # noqa: ARG002
        where = Q()
        for column in self.searched:
            where |= Q(**{f"{column}__icontains": value.strip()})
        return rows.filter(where)

    def owned(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:  # noqa: ARG002
        return rows.filter(started_by=self.request.user)

    def in_status(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:  # noqa: ARG002
        return rows.filter(state__in=[state for state in State if DISPLAY.get(state, state.value) == value])

    def from_day(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:  # noqa: ARG002
        return rows.filter(created_at__gte=datetime(value.year, value.month, value.day, tzinfo=UTC))

    def to_day(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:  # noqa: ARG002
        # To the day's last moment, not before the next day: the last day of all has no next one.
        end = datetime.combine(value, time.max, tzinfo=UTC)
        return rows.filter(created_at__lte=end)


@dataclass(frozen=True)
class Keyset:
    """One page: `next_url` and `newest_url` are query strings, empty when there is nothing there."""

    runs: list[Any]
    next_url: str
    newest_url: str

    def socket_path(self, workspace: Workspace, page: str, query: Mapping[str, Any]) -> str:
        """Where this page hears of changes in its rows, and, while it shows the newest, of newer ones."""
        kept = {name: str(value) for name, value in query.items() if value and name != "before"}
        shown = {"page": page, "rows": ".".join(run.uuid.hex for run in self.runs)}
        newest = {} if self.newest_url else {"top": cursor_of(self.runs[0]) if self.runs else ""}
        return f"/ws/workspaces/{workspace.uuid}/?{urlencode(kept | shown | newest)}"


def keyset_page(rows: QuerySet[Any], query: Mapping[str, Any], size: int = PAGE_SIZE) -> Keyset:
    """Newest first; `?before=<time>_<pk>` continues after that row. An unreadable cursor means the first page."""
    rows = rows.order_by("-created_at", "-pk")
    kept = {name: str(value) for name, value in query.items() if value and name != "before"}
    cursor = read_cursor(str(query.get("before", "")))
    if cursor:
        moment, pk = cursor
        # In this form both databases seek in the index; the OR form reads the whole workspace.
        rows = rows.filter(created_at__lte=moment).exclude(created_at=moment, pk__gte=pk)
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    last = cursor_of(found[-1]) if more else ""
    return Keyset(
        runs=found,
        next_url=f"?{urlencode(kept | {'before': last})}" if more else "",
        newest_url=f"?{urlencode(kept)}" if cursor else "",
    )


def cursor_of(run: Any) -> str:
    return f"{run.created_at.isoformat()}_{run.pk}"


def read_cursor(text: str) -> tuple[datetime, int] | None:
    moment, _, pk = text.rpartition("_")
    try:
        found = datetime.fromisoformat(moment.replace(" ", "+"))
        return (found.astimezone(UTC), int(pk)) if found.tzinfo and 0 <= int(pk) < 2**63 else None
    except (ValueError, OverflowError):
        return None
