from notte_dashboard.local_api.brains.interface import Brain
from notte_dashboard.local_api.brains.rules.brain import RulesBrain

MODEL = RulesBrain.name


def brain_for(task: str, url: str | None) -> Brain:
    """`url` is the start page that the loop opens by itself before it asks the brain for the first time."""
    return RulesBrain(task, url)


__all__ = ["MODEL", "Brain", "brain_for"]
