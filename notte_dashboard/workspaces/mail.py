"""Without a mail server, mails are kept for an administrator, who passes their links on."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import QuerySet
from django.utils import timezone

from notte_dashboard.workspaces.models import KeptMail

logger = logging.getLogger(__name__)
KEPT = timedelta(days=7)


def pending() -> QuerySet[KeptMail]:
    """Those whose links may still work."""
    return KeptMail.objects.filter(created_at__gt=timezone.now() - KEPT)


class KeptMailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        KeptMail.objects.filter(created_at__lte=timezone.now() - KEPT).delete()
        for message in email_messages:
            to = ", ".join(message.recipients())
            KeptMail.objects.create(to=to[:320], subject=message.subject[:300], body=str(message.body))
            logger.warning("No mail server is set (EMAIL_URL): the mail to %s is kept for the administrators", to)
            if settings.DEBUG:
                logger.warning("%s\n%s", message.subject, message.body)
        return len(email_messages)
