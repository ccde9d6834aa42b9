"""Runs recorded before the newest picture was kept in their row."""

from django.db import migrations
from django.db.models import Max, OuterRef, Subquery


def fill(apps, schema_editor):
    pictures = apps.get_model("agents_app", "AgentStep").objects.filter(run=OuterRef("pk")).exclude(screenshot="")
    newest = pictures.order_by().values("run").annotate(newest=Max("seq")).values("newest")
    runs = apps.get_model("agents_app", "AgentRun").objects.filter(picture_seq=0, pk__in=pictures_of(apps))
    runs.update(picture_seq=Subquery(newest))


def pictures_of(apps):
    return apps.get_model("agents_app", "AgentStep").objects.exclude(screenshot="").order_by().values("run").distinct()


class Migration(migrations.Migration):
    dependencies = [("agents_app", "0005_at_a_glance")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
