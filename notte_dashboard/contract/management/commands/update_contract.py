"""`manage.py update_contract`: takes over a new version of the API's contract, after showing what it changes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from notte_dashboard.contract import writing
from notte_dashboard.contract.comparison import Comparison
from notte_dashboard.contract.differences import Change, Sort
from notte_dashboard.contract.document import UnusableContractError, offered

DIFFERS, FAILED = 1, 2
SIGNS = {Sort.ADDED: "+", Sort.REMOVED: "-", Sort.CHANGED: "~", Sort.WORDING: "."}


class Command(BaseCommand):
    help = "Compare the API's contract with the one in use, and take it over after confirmation. Nothing is sent but GET."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="where", default="", metavar="FILE|URL", help="instead of the configured API")
        parser.add_argument("--yes", action="store_true", help="write without asking")
        parser.add_argument("--check", action="store_true", help="write nothing; exit status 1 when something used here differs")
        parser.add_argument("--no-models", action="store_true", help="leave generated.py as it is")

    def handle(self, **options: Any) -> None:
        try:
            comparison = Comparison(offered(options["where"]))
        except UnusableContractError as error:
            raise CommandError(f"{error} Nothing was written.", returncode=FAILED) from error
        if comparison.is_the_same:
            self.stdout.write(f"{comparison.source} is the contract in use ({comparison.version}).")
            return
        broken = self._tell(comparison)
        if options["check"]:
            if comparison.matters or broken:
                raise SystemExit(DIFFERS)
            return
        if not options["yes"]:
            self._confirm()
        self._write(comparison, with_models=not options["no_models"])

    def _tell(self, comparison: Comparison) -> bool:
        """Whether presets break."""
        self.stdout.write(f"In use:  {comparison.version_now}\nOffered: {comparison.version}, from {comparison.source}")
        if not comparison.sections:
            self.stdout.write("Nothing that the dashboard sends or reads has changed; the rest of the document has.")
        for section in comparison.sections:
            self.stdout.write(f"\n{section.title}")
            for change in section.changes:
                self.stdout.write(_line(change))
        self._tell_overrides(comparison)
        return self._tell_presets(comparison)

    def _tell_overrides(self, comparison: Comparison) -> None:
        if comparison.over or comparison.unsure:
            self.stdout.write("\nRecorded fixes of the document (overrides.json)")
        for override, fit in comparison.over:
            self.stdout.write(f"  - {override.pointer}: {fit}; it is dropped. It was there because: {override.reason}")
        for override in comparison.unsure:
            self.stdout.write(
                f"  ! {override.pointer}: the document says something new there; the fix is not used until you look."
            )

    def _tell_presets(self, comparison: Comparison) -> bool:
        try:
            broken = comparison.broken_presets
        except DatabaseError as error:
            self.stdout.write(f"\nPresets could not be looked at: {str(error).strip()}")
            return False
        if broken:
            self.stdout.write("\nPresets that would no longer fit")
        for preset, marks in broken:
            reasons = "; ".join(f"{mark.label}: {mark.why}" for mark in marks)
            self.stdout.write(f"  ! {preset.workspace}: {preset.name}: {reasons}")
        return bool(broken)

    def _confirm(self) -> None:
        try:
            answer = input("\nWrite this contract? [y/N] ")
        except EOFError:
            answer = ""
        if answer.strip().lower() not in {"y", "yes"}:
            raise CommandError("Nothing was written. (Without a terminal, --yes confirms.)")

    def _write(self, comparison: Comparison, *, with_models: bool) -> None:
        generated = None
        if with_models and writing.generator_installed():
            try:
                generated = writing.models(comparison)
            except writing.GeneratorRefusedError as error:
                raise CommandError(
                    f"The models can't be generated, so nothing was written: {error}\n"
                    "Record a fix in overrides.json, or leave the embedded API's models as they are with --no-models.",
                    returncode=FAILED,
                ) from error
        try:
            written = writing.write(comparison, generated)
        except OSError as error:
            raise CommandError(f"The contract's files can't be written: {error}", returncode=FAILED) from error
        self.stdout.write("\n" + "\n".join(f"Wrote {path}" for path in written))
        if generated is None:
            self.stdout.write(
                "The models of the embedded API (generated.py) are still those of the older contract: "
                "`make dev` installs the generator, `python -m notte_dashboard.notte_api.regenerate` writes them."
            )
        self.stdout.write("Restart the dashboard: forms and checks follow the new contract then.")


def _line(change: Change) -> str:
    return f"  {SIGNS[change.sort]} {change.place}: {change.text}"
