"""A watched run whose API does not answer: keep what is known, say how old it is, decide when a run is gone."""

from datetime import timedelta

from django.utils import timezone

from notte_dashboard.notte_api.errors import NotteError
from notte_dashboard.runs.models import Run
from notte_dashboard.runs.recording import Stored
from notte_dashboard.runs.states import State, transition

GONE_AFTER = timedelta(seconds=60)
MISSES = 3


def noted(run: Run, error: NotteError, failures: int, missing: bool) -> Stored:  # noqa: FBT001
    """One missed look is nothing; from the second on the page says since when, and why."""
    now = timezone.now()
    run.misses = run.misses + 1 if missing else 0
    since = run.stale_since or now
    if missing and run.misses >= MISSES and now - since >= GONE_AFTER:
        over = transition(run, State.ERROR, fence=run.fence, problem="gone", problem_detail="", ended_at=now, stale_since=None)
        return Stored(changed=over, over=True)
    changed = run.stale_since is None and failures > 1
    if changed or missing:
        run.stale_since = since
        run.problem, run.problem_detail = ("" if missing else error.code), error.message
        _save(run, stale_since=since, misses=run.misses, problem=run.problem, problem_detail=run.problem_detail)
    return Stored(changed=changed, over=False)


def cleared(run: Run) -> bool:
    """The API answers again. True when the page has to change."""
    if run.stale_since is None and not run.misses:
        return False
    run.stale_since, run.problem, run.problem_detail, run.misses = None, "", "", 0
    _save(run, stale_since=None, problem="", problem_detail="", misses=0, seen_at=timezone.now())
    return True


def _save(run: Run, **columns: object) -> None:
    type(run).objects.filter(pk=run.pk, fence=run.fence).update(**columns)
