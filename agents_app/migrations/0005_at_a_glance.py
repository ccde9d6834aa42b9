from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agents_app', '0004_timeline'),
    ]

    operations = [
        migrations.AddField(
            model_name='agentrun',
            name='last_step_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='agentrun',
            name='last_goal',
            field=models.CharField(blank=True, default='', max_length=500),
        ),
        migrations.AddField(
            model_name='agentrun',
            name='picture_seq',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='agentrun',
            name='trail',
            field=models.JSONField(default=list),
        ),
    ]
