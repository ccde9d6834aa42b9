"""Filters that know their choices, so that no list has to be read to offer them."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest


def choice_filter(
    column: str, title: str, choices: Sequence[tuple[str, str]], lookup: str = "exact"
) -> type[admin.SimpleListFilter]:
    class ChoiceFilter(admin.SimpleListFilter):
        parameter_name = column

        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            self.title = title

        def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:  # noqa: ARG002
            return choices

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
            return queryset.filter(**{f"{column}__{lookup}": self.value()}) if self.value() else queryset

    ChoiceFilter.title = title
    return ChoiceFilter
