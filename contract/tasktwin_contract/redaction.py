"""Credentials are cut from all that is shown."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote, quote_plus

from tasktwin_contract.wire import Request
from tasktwin_schemas import APIS
from tasktwin_schemas.document import credentials

NAMES = {"password", "session_?id", "api_key", "token", "authorization", "cookie"}
WAYS = [way for api in APIS for way in credentials(api)]
NAMES |= {re.escape(way.name) for way in WAYS}
PREFIXES = {re.escape(way.prefix) for way in WAYS if way.prefix}
KEYS = re.compile(
    rf"""((?:{"|".join(sorted(NAMES, key=len, reverse=True))})
    \\?["']?\s*[:=]\s*\\?["']?(?:{"|".join(PREFIXES)})?)([^"'\\&\s,;}})$]+)""",
    re.IGNORECASE | re.VERBOSE,
)
CUT = "…"


class Redaction:
    """What is secret, and the shell variable that stands for each of it."""

    def __init__(self) -> None:
        self._variables: dict[str, str] = {}
        self._words: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def add(self, secret: str, variable: str, *, word: bool = False) -> None:
        """Have `secret` shown as `$variable`; where it is a `word`, only as a whole."""
        for form in _forms(secret):
            self._variables.setdefault(form, variable)
        if word:
            self._words.add(secret)
        self._pattern = None

    def _compiled(self) -> re.Pattern[str]:
        if self._pattern is None:
            ordered = sorted(self._variables, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(self._form, ordered)))
        return self._pattern

    def _form(self, form: str) -> str:
        text = re.escape(form)
        return rf"(?<![\w.]){text}(?![\w.])" if form in self._words else text

    def text(self, text: str, start: str = "$", end: str = "") -> str:
        """`text` without what is secret."""
        if not self._variables:
            return text
        return self._compiled().sub(
            lambda match: f"{start}{self._variables[match[0]]}{end}", text
        )

    def shown(self, text: str) -> str:
        """`text` as anybody may read it: what looks like a secret is cut as well."""
        return KEYS.sub(rf"\1{CUT}", self.text(text))

    def request(self, request: Request) -> Request:
        """`request` with places in braces for what is secret."""
        return replace(
            request,
            query=tuple(
                (name, self._place(v) if isinstance(v, str) else v)
                for name, v in request.query
            ),
            headers=tuple((name, self._place(v)) for name, v in request.headers),
            body=self._place(request.body.decode(errors="surrogateescape")).encode(
                errors="surrogateescape"
            ),
        )

    def _place(self, text: str) -> str:
        return self.text(text, "{{", "}}")


def in_shell(line: str) -> str:
    """A shell line in which a variable stands at each place in braces."""
    line = re.sub(r"%7B%7B(\w+)%7D%7D", r"$\1", line)
    return re.sub(r"\{\{(\w+)\}\}", r"""'"$\1"'""", line)


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield from (quote(secret, safe=""), quote_plus(secret))
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
