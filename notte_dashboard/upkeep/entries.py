"""Audit entries of one workspace: filtered, page by page, and as a file."""

import csv
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from notte_dashboard.audit.deeds import CHOICES
from notte_dashboard.audit.models import AuditEntry
from notte_dashboard.panel.csv_cells import cell
from notte_dashboard.runs.history import DAY, select
from notte_dashboard.workspaces.models import Workspace

MOST_EXPORTED = 50_000
COLUMNS = ("at", "actor", "action", "target_kind", "target_id", "target_name", "before", "after", "address")


class AuditFilter(forms.Form):
    actor = forms.CharField(
        label="Who",
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"class": "form-control", "list": "known-members", "autocomplete": "off"}),
    )
    action = forms.ChoiceField(label="What", required=False, choices=[("", "Anything"), *CHOICES], widget=select())
    target = forms.CharField(
        label="ID", required=False, max_length=64, widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
    )
    since = forms.DateField(label="From", required=False, widget=DAY)
    until = forms.DateField(label="To", required=False, widget=DAY)

    def narrowed(self, rows: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """What can't be read narrows nothing; the form says so."""
        self.is_valid()
        asked = getattr(self, "cleaned_data", {})
        if actor := asked.get("actor"):
            known = User.objects.filter(username__iexact=actor).first()
            rows = rows.filter(Q(actor=known.pk) if known else Q(actor_name__iexact=actor))
        if asked.get("action"):
            rows = rows.filter(action=asked["action"])
        if asked.get("target"):
            rows = rows.filter(target_id=asked["target"])
        if asked.get("since"):
            rows = rows.filter(created_at__gte=datetime.combine(asked["since"], time.min, tzinfo=UTC))
        if asked.get("until"):
            rows = rows.filter(created_at__lte=datetime.combine(asked["until"], time.max, tzinfo=UTC))
        return rows

    @property
    def is_active(self) -> bool:
        return self.is_bound and any(self.data.get(name) for name in self.fields)


def of_workspace(workspace: Workspace) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(workspace_id=workspace.pk).order_by("-created_at", "-pk")


def as_row(entry: AuditEntry) -> dict[str, Any]:
    return {
        "at": entry.created_at.isoformat(),
        "actor": entry.actor_name,
        "action": entry.action,
        "target_kind": entry.target_kind,
        "target_id": entry.target_id,
        "target_name": entry.target_name,
        "before": entry.before,
        "after": entry.after,
        "address": entry.address,
    }


def as_jsonl(entries: Iterable[AuditEntry]) -> str:
    return "".join(f"{json.dumps(as_row(entry), ensure_ascii=False)}\n" for entry in entries)


def as_csv(entries: Iterable[AuditEntry]) -> str:
    """For spreadsheets: no cell is taken for a formula."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for entry in entries:
        row = as_row(entry)
        for name in ("before", "after"):
            row[name] = json.dumps(row[name], ensure_ascii=False) if row[name] else ""
        table.writerow([cell(row[name]) for name in COLUMNS])
    return text.getvalue()


FORMATS = {"csv": (as_csv, "text/csv; charset=utf-8"), "jsonl": (as_jsonl, "application/jsonl; charset=utf-8")}
