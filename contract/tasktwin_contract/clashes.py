"""Refusals that tell of what others have, and so nothing of the server.

Where all tests share accounts, a name that has to be unique may be in use by somebody
whom the run knows nothing of. A refusal for that reason is only believed where it was
the test itself that took the name.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tasktwin_contract.rules import Rules

if TYPE_CHECKING:
    from tasktwin_contract.guard import Errand

EVERYWHERE = ""


class Clashes:
    """The unique names that one world took, and those that its people have anyway."""

    def __init__(self, rules: Rules, theirs: Iterable[str]) -> None:
        self._rules = rules
        self._theirs = {name.lower() for name in theirs}
        self._taken: set[tuple[str, str, str]] = set()

    def take(self, errand: "Errand", who: str) -> None:
        """Note the names in a request that went well."""
        for parameter in self._rules.unique.values():
            self._taken.update(self._names(errand, who, parameter))

    def with_others(self, errand: "Errand", who: str, code: object) -> str | None:
        """The parameter whose refusal with `code` tells of others, if one does."""
        parameter = self._rules.unique.get(code) if isinstance(code, int) else None
        if parameter is None:
            return None
        for name in self._names(errand, who, parameter):
            if name in self._taken or name[-1] in self._theirs:
                return None
        return parameter

    def _names(
        self, errand: "Errand", who: str, parameter: str
    ) -> Iterator[tuple[str, str, str]]:
        scoped = parameter in self._rules.unique_in_team
        team = self._team(who) if scoped else EVERYWHERE
        for text in errand.texts(parameter):
            yield parameter, team, text.lower()

    def _team(self, who: str) -> str:
        return EVERYWHERE if who in self._rules.team else who
