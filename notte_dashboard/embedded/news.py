"""What the terminal says about programs that ended by themselves: once per trouble, with the log that knows more."""

from collections import deque
from collections.abc import Mapping
from pathlib import Path

from notte_dashboard.embedded.supervision import State

LAST_LINES = 5


class News:
    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self._pids: dict[str, int] = {}
        self._failing: dict[str, str] = {}

    def of(self, states: Mapping[str, State]) -> list[str]:
        return [line for name, state in states.items() for line in self._about(name, state)]

    def _about(self, name: str, state: State) -> list[str]:
        before, self._pids[name] = self._pids.get(name), state.pid or self._pids.get(name, 0)
        if state.name in {"BACKOFF", "FATAL"}:
            if self._failing.get(name) == state.name:
                return []
            self._failing[name] = state.name
            then = "It is tried again." if state.name == "BACKOFF" else "It was given up; stop, look at the log and start again."
            return [f"{name} ends as soon as it is started. {then} {self._log(name)}", *self._last_lines(name)]
        if state.name == "RUNNING" and self._failing.pop(name, ""):
            return [f"{name} is running again."]
        if before and state.pid not in {0, before} and name not in self._failing:
            return [f"{name} ended unexpectedly and was started again. {self._log(name)}"]
        return []

    def _log(self, name: str) -> str:
        return f"Log: {self.logs / name}.log"

    def _last_lines(self, name: str) -> list[str]:
        try:
            with (self.logs / f"{name}.log").open(errors="replace") as file:
                return [f"    {line.rstrip()[:300]}" for line in deque(file, LAST_LINES)]
        except OSError:
            return []
