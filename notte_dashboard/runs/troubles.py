"""A watched run whose API does not answer: keep what is known, say how old it is, decide when a run is gone."""

from datetime import datetime, timedelta

from django.utils import timezone

from notte_dashboard.notte_api.errors import NotteError
from notte_dashboard.runs.models import Run
from notte_dashboard.runs.recording import Stored
from notte_dashboard.runs.states import WATCHED, State, transition

GONE_AFTER = timedelta(seconds=60)
MISSES = 3


def noted(run: Run, error: NotteError, failures: int, missing_since: datetime | None = None) -> Stored:
    """One missed look is nothing; from the second on the page says since when, and why.

    `missing_since` is when the API began to say that it does not know the run; None when it says anything else.
    """
    now = timezone.now()
    if run.is_over:
        return Stored(changed=False, over=missing_since is not None)
    run.misses = run.misses + 1 if missing_since else 0
    if missing_since and run.misses >= MISSES and now - missing_since >= GONE_AFTER:
        over = transition(run, State.ERROR, fence=run.fence, problem="gone", problem_detail="", ended_at=now, stale_since=None)
        return Stored(changed=over, over=True)
    problem = "" if missing_since else error.code
    changed = failures > 1 and (run.stale_since is None or run.problem != problem)
    if changed:
        run.stale_since = run.stale_since or now
        run.problem, run.problem_detail = problem, error.message
    if changed or missing_since:
        _save(run)
    return Stored(changed=changed, over=False)


def _save(run: Run) -> None:
    columns = {name: getattr(run, name) for name in ("stale_since", "misses", "problem", "problem_detail")}
    type(run).objects.filter(pk=run.pk, fence=run.fence, state__in=WATCHED).update(**columns)
