"""What the timeline asks for without reading payloads: which steps failed, the first one, the open tabs."""

from django.db import migrations, models
from django.db.models import Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

FAILED = Q(payload__value__success=False) | (
    Q(payload__value__has_key="exception") & ~Q(payload__value__exception=None) & ~Q(payload__value__exception="")
)


def fill(apps, schema_editor):
    steps = apps.get_model("agents_app", "AgentStep").objects
    steps.filter(FAILED).update(failed=True)
    first = steps.filter(run=OuterRef("pk"), failed=True).order_by().values("run").annotate(first=Min("number")).values("first")
    apps.get_model("agents_app", "AgentRun").objects.update(first_error=Coalesce(Subquery(first), 0))


class Migration(migrations.Migration):
    dependencies = [("agents_app", "0003_end_index")]

    operations = [
        migrations.AddField("agentrun", "last_tabs", models.JSONField(default=list)),
        migrations.AddField("agentrun", "number_seq", models.PositiveIntegerField(default=0)),
        migrations.AddField("agentrun", "first_error", models.PositiveIntegerField(default=0)),
        migrations.AddField("agentstep", "failed", models.BooleanField(default=False)),
        migrations.AddIndex(
            "agentstep", models.Index(fields=["run", "number"], name="agentstep_failed", condition=models.Q(failed=True))
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
