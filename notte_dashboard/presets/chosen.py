"""A new session from a preset, as it is chosen in the place of a session's id."""

from typing import Any

from django.contrib.auth.models import User

from notte_dashboard.presets.kinds import SESSION
from notte_dashboard.presets.marks import misfits
from notte_dashboard.presets.panel import FROM_PRESET
from notte_dashboard.presets.queries import version_for
from notte_dashboard.workspaces.encrypted import DecryptError
from notte_dashboard.workspaces.models import Workspace


class UnusablePresetError(ValueError):
    """The message is for whoever chose it."""


def chosen_request(user: User, workspace: Workspace, choice: str) -> dict[str, Any] | None:
    """What to start the session with: nothing special for no choice, None when the choice is a session that is there."""
    if not choice:
        return {}
    if not choice.startswith(FROM_PRESET):
        return None
    version = version_for(user, workspace, SESSION, choice.removeprefix(FROM_PRESET))
    if version is None:
        raise UnusablePresetError("This preset is gone. Choose another one.")
    try:
        request = version.whole_request()
    except DecryptError as error:
        raise UnusablePresetError(f"The secrets of this preset can't be read: {error}") from error
    if wrong := misfits(SESSION.form_class(), request):
        raise UnusablePresetError(f"This preset no longer fits the API. {wrong[0].label}: {wrong[0].why}")
    return request
