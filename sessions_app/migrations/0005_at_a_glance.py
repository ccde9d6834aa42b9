from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sessions_app', '0004_timeline'),
    ]

    operations = [
        migrations.AddField(
            model_name='browsersession',
            name='last_step_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='browsersession',
            name='last_goal',
            field=models.CharField(blank=True, default='', max_length=500),
        ),
        migrations.AddField(
            model_name='browsersession',
            name='picture_seq',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='browsersession',
            name='trail',
            field=models.JSONField(default=list),
        ),
    ]
