"""What sessions tell the layers above them."""

from django.dispatch import Signal

session_changed = Signal()
"""A session became active or ended. Sent with `session`, inside the transaction or right after it."""

drive_changed = Signal()
"""Somebody drives the browser by hand now, or nobody does any more. Sent with `session`, inside the transaction."""
