"""Who plays which part on a live server, and the sessions of the run."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from tasktwin_contract.access import lacking
from tasktwin_contract.credentials import Credentials
from tasktwin_contract.failures import NotJudgedError
from tasktwin_contract.reply import Reply

Ask = Callable[..., Reply]


class Parts(dict[str, dict[str, str]]):
    """What is known of each actor, by the part they play; others end the test."""

    def __missing__(self, name: str) -> dict[str, str]:
        lacking(f"nobody is configured who could play the part of {name}")


class People:
    """The configured actors, signed in once for the whole run.

    Tests speak of the first of the `cast` where they mean whoever makes things. Where
    that one is not configured the first of the others plays the part, and no other.
    What a request carries is the `fact` of an actor, which signing in answers as
    `answered` unless it is configured.
    """

    def __init__(
        self, credentials: Credentials, cast: Iterable[str], fact: str, answered: str
    ) -> None:
        self.credentials = credentials
        self._fact, self._answered = fact, answered
        self.lead, *_ = cast = [*cast]
        self.names = [name for name in cast if name in credentials.people]
        self.parts = {name: name for name in self.names}
        if self.lead not in self.parts:
            first = self.names[0]
            self.parts = {self.lead: first, **self.parts}
            del self.parts[first]
        self.sessions: dict[str, str] = {}
        self._facts: dict[str, dict[str, str]] = {}

    def played(self, part: str | None) -> str:
        """The name under which whoever plays `part` is configured."""
        return self.parts.get(part or self.lead, self.parts[self.lead])

    def session(
        self, name: str, sign_in: Ask, person: Mapping[str, str] | None = None
    ) -> str:
        """The session of an actor, opened where there is none.

        `person` are credentials that count over those configured. Raises
        `NotJudgedError` where signing in fails.
        """
        if name not in self.sessions:
            person = person or self.credentials.people[name]
            if self._fact in person:
                self.sessions[name] = person[self._fact]
                return self.sessions[name]
            reply = sign_in(**person, **self.credentials.keys).arranged()
            session = reply[self._answered]
            if not isinstance(session, str) or not session:
                raise NotJudgedError(f"signing in as {name} answers no session")
            self.sessions[name] = session
            if reply["id"] is not None:
                self._facts.setdefault(name, {})["id"] = str(reply["id"])
        return self.sessions[name]

    def tell(self, name: str, account: Reply) -> None:
        """Take in what the account of an actor says.

        Raises `NotJudgedError` where they sign in by what is not their login: tests
        know only one name of theirs.
        """
        if not isinstance(account.data, dict):
            return
        facts = self._facts.setdefault(name, {})
        for key in ("id", "email"):
            if account.data.get(key) is not None:
                facts.setdefault(key, str(account.data[key]))
        login = self.credentials.people[name].get("login")
        known = account.data.get("login")  # without one, the address is the login
        if known is not None and login == account.data.get("email") != known:
            raise NotJudgedError(
                f"{name} signs in by an e-mail address: configure their login instead"
            )

    def facts(self) -> Parts:
        """What is known of everybody, by the part they play."""
        return Parts(
            {
                part: {
                    **self._facts.get(name, {}),
                    **self.credentials.people[name],
                    self._fact: self.sessions.get(name, ""),
                }
                for part, name in self.parts.items()
            }
        )

    def id(self, name: str) -> str | None:
        """The id of an actor, once they have signed in."""
        return self._facts.get(name, {}).get("id")

    def known_by(self, number: str) -> str | None:
        """The name of the actor with that id."""
        known = self._facts.items()
        names = (name for name, facts in known if facts.get("id") == number)
        return next(names, None)

    def called(self, name: str) -> str | None:
        """The name under which somebody of that id, login or address is configured."""
        for one in self.names:
            known = {**self.credentials.people[one], **self._facts.get(one, {})}
            names = (known.get(key, "") for key in ("id", "login", "email"))
            if name.lower() in map(str.lower, names):
                return one
        return None

    def address(self, name: str) -> str | None:
        """The address of an actor, in small letters."""
        email = self._facts.get(name, {}).get("email")
        return email.lower() if email else None

    def ids(self) -> Iterator[str]:
        """The ids of all who have signed in."""
        yield from (facts["id"] for facts in self._facts.values() if "id" in facts)

    def names_in_use(self) -> Iterator[str]:
        """The logins and addresses that the actors themselves have."""
        for name in self.names:
            known = {**self.credentials.people[name], **self._facts.get(name, {})}
            yield from (known[key] for key in ("login", "email") if key in known)

    def forget(self, session: str | None = None) -> None:
        """Sign in anew when asked next: for one session, or for all."""
        for name, known in [*self.sessions.items()]:
            if session in (None, known):
                del self.sessions[name]


def secrets_of(people: Credentials) -> Iterator[tuple[str, str, bool]]:
    """Each credential, words for its variable, and whether it is but a word."""
    if people.api_key:
        yield people.api_key, "API_KEY", False
    for name, person in people.people.items():
        for key, value in person.items():
            yield value, f"{name}_{key}", key == "login"


def carried(request: Any, sessions: Iterable[str]) -> str | None:
    """The one of `sessions` that a request carries, in whatever place."""
    texts = [value for _, value in (*request.headers, *request.query)]
    for session in sessions:
        held = any(isinstance(text, str) and session in text for text in texts)
        if held or session.encode() in request.body:
            return session
    return None
