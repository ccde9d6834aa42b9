"""What a browser sent, or what a person would have typed: texts by name, and which rows those names speak of."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

LONGEST_NAME = 300
MOST_PARTS = 24
LARGEST_INDEX = 4
AS_JSON = "__json"
"""After a control's name: its text is JSON, because the usual control cannot spell this value."""


class Typed(dict[str, str]):
    """Texts by the names of controls, without a form's prefix."""

    @classmethod
    def sent(cls, data: Mapping[str, Any], prefix: str) -> "Typed":
        names = [name for name in data if name.startswith(prefix)]
        return cls({name.removeprefix(prefix): str(data[name] or "") for name in names})

    def rows(self, name: str) -> list[int]:
        """The numbers of the rows under this name, in order. There may be gaps: rows are taken away and keep their numbers."""
        return sorted(self._rows.get(name, ()))

    def below(self, name: str) -> bool:
        """Whether anything under this name was sent."""
        return name in self._parents

    def without(self, name: str) -> "Typed":
        inside = (f"{name}-", f"{name}{AS_JSON}")
        return Typed({key: text for key, text in self.items() if key != name and not key.startswith(inside)})

    @cached_property
    def _rows(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for parts in self._names:
            for place, part in enumerate(parts[1:], 1):
                if part.isascii() and part.isdigit() and len(part) <= LARGEST_INDEX:
                    found.setdefault("-".join(parts[:place]), set()).add(int(part))
        return found

    @cached_property
    def _parents(self) -> set[str]:
        return {"-".join(parts[:end]) for parts in self._names for end in range(1, len(parts))}

    @property
    def _names(self) -> Iterable[list[str]]:
        for name in self:
            parts = name.removesuffix(AS_JSON).split("-")
            if len(name) <= LONGEST_NAME and len(parts) <= MOST_PARTS:
                yield parts
