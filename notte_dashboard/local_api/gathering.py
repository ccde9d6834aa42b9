"""What an agent knows of its session when it is started from an earlier step (`session_offset`)."""

from collections.abc import Sequence

from notte_dashboard.local_api.steps import Step

_MOST_ACTIONS = 20
_LONGEST = 200


def gathered(steps: Sequence[Step], offset: int | None) -> str:
    """What was done from that step on, and where it led; the newest when it is much."""
    if offset is None:
        return ""
    known = steps[offset:]
    done = [str(step["value"]["message"])[:_LONGEST] for step in known if step["type"] == "execution_result"]
    pages = [step["value"]["metadata"]["url"] for step in known if step["type"] == "observation"]
    told = [f"Before me in this session: {'; '.join(done[-_MOST_ACTIONS:])}."] if done else []
    return " ".join([*told, *([f"The last page seen was {pages[-1][:_LONGEST]}."] if pages else [])])
