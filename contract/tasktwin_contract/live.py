"""A server that is not ours: one account for all tests, and nothing of it to be hurt.

A world there is what one test made (`visit.py`). Whatever a test asks for that cannot
be lent ends it as skipped; what tells of limits, or of a server that lost its state,
could not be judged.
"""

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any
from uuid import uuid4, uuid5

from tasktwin_contract.access import Access, lacking, unmet
from tasktwin_contract.allowances import ConformsError, allowances
from tasktwin_contract.caretaker import Caretaker, Entry
from tasktwin_contract.connection import CannotJudgeError, Connection
from tasktwin_contract.courier import Courier, Pace
from tasktwin_contract.credentials import Credentials, variable
from tasktwin_contract.failures import NotJudgedError, leaves
from tasktwin_contract.guard import Guard
from tasktwin_contract.ledger import Ledger, Loan, masked
from tasktwin_contract.marks import Mark
from tasktwin_contract.people import People, secrets_of
from tasktwin_contract.redaction import Redaction
from tasktwin_contract.reply import Reply, Sent
from tasktwin_contract.rules import rules_of
from tasktwin_contract.target import Target, World, hold_not_sent_on, said_in_clear
from tasktwin_contract.visit import LiveWorld
from tasktwin_contract.wire import Response
from tasktwin_schemas import clauses, operations
from tasktwin_schemas.document import credentials as credentials_of

NOT_FOUND = 404
LEFT = (
    "something that the run made could not be removed; `tasktwin cleanup` tries again"
)


class LiveTarget(Target):
    """A live server, with the people who are configured for it."""

    own = False
    discreet = True

    def __init__(
        self,
        api: str,
        connection: Connection,
        credentials: Credentials,
        access: Access,
        seed: int,
    ) -> None:
        address = connection.base_url
        super().__init__(api, connection.transport, address, seed, connection)
        self.access = access
        self.run = uuid4()
        self.mark = Mark(self.run.hex[:8])
        self.rules = rules_of(api)
        self.cast = _cast(api)
        self.credential = credentials_of(api)[0]
        self.people = People(
            credentials, self.cast, self.credential.fact, self.rules.session
        )
        self.guard = Guard(api, self.rules, access, self.people.names)
        self.courier = Courier(self.transport, self.rules, Pace(connection.rate_limit))
        self.caretaker = Caretaker(api, self.rules, self.ask)
        self.redaction = Redaction()
        self.lives: list[Mapping[str, Any]] = []
        self.losses = 0
        self.lent: dict[tuple[str, str], dict[str, Any]] = {}
        self._ledger: Ledger | None = None
        self._worlds = 0
        for secret, words, word in secrets_of(credentials):
            self.redaction.add(secret, variable(api, words), word=word)

    @property
    def ledger(self) -> Ledger:
        """The run's ledger. Raises `NotJudgedError` where none can be written."""
        if self._ledger is None:
            folder, run = self.connection.folder, self.run.hex[:8]
            try:
                self._ledger = Ledger.begin(folder, self.api, str(self.address), run)
            except OSError as error:
                raise NotJudgedError(
                    f"no ledger can be kept in {folder}: {error.strerror}"
                ) from None
        return self._ledger

    def check(self) -> None:
        """Make sure that everybody can sign in. Raises `CannotJudgeError`."""
        try:
            self.arrive()
            if self.access > Access.READ:
                self.ledger.close()
        except NotJudgedError as error:
            words = self.redacted(str(error))
            raise CannotJudgeError(
                f"{self.address} cannot be judged: {words}"
            ) from None
        finally:
            self._sign_out()

    def arrive(self) -> None:
        """Sign everybody in who is not. Raises `NotJudgedError`."""
        for name in self.people.names:
            if name not in self.people.sessions:
                self.enter(name)

    def enter(self, name: str, person: Mapping[str, str] | None = None) -> None:
        """Sign somebody in, by other credentials than theirs if these are given.

        Raises `NotJudgedError`.
        """
        session = self._session(name, person)
        account = self._asked(name, self.rules.probe, session)
        self.people.tell(name, account)
        self.guard.ours.update(self.people.ids())
        self.guard.called.update(map(str.lower, self.people.names_in_use()))

    def open(self, origin: str | None = None, /, **settings: Any) -> World:
        """A world for one test. Skips the test where it asks for settings."""
        if origin or settings:
            lacking("a live server lends no worlds with settings of their own")
        self.arrive()
        self._worlds += 1
        self.latest = LiveWorld(self, f"live-{self._worlds}")
        return self.latest

    def in_clear(self, operation_id: str) -> Reply:
        """End the test by what one plain request gets, which holds no credentials.

        A refusal passes that HTTPS does not get, and so does nobody there. Anything
        else could only be told by sending credentials in clear.
        """
        secure = self._asked(None, operation_id, "")
        plain = said_in_clear(self.connection, secure.sent.request)
        hold_not_sent_on(plain)
        telling = plain.status not in (secure.status, *self.rules.limits)
        if telling and is_refused(plain):
            raise ConformsError("plain HTTP is refused")
        lacking("this cannot be judged without sending credentials in clear")

    def close(self, world: World) -> None:
        """Remove what was made in a world; what resists is left for the end."""
        if isinstance(world, LiveWorld):
            try:
                world.leave()
            except NotJudgedError:
                return

    def begin(self, clauses_of_test: Iterable[str] = ()) -> None:
        """Begin a test. Skips it where its clauses need what is not lent."""
        super().begin()
        names = [*clauses_of_test]
        self.lives = allowances(self.api, names)
        for name in names:
            clause = clauses(self.api).get(name)
            if clause is None:
                continue
            chief = self.rules.administrator
            reason = unmet(clause.needs, self.people.names, chief)
            if reason:
                lacking(reason)

    def doubt(self, error: BaseException) -> str | None:
        """Why a failure is not the server's: it did not last, or sessions were lost."""
        from hypothesis.errors import Flaky

        if any(isinstance(part, Flaky) for part in (error, *leaves(error))):
            return "what failed did not fail again"
        return "sessions ended in the middle of the test" if self.has_lost() else None

    def has_lost(self) -> bool:
        """Whether a session of the run is no longer one, though nobody ended it."""
        for name, session in [*self.people.sessions.items()]:
            try:
                reply = self._asked(name, self.rules.probe, session)
            except NotJudgedError:
                return True
            if is_refused(reply):
                self.people.forget()
                self.losses += 1
                return True
        return False

    def redacted(self, text: str) -> str:
        """`text` without credentials."""
        return self.redaction.shown(text)

    def end(self) -> list[str]:
        """Remove all that is left of the run, and end its sessions."""
        try:
            left = self._removed() if self._ledger is not None else []
            self._sign_out()
        except NotJudgedError as error:
            return [f"{LEFT}: {self.redacted(str(error))}"]
        return [f"{LEFT}: {self.redacted(words)}" for words in left]

    def _removed(self) -> list[str]:
        """Remove what lists still hold, and tell what does not go."""
        ledger = self.ledger
        for loan in self.loans():
            self.give_back(loan)
        for thing in ledger.left():
            if thing.hidden:
                self.caretaker.remove(thing)
        everybody = {name: self.people.id(name) for name in self.people.names}
        swept = self.caretaker.sweep(everybody, self._is_ours)
        if not swept.left:
            for thing in ledger.left():
                thing.gone = True
        ledger.close()
        accounts = [f"the account of {name}" for name, _ in ledger.loans]
        return [*swept.left, *accounts]

    def _is_ours(self, kind: str, name: str, entry: Entry) -> bool:
        rule = self.rules.kinds[kind]
        key = str(entry.get(rule.key or "") or "").lower()
        title = str(entry.get(rule.mark or "") or "")
        return key in self.guard.drawn or title.startswith(self.mark.text)

    def borrow(self, name: str, operation_id: str, logins: list[str]) -> None:
        """Write down what an account is, before `operation_id` changes it."""
        account = self.caretaker.account(operation_id)
        if account is None:
            lacking(f"the suite cannot tell what {operation_id} changes")
        key = (name, account.write)
        if key not in self.lent:
            self.lent[key] = self.caretaker.borrow(name, account)
        if account.undo is not None and self.lent[key] == account.lasting:
            lacking(f"what {operation_id} takes from {name} could not be put back")
        known = self._ledger.loans.get(key) if self._ledger else None
        before = masked(self.lent[key], self.people.credentials.people[name])
        seen = known.logins if known else []
        self.ledger.lend(Loan(*key, before, [*seen, *logins]))

    def give_back(self, loan: Loan) -> None:
        """Make an account what it was before the run."""
        if self.caretaker.give_back(loan, self.lent[loan.actor, loan.write]):
            self.ledger.returned(loan)

    def ask(self, who: str, operation_id: str, /, **parameters: Any) -> Reply:
        """Call an operation beside all tests. Raises `NotJudgedError`."""
        reply = self._asked(who, operation_id, self._session(who), **parameters)
        if not is_refused(reply) or reply.status == NOT_FOUND or not self.has_lost():
            return reply
        return self._asked(who, operation_id, self._session(who), **parameters)

    def _asked(
        self, who: str | None, operation_id: str, session: str, **parameters: Any
    ) -> Reply:
        operation = operations(self.api)[operation_id]
        facts = {self.credential.fact: session} if session else {}
        actor = LiveWorld(self, "beside").actor(who, facts)
        sent = Sent(actor.request(operation, parameters), operation, who, self.api)
        return Reply(sent, self.courier.carry(sent))

    def _session(self, name: str, person: Mapping[str, str] | None = None) -> str:
        """The session of somebody, opened if need be."""
        known = name in self.people.sessions
        session = self.people.session(
            name,
            lambda **words: self._asked(None, str(self.rules.sign_in), "", **words),
            person,
        )
        if not known:
            self.redaction.add(session, f"{name}_SESSION".upper())
        return session

    def _sign_out(self) -> None:
        for name, session in [*self.people.sessions.items()]:
            self.people.forget(session)
            try:
                self.close_session(name, session)
            except NotJudgedError:
                return

    def close_session(self, name: str, session: str) -> None:
        """End a session that a test opened. Raises `NotJudgedError`."""
        if self.rules.sign_out is not None:
            self._asked(name, self.rules.sign_out, session)

    def loans(self) -> list[Loan]:
        """The accounts that are not what they were."""
        return [] if self._ledger is None else [*self._ledger.loans.values()]

    def path_of(self, operation_id: str) -> str:
        """Where an operation is served."""
        operation = operations(self.api)[operation_id]
        return f"{operation.base}{operation.path}"

    def keyed(self, words: str) -> str:
        """A key for something new, which nobody else draws."""
        key = str(uuid5(self.run, words))
        self.guard.drawn.add(key)
        return key


def is_refused(reply: Reply | Response) -> bool:
    """Whether an answer is a refusal, of whatever kind."""
    return 400 <= reply.status < 500


def _cast(api: str) -> tuple[str, ...]:
    names: tuple[str, ...] = import_module(f"tasktwin_contract.{api}.cast").ACTORS
    return names
