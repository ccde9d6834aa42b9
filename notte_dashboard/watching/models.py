from django.db import models


class WorkerHeartbeat(models.Model):
    """Written by every worker process about each five seconds: says that somebody does the work."""

    worker = models.CharField(max_length=200, unique=True)
    beat_at = models.DateTimeField()
    metrics = models.JSONField(default=list)
    """What the process has counted so far: it has no port of its own to be asked at."""

    def __str__(self) -> str:
        return self.worker
