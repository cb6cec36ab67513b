"""What may be sent to a live server: nothing that touches what the run did not make."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tasktwin_contract.access import NEEDED, Access, lacking, unmet
from tasktwin_contract.actors import BOUNDARY
from tasktwin_contract.payload import UnclearError, Values, matches, read
from tasktwin_contract.reply import Sent
from tasktwin_contract.rules import PERSON, Names, Rule, Rules
from tasktwin_contract.things import NOTHING, Things
from tasktwin_contract.wire import File
from tasktwin_schemas import Operation, operations

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SWITCHES = ("true", "false")  # which a server may take for 1 and 0
SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Errand:
    """A request that may be sent, and what it will touch by its rule."""

    sent: Sent
    operation: Operation | None
    rule: Rule
    values: Values

    @property
    def account(self) -> bool:
        """Whether it changes its caller's account, not only a thing in it."""
        if self.operation is None or self.rule.names:
            return False
        return self.operation.effect == "account"

    def texts(self, name: str) -> list[str]:
        """The texts that the parameter of that name has; of files, their names."""
        values = [value for known, value in self.values if known == name]
        values = [v.name if isinstance(v, File) else v for v in values]
        return [value for value in values if isinstance(value, str)]

    def things(self) -> Iterator[tuple[str, str]]:
        """Kind and name of each thing that it names. Raises `UnclearError`."""
        yield from ((names.kind, name) for names, name in self.named())

    def named(self) -> Iterator[tuple[Names, str]]:
        """How it names things, and each name. Raises `UnclearError`."""
        for parameter, value in self.values:
            names = self.rule.names.get(parameter)
            if names is not None:
                yield from ((names, name) for name in _named(names, value))


class Guard:
    """Lets requests pass that keep to the access, and skips the test of any other.

    `actors` are the names under which people are configured, `ours` their ids, `called`
    their logins and addresses, and `drawn` every key that the run has drawn for what it
    may make.
    """

    def __init__(
        self, api: str, rules: Rules, access: Access, actors: Collection[str]
    ) -> None:
        self.rules = rules
        self.access = access
        self.actors = actors
        self.ours: set[str] = set()
        self.called: set[str] = set()
        self.drawn: set[str] = set()
        self._operations = operations(api)

    def errand(self, sent: Sent, things: Things) -> Errand:
        """What `sent` will touch, which is the run's own. Skips the test if not."""
        operation = sent.operation or self._documented(sent)
        if operation is None:
            if sent.request.method not in SAFE:
                lacking(f"nobody can tell what {sent.request.method} here would touch")
            return Errand(sent, None, Rule(), [])
        if operation.effect == "read" or self._is_of_sessions(operation):
            return Errand(sent, operation, Rule(), [])
        self._hold_to_access(operation)
        rule = self._rule(operation)
        errand = Errand(sent, operation, rule, self._values(sent, operation, rule))
        try:
            named = [*errand.named()]
        except UnclearError:
            lacking(f"nobody can tell what this call of {operation.id} would touch")
        for names, name in named:
            if names.harmless is None:
                self._hold_to_be_own(operation, names.kind, name, things)
            else:
                self._hold_to_be_called(operation, names.harmless, name)
        return errand

    def _is_of_sessions(self, operation: Operation) -> bool:
        return operation.id in (self.rules.sign_in, self.rules.sign_out)

    def _documented(self, sent: Sent) -> Operation | None:
        """The operation that a request without one calls all the same."""
        request = sent.request
        for operation in self._operations.values():
            if operation.method == request.method and matches(
                request.path, operation, self.rules.version
            ):
                return operation
        return None

    def _hold_to_access(self, operation: Operation) -> None:
        needed = NEEDED.get(operation.effect, Access.FULL)
        if self.access < needed:
            lacking(f"{operation.id} needs --access {needed.name.lower()}")

    def _rule(self, operation: Operation) -> Rule:
        known = self.rules.operations
        rule = known.get(operation.id) or known.get(operation.alias_of or "")
        if rule is None:
            lacking(f"the suite cannot tell what {operation.id} touches")
        reason = unmet(rule.needs, self.actors, self.rules.administrator)
        if reason is not None:
            lacking(f"{operation.id}: {reason}")
        return rule

    def _values(self, sent: Sent, operation: Operation, rule: Rule) -> Values:
        version = self.rules.version
        try:
            return read(sent.request, operation, version)
        except UnclearError:
            pass
        bare = replace(sent.request, body=b"")
        try:
            keys = self._in_the_dark(rule, sent.request.body)
            return [*read(bare, operation, version), *keys]
        except UnclearError:
            lacking(f"nobody can tell what this call of {operation.id} would touch")

    def _in_the_dark(self, rule: Rule, body: bytes) -> Values:
        """The keys in a body that nobody can read, if it can name nothing but these.

        Ids are numbers or UUIDs, so without digits it names none, unless a parameter
        takes other names as well. Raises `UnclearError` where it could.
        """
        kind = self.rules.kinds.get(rule.makes or "")
        text = body.decode(errors="ignore").lower().replace(BOUNDARY, "")
        keys = UUID.findall(text)
        rest = UUID.sub("", text)
        worded = [p for p, n in rule.names.items() if self._takes_words(n)]
        if (
            kind is None
            or kind.key is None
            or kind.people
            or any(key not in self.drawn for key in keys)
            or any(character.isdigit() for character in rest)
            or any(parameter.lower() in rest for parameter in worded)
        ):
            raise UnclearError
        return [(kind.key, key) for key in keys]

    def _is_numbered(self, kind: str) -> bool:
        """Whether things of a kind have ids and keys that cannot do without digits."""
        known = self.rules.kinds.get(kind)
        return known is not None and known.key is not None and not known.people

    def _takes_words(self, names: Names) -> bool:
        """Whether what a parameter names may be neither a number nor a UUID."""
        return names.within is not None or not self._is_numbered(names.kind)

    def _hold_to_be_called(
        self, operation: Operation, harmless: str, name: str
    ) -> None:
        reaches = re.fullmatch(harmless, name, re.IGNORECASE) is None
        if reaches and name.lower() not in self.called:
            lacking(f"{operation.id} would touch somebody who is none of its actors")

    def _hold_to_be_own(
        self, operation: Operation, kind: str, name: str, things: Things
    ) -> None:
        if name in NOTHING or name in self.rules.nowhere:
            return
        if self._is_numbered(kind) and not any(map(str.isdigit, name)):
            return
        if kind == PERSON and name in self.ours:
            return
        if things.holds(kind if kind != PERSON else "group", name):
            return
        if kind in self.rules.kinds and name.lower() in self.drawn:
            return
        what = (
            "somebody who is none of its actors" if kind == PERSON else f"this {kind}"
        )
        lacking(f"{operation.id} would touch {what}, which the run did not make")


def _named(names: Names, value: Any) -> Iterator[str]:
    """What a value names. Raises `UnclearError` where that cannot be told."""
    if isinstance(value, str) and value.strip()[:1] in ("[", "{"):
        try:
            value = json.loads(value)
        except ValueError:
            raise UnclearError from None
    parts = value.split(",") if isinstance(value, str) else value
    for part in parts if isinstance(parts, list) else [parts]:
        yield from _name(names, part)


def _name(names: Names, part: Any) -> Iterator[str]:
    if part is None:
        return
    if isinstance(part, dict) and names.within is not None:
        yield from _name(Names(names.kind), part.get(names.within))
    elif isinstance(part, str) and part.strip().lower() not in SWITCHES:
        yield part.strip()
    elif type(part) is int:
        yield str(part)
    else:
        raise UnclearError
