"""Remove now what retention has run out for, or say what that would be."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from notte_dashboard.upkeep.models import Retention
from notte_dashboard.upkeep.retention.dry_run import dry_run
from notte_dashboard.upkeep.retention.prune import prune


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Count, remove nothing.")
        parser.add_argument("--workspace", help="The UUID of one workspace; without it, all.")
        parser.add_argument("--seconds", type=float, default=3600.0, help="Stop after so long, per workspace.")

    def handle(self, *_args: Any, **options: Any) -> None:
        policies = Retention.objects.select_related("workspace").order_by("pk")
        if options["workspace"]:
            policies = policies.filter(workspace__uuid=options["workspace"])
        if not policies:
            self.stdout.write("No workspace has a retention set: everything is kept.")
        for policy in policies:
            report = dry_run(policy, by=None) if options["dry_run"] else prune(policy, seconds=options["seconds"])
            told = report.sentence if report else "removed nothing"
            rest = "" if report is None or report.complete else " (the time was over; run it again)"
            self.stdout.write(f"{policy.workspace}: {told}{rest}")
