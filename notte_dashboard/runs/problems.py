"""Every way a run can fail: a stable code, a sentence for the operator, and what to do next."""

from typing import NamedTuple


class Problem(NamedTuple):
    code: str
    title: str
    next_step: str


PROBLEMS = {
    problem.code: problem
    for problem in (
        Problem(
            "unreachable",
            "The Notte API can't be reached.",
            "The start is kept and sent again by itself for ten minutes. Check NOTTE_API_URL and the network.",
        ),
        Problem(
            "rate_limited", "The Notte API asks us to slow down.", "The start is kept and sent again as soon as the API allows."
        ),
        Problem(
            "overloaded",
            "The Notte API has no free browser right now.",
            "The start is kept and sent again by itself. Stopping a session you no longer need may help.",
        ),
        Problem(
            "no_chromium",
            "No Chromium was found on this machine.",
            "Install one (on Debian: apt install chromium-headless-shell) or set CHROMIUM to its path, then start again.",
        ),
        Problem(
            "unauthorized",
            "The Notte API refused the API key.",
            "Check NOTTE_API_KEY, or the workspace's key in the admin panel, then start again.",
        ),
        Problem("invalid", "The Notte API refused the request.", "The reasons are below. Change the form and start again."),
        Problem("refused", "The Notte API refused the request.", "Its answer is below."),
        Problem(
            "unanswered",
            "The API did not answer the start, so it may or may not have happened.",
            "Nothing is sent twice. We look for it in the API's list and tell you here.",
        ),
        Problem(
            "bad_answer",
            "The API's answer could not be read, so the start may or may not have happened.",
            "Nothing is sent twice. We look for it in the API's list and tell you here.",
        ),
        Problem(
            "server_failed",
            "The API failed while starting, so it may or may not have started.",
            "Nothing is sent twice. We look for it in the API's list and tell you here.",
        ),
        Problem(
            "not_found_again", "The start never showed up at the API.", "Nothing is running and nothing is billed. Start again."
        ),
        Problem(
            "ambiguous",
            "Several runs at the API could be this one.",
            "Look at the vendor's console and stop what you don't need there; this entry stays as a record.",
        ),
        Problem("gave_up", "The API stayed out of reach for ten minutes.", "Nothing was started. Start again when it is back."),
        Problem("stopped_before_start", "It was stopped before it was sent.", "Nothing was started."),
        Problem("session_failed", "Its session did not start.", "Open the session to see why, then start again."),
        Problem(
            "session_over", "Its session ended before the agent could start.", "Start the agent on a running or a new session."
        ),
        Problem("gone", "The API no longer knows this run.", "What was recorded stays here."),
        Problem(
            "key_lost",
            "The stored key or secret of this run can't be read.",
            "Restore FIELD_ENCRYPTION_KEYS, or give the key again.",
        ),
        Problem("not_found", "The API does not know what the request names.", "Its answer is below."),
    )
}


def problem(code: str) -> Problem | None:
    """None for no problem; a code of a later version still has a sentence."""
    if not code:
        return None
    return PROBLEMS.get(code) or Problem(code, f"Something went wrong ({code}).", "See the details below.")
