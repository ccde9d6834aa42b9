"""Chosen rows of a list in the admin panel as a CSV file."""

import csv
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import display_for_value, label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.panel.csv_cells import cell

MOST = 10_000


@admin.action(description="Export as CSV", permissions=["view"])
def export_csv(modeladmin: Any, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse:
    """The columns of the list, no others: what is hidden there stays hidden."""
    names = [name for name in modeladmin.get_list_display(request) if name != "action_checkbox"]
    kind = str(modeladmin.opts.verbose_name_plural)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{kind.replace(" ", "-")}.csv"'
    answer["Cache-Control"] = "no-store"
    table = csv.writer(answer)
    table.writerow([label_for_field(name, modeladmin.model, modeladmin) for name in names])
    count = 0
    for row in modeladmin.get_queryset(request).filter(pk__in=rows.order_by().values("pk"))[:MOST]:
        table.writerow([cell(_value(modeladmin, row, name)) for name in names])
        count += 1
    record(Deed.EXPORTED, by=request.user, after={"what": kind, "as": "csv", "rows": count})
    return answer


def _value(modeladmin: Any, row: Any, name: str) -> Any:
    try:
        _, _, value = lookup_field(name, row, modeladmin)
    except ObjectDoesNotExist:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str) else display_for_value(value, "")
