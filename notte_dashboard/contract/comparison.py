"""An offered contract beside the one in force: what changes, which fixes are over, which presets no longer fit."""

from functools import cached_property
from typing import Any, NamedTuple

from notte_dashboard.contract.differences import Section, Sort, differences
from notte_dashboard.contract.document import Offered, UnusableContractError
from notte_dashboard.contract.facts import TooLargeError
from notte_dashboard.notte_api.contract import Fit, Override, published, recorded_overrides, version_of, with_overrides
from notte_dashboard.presets.marks import Mark, marks
from notte_dashboard.presets.models import Preset, PresetVersion


class BrokenPreset(NamedTuple):
    preset: Preset
    marks: list[Mark]


class Comparison:
    def __init__(self, offered: Offered) -> None:
        self.document, self.source = offered
        self.version, self.version_now = version_of(self.document), version_of(published())
        self.overrides = recorded_overrides()
        try:
            self.sections: list[Section] = differences(
                with_overrides(published(), self.overrides), with_overrides(self.document, self.overrides)
            )
        except TooLargeError as error:
            raise UnusableContractError(f"{self.source}: {error}") from error

    @property
    def is_the_same(self) -> bool:
        return self.document == published() and not self.over

    @property
    def matters(self) -> bool:
        """Whether anything that the dashboard sends, reads or fixes is different, other than in its wording."""
        changes = (change for section in self.sections for change in section.changes)
        return bool(self.over or self.unsure) or any(change.sort is not Sort.WORDING for change in changes)

    @property
    def over(self) -> list[tuple[Override, Fit]]:
        """Fixes that are not needed any more: they are left out when the contract is written."""
        return [(each, fit) for each, fit in self._fits if fit in {Fit.GONE, Fit.RIGHT}]

    @property
    def unsure(self) -> list[Override]:
        """Fixes for something that reads differently now: they are kept, but not used until somebody has looked."""
        return [each for each, fit in self._fits if fit is Fit.DIFFERS]

    @property
    def kept_overrides(self) -> list[Override]:
        return [each for each, fit in self._fits if fit in {Fit.APPLIES, Fit.DIFFERS}]

    @property
    def fixed_document(self) -> dict[str, Any]:
        return with_overrides(self.document, self.overrides)

    @cached_property
    def broken_presets(self) -> list[BrokenPreset]:
        """Newest versions that fit today and would not any more. Reads the database."""
        rows = PresetVersion.objects.newest().filter(preset__deleted_at=None)
        rows = rows.select_related("preset", "preset__workspace", "preset__owner").order_by("preset__workspace", "preset__name")
        document = self.fixed_document
        found = (BrokenPreset(version.preset, _new_marks(version, document)) for version in rows)
        return [broken for broken in found if broken.marks]

    @cached_property
    def _fits(self) -> list[tuple[Override, Fit]]:
        return [(override, override.fit(self.document)) for override in self.overrides]


def _new_marks(version: PresetVersion, document: dict[str, Any]) -> list[Mark]:
    known = marks(version)
    return [mark for mark in marks(version, document) if mark not in known]
