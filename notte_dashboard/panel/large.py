"""Lists of large tables: what opening them costs does not grow with what is stored."""

from functools import cached_property
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator

MOST_COUNTED = 1000


class CappedPaginator(Paginator[Any]):
    """Counts no further than what anybody pages through; behind that, search and filters lead on."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_COUNTED].count())


class LargeAdmin(admin.ModelAdmin[Any]):
    """Newest first by pk, which every table has an index for; no other order, since it would sort the whole table."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    ordering = ("-pk",)
    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER  # they would count the whole table, once for each choice
