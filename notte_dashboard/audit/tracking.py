"""Models whose every saved change is told of, whoever makes it: a page, the admin panel, a command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models.signals import post_delete, post_save, pre_save

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record

_tracked: set[type[models.Model]] = set()


@dataclass(frozen=True)
class Deeds:
    added: Deed
    changed: Deed
    deleted: Callable[[Any], Deed]
    of_field: Mapping[str, Deed] = field(default_factory=dict)
    """Changes that have a name of their own."""


def is_tracked(model: type[models.Model]) -> bool:
    return model in _tracked


def track(
    model: type[models.Model], facts: tuple[str, ...], deeds: Deeds, workspace: Callable[[Any], Any] = lambda _: None
) -> None:
    """`facts` are the columns that are told of; secrets are none of them. An `update()` of rows is not seen here."""
    _tracked.add(model)

    def before_save(instance: Any, raw: bool, update_fields: Any = None, **_: Any) -> None:  # noqa: FBT001
        asked = not raw and instance.pk and (update_fields is None or set(update_fields) & set(facts))
        stored = model._default_manager.filter(pk=instance.pk).values(*facts).first() if asked else None  # noqa: SLF001
        instance.__dict__["_facts_before"] = stored

    def after_save(instance: Any, created: bool, raw: bool, **_: Any) -> None:  # noqa: FBT001
        stored = instance.__dict__.pop("_facts_before", None)
        now = {name: getattr(instance, name) for name in facts}
        if created and not raw:
            record(deeds.added, workspace=workspace(instance), target=instance, after=now)
        elif stored is not None:
            _tell_changes(instance, stored, now)

    def _tell_changes(instance: Any, stored: dict[str, Any], now: dict[str, Any]) -> None:
        names = [name for name in facts if stored[name] != now[name]]
        for deed in dict.fromkeys(deeds.of_field.get(name, deeds.changed) for name in names):
            its = [name for name in names if deeds.of_field.get(name, deeds.changed) == deed]
            before, after = ({name: each[name] for name in its} for each in (stored, now))
            record(deed, workspace=workspace(instance), target=instance, before=before, after=after)

    def after_delete(instance: Any, **_: Any) -> None:
        gone = {name: getattr(instance, name) for name in facts}
        record(deeds.deleted(instance), workspace=workspace(instance), target=instance, before=gone)

    label = model._meta.label  # noqa: SLF001 - Django's documented way to a name
    pre_save.connect(before_save, sender=model, weak=False, dispatch_uid=f"audit-before-{label}")
    post_save.connect(after_save, sender=model, weak=False, dispatch_uid=f"audit-after-{label}")
    post_delete.connect(after_delete, sender=model, weak=False, dispatch_uid=f"audit-delete-{label}")
