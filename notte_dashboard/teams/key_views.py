"""The API keys of the current workspace, and one's own."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.http import DashboardRequest
from notte_dashboard.notte_api.errors import NotteError
from notte_dashboard.teams.forms import KeyForm
from notte_dashboard.workspaces import key_check, keys
from notte_dashboard.workspaces.access import Action, current_membership, may, workspace_for
from notte_dashboard.workspaces.key_check import Verdict
from notte_dashboard.workspaces.models import ApiKey, Membership

FIRST = "https://api.notte.cc"


def _mine(request: DashboardRequest) -> Membership:
    """Whoever may start runs may have a key of their own for them."""
    workspace_for(request, Action.RUN)
    found = current_membership(request)
    if found is None:
        raise Http404
    return found


def key_for(request: DashboardRequest, uuid: UUID) -> ApiKey:
    """One's own, or a shared one for admins. Another member's personal key is there for nobody else."""
    found = keys.visible_keys(_mine(request)).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    if found.owner_id is None and not may(request, Action.MANAGE):
        raise PermissionDenied
    return found


@sensitive_post_parameters("key")
@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def keys_page(request: DashboardRequest) -> HttpResponse:
    """A POST tries the key with reads only, and keeps it if it works, or if that is wished anyway."""
    mine = _mine(request)
    manages = may(request, Action.MANAGE)
    form = KeyForm(request.POST or None, initial={"base_url": FIRST if settings.EMBEDDED else settings.NOTTE_API_URL})
    verdict = None
    if request.method == "POST" and form.is_valid():
        if not (manages or form.cleaned_data["personal"]):
            raise PermissionDenied
        verdict = key_check.ask(form.connection())
        if verdict.works or form.cleaned_data["anyway"]:
            _keep(request, mine, form, verdict)
            return redirect("teams:keys")
    rows = [(each, key_check.remembered(each)) for each in keys.visible_keys(mine)[:100]]
    context = {
        "form": form,
        "rows": rows,
        "manages": manages,
        "verdict_now": verdict,
        "used": keys.key_for(mine.workspace, request.user),
    }
    return render(request, "workspaces/keys.html", context, status=422 if request.method == "POST" else 200)


def _keep(request: DashboardRequest, mine: Membership, form: KeyForm, verdict: Verdict) -> None:
    read = form.cleaned_data
    key = keys.add_key(
        by=request.user, workspace=mine.workspace, base_url=read["base_url"], secret=read["key"], personal=read["personal"]
    )
    key_check.remember(key, verdict)
    tell = messages.success if verdict.works else messages.warning
    tell(request, f"The key …{key.last4} is saved. {_sentence(verdict)}")


def _sentence(verdict: Verdict) -> str:
    return ", ".join(line for line, _good in verdict.lines) + "."


@login_required
@require_POST
def check_key(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    key = ApiKey.objects.get(pk=key_for(request, uuid).pk)
    try:
        verdict = key_check.ask(keys.connection(key))
    except NotteError as error:
        verdict = Verdict(problem=error.message)
    key_check.remember(key, verdict)
    record(Deed.KEY_TESTED, by=request.user, workspace=key.workspace_id, target=key, after={"works": verdict.works})
    tell = messages.success if verdict.works else messages.error
    tell(request, f"Key …{key.last4}: {_sentence(verdict)} {verdict.problem}".strip())
    return redirect("teams:keys")


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def revoke_key(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    """A GET asks first."""
    key = key_for(request, uuid)
    if request.method == "GET":
        return render(request, "workspaces/revoke_key.html", {"key": key})
    if keys.revoke(key):
        messages.success(request, f"The key …{key.last4} is revoked.")
    return redirect("teams:keys")
