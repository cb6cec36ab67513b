"""The people of a world, with what it takes to be them."""

from collections.abc import Callable, Mapping
from typing import Any

from tasktwin_schemas.document import Credential, credentials

Call = Callable[..., Any]


class Person:
    """Somebody of a world's cast, who is signed in.

    What the world tells of them are attributes: `login`, `password`, `email`, and
    `session_id` or `token`. `headers`, `params` and `cookies` say who they are, each in
    its own place, where the API has such a way; `id` is text, `number` the same.
    """

    def __init__(
        self, api: str, name: str | None, facts: Mapping[str, str], call: Call
    ) -> None:
        self.name = name
        self.facts = facts
        self._api = api
        self._ways = credentials(api)
        self._call = call

    @property
    def headers(self) -> dict[str, str]:
        """The header by which a request says that it is theirs."""
        return self._carried("header")

    @property
    def params(self) -> dict[str, str]:
        """The parameter by which a request says that it is theirs."""
        return self._carried("query")

    @property
    def cookies(self) -> dict[str, str]:
        """The cookie by which a request says that it is theirs."""
        return self._carried("cookie")

    def having(self, **facts: str) -> "Person":
        """The same person, of whom something else is known."""
        return Person(self._api, self.name, {**self.facts, **facts}, self._call)

    @property
    def number(self) -> int:
        """Their id, where that is a number."""
        return int(self.facts["id"])

    def call(self, operation_id: str, /, **parameters: Any) -> Any:
        """What they do to prepare a test, or meanwhile; the data of the answer.

        It meets no fault script, and is not among the requests. Raises `PrepareError`.
        """
        return self._call(self, operation_id, parameters)

    @property
    def carried(self) -> tuple[dict[str, str], dict[str, str]]:
        """The headers and the parameters of a call of theirs: the usual way."""
        usual = next((way for way in self._ways if way.fact in self.facts), None)
        if usual is None:
            return {}, {}
        return (self.headers, {}) if usual.place == "header" else ({}, self.params)

    def __getattr__(self, name: str) -> str:
        facts: Mapping[str, str] = self.__dict__.get("facts", {})
        if name in facts:
            return facts[name]
        words = f"nothing called {name!r} is known of {self.__dict__.get('name')}"
        raise AttributeError(f"{words}; there is {', '.join(facts)}")

    def __repr__(self) -> str:
        return f"<{self.name or 'nobody'}>"

    def _carried(self, place: str) -> dict[str, str]:
        way = next((way for way in self._ways if self._is_at(way, place)), None)
        return {way.name: f"{way.prefix}{self.facts[way.fact]}"} if way else {}

    def _is_at(self, way: Credential, place: str) -> bool:
        return way.place == place and way.fact in self.facts
