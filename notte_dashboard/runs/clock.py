"""Leases run on the database's clock, so that workers whose own clocks differ agree."""

from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper
from django.db.models.functions import Now


def from_now(wait: timedelta) -> Any:
    return ExpressionWrapper(Now() + wait, output_field=DateTimeField())
