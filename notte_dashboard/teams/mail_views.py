"""What could not be mailed, for those who run the server."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notte_dashboard.http import DashboardRequest
from notte_dashboard.workspaces.encrypted import DecryptError
from notte_dashboard.workspaces.mail import pending
from notte_dashboard.workspaces.models import KeptMail

SHOWN = 100


@login_required
@require_safe
@never_cache
def kept_mails(request: DashboardRequest) -> HttpResponse:
    """For superusers only: with a link to a new password anybody's account can be had."""
    if not request.user.is_superuser:
        raise Http404
    return render(request, "workspaces/mails.html", {"mails": [(each, _body(each)) for each in pending()[:SHOWN]]})


def _body(mail: KeptMail) -> str:
    try:
        return mail.body
    except DecryptError as error:
        return f"It can't be read any more: {error}"
