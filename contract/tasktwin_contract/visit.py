"""A world on a live server: what one test makes there, and nothing else of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tasktwin_contract.access import lacking
from tasktwin_contract.actors import Actor
from tasktwin_contract.allowances import ConformsError, covers
from tasktwin_contract.checks import violations
from tasktwin_contract.clashes import Clashes
from tasktwin_contract.credentials import variable
from tasktwin_contract.curl import curl_lines
from tasktwin_contract.failures import NotJudgedError
from tasktwin_contract.guard import Errand
from tasktwin_contract.ledger import Thing
from tasktwin_contract.payload import rewritten
from tasktwin_contract.people import carried
from tasktwin_contract.redaction import in_shell
from tasktwin_contract.reply import SHOWN, Reply, Sent
from tasktwin_contract.target import World
from tasktwin_contract.things import Things, removable
from tasktwin_contract.wire import Request, Response

if TYPE_CHECKING:
    from tasktwin_contract.live import LiveTarget

NO_CLOCK = "a live server lends no clock that can be turned"
NO_SESSION = 401


class LiveReply(Reply):
    """A reply that shows no credentials, and may differ where a clause allows it."""

    def __init__(self, sent: Sent, response: Response, target: "LiveTarget") -> None:
        super().__init__(sent, response)
        self._target = target

    def shown(self) -> str:
        """The start of the body, without credentials."""
        text = self.body.decode(errors="backslashreplace")
        return self._target.redacted(text)[: SHOWN + 1]

    def excused(self, status: int | None, code: int | None) -> bool:
        """Whether a clause of the test lets a live server answer this instead."""
        return any(covers(live, self, status) for live in self._target.lives)


class LiveWorld(World):
    """What one test sees of a live server."""

    target: "LiveTarget"

    def __init__(self, target: "LiveTarget", name: str) -> None:
        people = target.people
        super().__init__(
            target=target,
            name=name,
            seed=target.seed,
            api_key=people.credentials.api_key,
            people=people.facts(),
        )
        self._things: Things | None = None
        self._opened: dict[str, str] = {}
        self._losses = target.losses
        self._clashes = Clashes(target.rules, people.names_in_use())

    @property
    def prefix(self) -> str:
        """Nothing: all worlds are one."""
        return ""

    @property
    def things(self) -> Things:
        """What the world made."""
        if self._things is None:
            self._things = Things(
                self.target.rules, lambda: self.target.ledger, self.target.guard.ours
            )
        return self._things

    def __getattr__(self, name: str) -> Actor:
        if name.startswith("_") or name not in self.target.cast:
            raise AttributeError(name)
        if name in self.people:
            self.target.arrive()
            self.people.update(self.target.people.facts())
        return self.actor(name, self.people[name])

    def guid(self, drawn: str | None = None) -> str:
        """A new UUID, which no other run and no other world has."""
        self._guids += drawn is None
        return self.target.keyed(f"{self.name}/{drawn or self._guids}")

    def address(self) -> str:
        """A new e-mail address, by which what is invited is found again."""
        address = super().address()
        self.target.guard.drawn.add(address)
        return address

    def freeze(self) -> datetime:
        """Skip the test."""
        lacking(NO_CLOCK)

    def advance(self, seconds: float) -> None:
        """Skip the test."""
        lacking(NO_CLOCK)

    def send(self, sent: Sent) -> Reply:
        """Send a request that touches nobody's things; others end the test."""
        errand = self.target.guard.errand(sent, self.things)
        who = self._who(sent)
        made = [*self._begun(errand, who)]
        request = self._marked(errand)
        response = self.target.courier.carry(replace(sent, request=request))
        seen = self._seen(errand, response, made, who)
        reply = LiveReply(sent, seen, self.target)
        self._settle(errand, reply, who, made)
        self.history.append(reply)
        for violation in violations(reply):
            self.target.note(violation, self)
        return reply

    def leave(self) -> None:
        """Remove what was made here, and end the sessions that were opened here.

        Raises `NotJudgedError` where the server does not let it.
        """
        target = self.target
        for thing in removable(target.rules.kinds, self.things.made):
            if self._fell(thing) or target.caretaker.remove(thing, self._is_sure):
                self.things.gone(thing)
        for loan in target.loans():
            target.give_back(loan)
        while self._opened and self._is_sure:
            session, name = self._opened.popitem()
            target.close_session(name, session)

    @property
    def _is_sure(self) -> bool:
        """Whether what the server gave an id or a session of still has it."""
        return self._losses == self.target.losses

    def shell(self, history: list[Reply]) -> tuple[str, ...]:
        """`history` as shell lines, credentials as variables."""
        used = dict.fromkeys(
            r.sent.actor for r in history if r.sent.actor in self.people
        )
        hidden = [self._hidden(reply) for reply in history]
        lines = curl_lines(hidden, "", {})
        start = [*self.target.connection.curl, f"BASE={self.target.address}"]
        start += [self._obtained(str(part)) for part in used]
        return tuple(self.target.redacted(in_shell(line)) for line in [*start, *lines])

    def _hidden(self, reply: Reply) -> Reply:
        """A reply whose request has places for its credentials."""
        request = self.target.redaction.request(reply.sent.request)
        response = Response(reply.status, reply.headers, reply.body)
        return LiveReply(replace(reply.sent, request=request), response, self.target)

    def _obtained(self, part: str) -> str:
        """The line that opens the session of who plays `part`."""
        name = self.target.people.played(part)
        rules, known = self.target.rules, self.target.people.credentials
        if rules.sign_in is None:
            fact = self.target.credential.fact
            return f"{name.upper()}_SESSION=${variable(self.api, name, fact)}"
        words = [(key, key.upper()) for key in known.keys]
        words += [(key, f"{name}_{key}") for key in known.people[name]]
        given = " ".join(
            f'--data-urlencode "{key}=${variable(self.api, word)}"'
            for key, word in words
        )
        path = self.target.path_of(rules.sign_in)
        reads = f"import json, sys; print(json.load(sys.stdin)['{rules.session}'])"
        asks = f'curl -sG {given} "$BASE{path}"'
        return f'{name.upper()}_SESSION=$({asks} | python3 -c "{reads}")'

    def _fell(self, thing: Thing) -> bool:
        """Whether what a thing hangs on has been removed, and so the thing with it."""
        kind = thing.kind
        above = (self.things.named(kind, name) for name in thing.above)
        return any(one is not None and one.gone for one in above)

    def _who(self, sent: Sent) -> str:
        """The configured name of who a request comes from."""
        sessions = {s: n for n, s in self.target.people.sessions.items()} | self._opened
        session = carried(sent.request, sessions)
        return sessions[session] if session else self.target.people.played(sent.actor)

    def _begun(self, errand: Errand, who: str) -> Iterator[Thing]:
        """Note in the ledger what the request is about to make, or to change."""
        rule, things = errand.rule, self.things
        if rule.makes is not None:
            people = things.rules.kinds[rule.makes].people
            make = self._made_between if people else self._made
            yield from make(errand, rule.makes, who)
        if rule.hides:
            for kind_of_it, name in errand.things():
                things.hidden_by_name(kind_of_it, name)
        if errand.account and errand.operation is not None:
            account = self.target.caretaker.account(errand.operation.id)
            changed = account.login if account else None
            logins = errand.texts(changed) if changed else []
            self.target.borrow(who, errand.operation.id, logins)

    def _made(self, errand: Errand, makes: str, who: str) -> Iterator[Thing]:
        rule, kind = errand.rule, self.things.rules.kinds[makes]
        texts = errand.texts(kind.key) if kind.key and rule.keyed else []
        keys = {text.lower() for text in texts if text.strip()}
        if not keys and rule.marks and not self._can_be_marked(errand):
            lacking("what this makes could not be found again")
        for key in sorted(keys):
            yield self.things.begin(makes, key, who)
        if not keys:
            yield self.things.begin(makes, None, who)

    def _made_between(self, errand: Errand, makes: str, who: str) -> Iterator[Thing]:
        """Note what somebody is about to be to whom the request names.

        Those who are of one team are that already.
        """
        people, things = self.target.people, self.things
        for kind, name in errand.things():
            other = people.called(name)
            if other == who or {other, who} <= self.target.rules.team:
                continue
            known = things.named(kind, name)
            key = known.key if known else people.address(other or "") or name.lower()
            number = people.id(other) if other else None
            yield things.begin(makes, key, who, number)
            if other and things.rules.kinds[makes].mutual:
                yield things.begin(makes, people.address(who), other, people.id(who))

    def _can_be_marked(self, errand: Errand) -> bool:
        """Whether each title is one that can carry the mark, or has to be refused."""
        titles = errand.texts(errand.rule.marks or "")
        mark = self.target.mark
        return all(mark.on(title) != title or not title.strip() for title in titles)

    def _marked(self, errand: Errand) -> Request:
        """The request, with the run's mark on the title and the words it sends."""
        rule, mark = errand.rule, self.target.mark
        marking = {rule.marks: mark.on, rule.words: mark.on_each}
        if not any(name in marking for name, _ in errand.values):
            return errand.sent.request

        def marked(name: str, value: Any) -> Any:
            return marking[name](value) if name in marking else value

        return rewritten(errand.sent.request, marked)

    def _seen(
        self, errand: Errand, response: Response, made: list[Thing], who: str
    ) -> Response:
        """The answer as the test sees it: without marks and what is not its own."""
        body = self.target.mark.off(response.body)
        operation = errand.operation
        kind = self.target.rules.lists.get(operation.id) if operation else None
        if kind is not None and response.status == 200:
            mark = self.target.mark.text
            self.things.take_in_implied(kind, response.body, mark, who)
            body = self.things.reduced(kind, body)
        if errand.rule.makes is not None and response.status == 200:
            self.things.take_in(errand.rule.makes, body, made)
        return Response(response.status, response.headers, body)

    def _settle(
        self, errand: Errand, reply: Reply, who: str, made: list[Thing]
    ) -> None:
        """Note what has gone, what was not made, and whose session ended or began."""
        if 400 <= reply.status < 500:
            for thing in made:
                self.things.gone(thing)
        if reply.status == 200 and errand.rule.removes:
            for kind, name in errand.things():
                self.things.gone_by_name(kind, name)
        if reply.status == 200 and errand.operation is not None:
            self._come_or_go(errand.operation.id, reply)
        if reply.status == 200:
            self._clashes.take(errand, who)
        if reply.status == NO_SESSION:
            self._hold_to_last(reply, who)
        self._hold_to_be_alone(errand, reply, who)
        self._hold_to_be_served(errand, reply)

    def _come_or_go(self, operation_id: str, reply: Reply) -> None:
        """Remember a session that the test opened, forget one that it ended."""
        target = self.target
        if operation_id == target.rules.sign_in:
            self._came(reply)
        if operation_id == target.rules.sign_out:
            everybody = [*target.people.sessions.values(), *self._opened]
            session = carried(reply.sent.request, everybody) or ""
            target.people.forget(session)
            self._opened.pop(session, None)

    def _hold_to_last(self, reply: Reply, who: str) -> None:
        """Stop the test where a session that nobody ended is none any more."""
        target = self.target
        ours = carried(reply.sent.request, target.people.sessions.values())
        if ours and target.has_lost():
            raise NotJudgedError(
                f"the session of {who} ended in the middle, as if the server had"
                " lost its state"
            )

    def _hold_to_be_alone(self, errand: Errand, reply: Reply, who: str) -> None:
        """Skip the test where a refusal tells of what others on the server have."""
        if errand.operation is None or not 400 <= reply.status < 500:
            return
        clash = self._clashes.with_others(errand, who, reply.code)
        if clash is not None:
            lacking(f"somebody else on the server has this {clash}")

    def _hold_to_be_served(self, errand: Errand, reply: Reply) -> None:
        """End the test where a deprecated operation says that it is no more."""
        operation, code = errand.operation, self.target.rules.retired
        if operation is None or not operation.deprecated or reply.status < 400:
            return
        if code is not None and reply.code == code:
            if any(code in live.get("code", ()) for live in self.target.lives):
                raise ConformsError(f"{operation.id} is served no more")
            lacking(f"{operation.id} is deprecated, and served no more")

    def _came(self, reply: Reply) -> None:
        """Remember a session that a test opened."""
        data: Any = reply.data
        answered = self.target.rules.session
        session = data.get(answered) if isinstance(data, dict) else None
        if isinstance(session, str) and session:
            people = self.target.people
            name = people.known_by(str(data.get("id"))) or people.played(None)
            self._opened[session] = name
            number = len(self._opened)
            self.target.redaction.add(session, f"{name}_SESSION_{number}".upper())
