"""What an API says to a key: asked with reads only, so that nothing is started by trying it."""

from dataclasses import asdict, dataclass, field

from django.utils import timezone

from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import NotFound, NotteError, RateLimited, Unauthorized
from notte_dashboard.notte_api.transport import Timeouts
from notte_dashboard.waiting import wait_for
from notte_dashboard.workspaces.models import ApiKey

PATIENCE = Timeouts(connect=4, read=8, deadline=10)
MOST_LIMITS, LONGEST = 12, 120


@dataclass
class Verdict:
    reachable: bool = False
    accepted: bool | None = None
    """None: nobody could say."""
    agents: bool | None = None
    limits: dict[str, str] = field(default_factory=dict)
    """As the API tells them in its headers."""
    problem: str = ""

    @property
    def works(self) -> bool:
        return self.reachable and self.accepted is True

    @property
    def lines(self) -> list[tuple[str, bool | None]]:
        """Each with whether it is good; None where nothing is known."""
        found: list[tuple[str, bool | None]] = [("Reachable" if self.reachable else "Can't be reached", self.reachable)]
        if self.reachable:
            told = {True: "Key accepted", False: "Key refused", None: "Nobody knows whether the key is accepted"}
            found.append((told[self.accepted], self.accepted))
        if self.accepted:
            told = {True: "Agents available", False: "No agents in this plan", None: "Nobody knows about agents"}
            found.append((told[self.agents], self.agents))
        return found


def ask(where: Connection) -> Verdict:
    return wait_for(_ask(where))


def remember(key: ApiKey, verdict: Verdict) -> None:
    ApiKey.objects.filter(pk=key.pk).update(verdict=asdict(verdict), checked_at=timezone.now())


def remembered(key: ApiKey) -> Verdict | None:
    return Verdict(**key.verdict) if key.verdict else None


async def _ask(where: Connection) -> Verdict:
    verdict = Verdict()
    seen: dict[str, str] = {}
    async with NotteClient(where, retries=0, reads=PATIENCE, hear=seen.update) as client:
        try:
            await client.list_sessions(page_size=1)
            verdict.reachable = verdict.accepted = True
        except RateLimited as error:
            # It says so to those whose key it knows.
            verdict.reachable, verdict.accepted, verdict.problem = True, True, error.message
        except Unauthorized as error:
            verdict.reachable, verdict.accepted, verdict.problem = True, False, error.message
        except NotteError as error:
            verdict.reachable, verdict.problem = error.status is not None, error.message
        if verdict.accepted:
            verdict.agents = await _has_agents(client)
    verdict.limits = {name: where.redact(value) for name, value in _limits(seen).items()}
    return verdict


async def _has_agents(client: NotteClient) -> bool | None:
    try:
        await client.list_agents(page_size=1)
    except (Unauthorized, NotFound):
        return False
    except NotteError:
        return None
    return True


def _limits(headers: dict[str, str]) -> dict[str, str]:
    """What a plan allows and how much of it is left, in whatever words this API has for it."""
    told = {
        name: value
        for name, value in headers.items()
        if any(word in name for word in ("ratelimit", "rate-limit", "quota", "plan"))
    }
    return {name[:LONGEST]: value[:LONGEST] for name, value in sorted(told.items())[:MOST_LIMITS]}
