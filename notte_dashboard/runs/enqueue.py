"""Wake a worker. Only a hint: when Redis is away the row stays due and the sweep finds it."""

import logging
from functools import partial
from typing import Any

from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def enqueue(task: Any, *args: int, expires: float | None = None) -> None:
    try:
        task.apply_async(args, expires=expires)
    except (OperationalError, OSError) as error:
        logger.warning("%s waits for the sweep, the broker did not take it: %s", task.name, error)


def enqueue_after_commit(task: Any, *args: int) -> None:
    transaction.on_commit(partial(enqueue, task, *args))
