"""What one of a world's people sees of it, asked of the API itself.

It is asked of a fork, which is dropped then: no log tells of it, no fault script is
used up, no session lives the longer for it, and no rate limit counts it. What to ask,
and what of an answer is an id, a title, a parent, says the API's document, under
`x-tasktwin-console`.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec.structs import replace

from tasktwin_mockserver.api import Answer, Api
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.world import World
from tasktwin_schemas import Operation, openapi, operations
from tasktwin_schemas.document import Credential, credentials

# How a world answers a request, with nothing before it and nothing after.
Ask = Callable[[World, Request], Answer]
Facts = Mapping[str, Any]
MOST_WORDS = 500
# What of the request that wants to know holds for those that are asked, too.
KEPT = ("HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "REMOTE_ADDR", "wsgi.url_scheme")


class Listing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One operation that lists things of one kind, and what their keys mean.

    `rows` is the key under which they stand, none where they are the whole answer;
    with `one` the answer is a single thing. The first of the keys `title` that says
    something is the title. `parents` names, by the kind of the parent, the key of its
    id; the first that is there counts. `facts` are the keys to be shown, those first
    that say what may be done with it; of these `people` hold ids, or addresses, of
    people, and `words` what a value means.
    """

    kind: str
    operation: str
    id: str
    title: list[str]
    facts: list[str]
    parents: dict[str, str] = {}
    people: list[str] = []
    words: dict[str, dict[str, str]] = {}
    parameters: dict[str, str] = {}
    rows: str = ""
    one: bool = False


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The operation that opens a session, for whoever has none any more.

    `facts` are the actor's facts by the names that they are sent under, beside
    `parameters`; `gives` is the fact that the answer's key `key` holds.
    """

    operation: str
    facts: dict[str, str]
    key: str
    gives: str
    parameters: dict[str, str] = {}


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an API's document has under `x-tasktwin-console`."""

    listings: list[Listing] = []
    sign_in: SignIn | None = None


@cache
def plan(api: str) -> Plan:
    """What is to be asked of `api`; nothing where its document does not say."""
    return msgspec.convert(openapi(api).get("x-tasktwin-console", {}), Plan)


class Sight:
    """What somebody sees of a fork of `world`, as far as `limit` things of each kind.

    `facts` are theirs, credentials among them; `environ` is that of the request which
    wants to know, and `prefix` stands before the paths of the world.
    """

    def __init__(
        self, api: Api, world: World, facts: Facts, environ: Facts, prefix: str
    ) -> None:
        self._api = api.name
        self._world = twin = world.fork()
        twin.settings = replace(twin.settings, rate_limit=None, require_https=False)
        self._facts = dict(facts)
        self._environ = environ
        self._prefix = prefix

    def show(self, ask: Ask, limit: int) -> dict[str, Any]:
        """Each listing with how it was answered, and all that they list."""
        lists, records = [], []
        for listing in plan(self._api).listings:
            answer = self._signed(ask, listing)
            rows = _rows(answer, listing)
            refused = None if rows is not None else _words(answer)
            shown = (rows or [])[:limit]
            lists.append(
                {
                    "kind": listing.kind,
                    "operation": listing.operation,
                    "status": answer.status,
                    "refused": refused,
                    "total": len(rows or ()),
                }
            )
            records += [self._record(row, listing) for row in shown]
        return {"lists": lists, "records": records}

    def _signed(self, ask: Ask, listing: Listing) -> Answer:
        """The answer to a listing, by a new session where the old one is no good."""
        operation = operations(self._api)[listing.operation]
        answer = ask(self._world, self._request(operation, listing.parameters))
        sign_in = plan(self._api).sign_in
        if sign_in is None or _rows(answer, listing) is not None:
            return answer
        if not self._open_session(ask, sign_in):
            return answer
        return ask(self._world, self._request(operation, listing.parameters))

    def _open_session(self, ask: Ask, sign_in: SignIn) -> bool:
        told = {
            name: str(self._facts[fact])
            for name, fact in sign_in.facts.items()
            if fact in self._facts
        }
        operation = operations(self._api)[sign_in.operation]
        sent = {**sign_in.parameters, **told}
        data = _data(ask(self._world, self._request(operation, sent)))
        if not isinstance(data, dict) or sign_in.key not in data:
            return False
        self._facts[sign_in.gives] = data[sign_in.key]
        return True

    def _request(self, operation: Operation, parameters: Mapping[str, str]) -> Request:
        environ = {
            **{key: self._environ[key] for key in KEPT if key in self._environ},
            "REQUEST_METHOD": operation.method,
            "PATH_INFO": f"{operation.base}{operation.path}",
        }
        query = dict(parameters)
        if operation.secured:
            for name, value in self._credentials():
                if name.startswith("HTTP_"):
                    environ[name] = value
                else:
                    query[name] = value
        environ["QUERY_STRING"] = urlencode(query)
        request = Request(environ)
        request.prefix = self._prefix
        return request

    def _credentials(self) -> Iterator[tuple[str, str]]:
        """The first credential that the actor has: a header of WSGI, or a parameter."""
        for one in credentials(self._api):
            if one.fact in self._facts:
                yield _sent(one), f"{one.prefix}{self._facts[one.fact]}"
                return

    def _record(self, row: Facts, listing: Listing) -> dict[str, Any]:
        titles = (self._meaning(row.get(k), k, listing) for k in listing.title)
        return {
            "kind": listing.kind,
            "id": str(row.get(listing.id)),
            "title": next(filter(None, titles), ""),
            "parents": [
                {"kind": kind, "id": str(row[key])}
                for kind, key in listing.parents.items()
                if row.get(key)
            ],
            "facts": {
                key: text
                for key in listing.facts
                if (text := self._meaning(row.get(key), key, listing))
            },
            "data": row,
        }

    def _meaning(self, value: Any, key: str, listing: Listing) -> str:
        """A value as people read it; nothing where there is none."""
        if value is None:
            return ""
        if key in listing.people:
            values = value if isinstance(value, list) else [value]
            return ", ".join(self._name(one) for one in values if one)
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
        word = listing.words.get(key, {}).get(text)
        return f"{text} ({word})" if word else text

    def _name(self, person: Any) -> str:
        """The name in the cast of whom an id, or an address that ends in one, means."""
        known = str(person).rstrip("/").rpartition("/")[2]
        return self._world.people.get(known, known)


def _sent(credential: Credential) -> str:
    if credential.place == "query":
        return credential.name
    return f"HTTP_{credential.name.upper().replace('-', '_')}"


def _data(answer: Answer) -> Any:
    try:
        return msgspec.json.decode(answer.body or b"")
    except msgspec.DecodeError:
        return None


def _rows(answer: Answer, listing: Listing) -> list[Any] | None:
    """What an answer lists, None where it is a refusal."""
    data = _data(answer) if answer.status < 300 else None
    if listing.one:
        data = data if data is None else [data]
    elif listing.rows:
        data = data.get(listing.rows) if isinstance(data, dict) else None
    return data if isinstance(data, list) else None


def _words(answer: Answer) -> str:
    return (answer.body or b"").decode(errors="replace")[:MOST_WORDS]
