"""Data as XML, as the schema of an answer says.

Objects have one element for each of their keys, in the order of the schema, or an
attribute where it says so; null is left out; lists have the elements that it names.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

Rule = Mapping[str, Any]
Write = Callable[[Any, str], str]
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
# Read back, a carriage return that is not so written would be a line feed.
ESCAPED = {"\r": "&#13;"}
ELEMENT_OF = "x-tasktwin-attribute-of"
MORE = "x-tasktwin-attributes"

_writers: dict[int, Write] = {}


def document(data: Mapping[str, Any], rule: Rule) -> bytes:
    """`data` as a whole document; their schema `rule` lives as long as the process."""
    write = _writers.get(id(rule))
    if write is None:
        write = _writers[id(rule)] = _writer(rule["xml"]["name"], rule)
    return f"{HEAD}{write(data, '')}".encode()


def _writer(name: str, rule: Rule) -> Write:
    """Writes a value of the schema `rule`, with attributes, as the element `name`."""
    rules = _properties(rule)
    if rules:
        return _Object(name, rule, rules)
    return _List(name, rule["items"]) if "items" in rule else _Text(name)


class _Text:
    """Writes what has no parts."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, value: Any, attributes: str) -> str:
        return _element(self._name, attributes, escape(_plain(value), ESCAPED))


class _List:
    """Writes a list, each item in an element that the schema of the items names."""

    def __init__(self, name: str, rule: Rule) -> None:
        self._name = name
        self._item = _writer(rule["xml"]["name"], rule)

    def __call__(self, value: Any, attributes: str) -> str:
        inside = "".join([self._item(one, "") for one in value])
        return _element(self._name, attributes, inside)


class _Object:
    """Writes an object; what stands beside a member are attributes of its element."""

    def __init__(self, name: str, rule: Rule, rules: Mapping[str, Rule]) -> None:
        self._name = name
        self._more = _attributes(rule.get(MORE, {}).items())
        self._own = [key for key, its in rules.items() if _is_attribute(its)]
        self._members = [
            (key, _writer(key, its), _beside(key, rules))
            for key, its in rules.items()
            if not _is_attribute(its) and ELEMENT_OF not in its
        ]

    def __call__(self, value: Any, attributes: str) -> str:
        own = _attributes((key, value[key]) for key in self._own)
        inside = [
            write(value[key], _attributes([(one, value[one]) for one in beside]))
            for key, write, beside in self._members
            if value.get(key) is not None
        ]
        return _element(self._name, f"{attributes}{self._more}{own}", "".join(inside))


def _beside(key: str, rules: Mapping[str, Rule]) -> list[str]:
    """The keys that are attributes of the element of `key`."""
    return [other for other, its in rules.items() if its.get(ELEMENT_OF) == key]


def _properties(rule: Rule) -> dict[str, Rule]:
    """The rules of an object's keys."""
    found: dict[str, Rule] = {}
    for part in (*rule.get("allOf", ()), rule):
        found |= part.get("properties", {})
    return found


def _is_attribute(rule: Rule) -> bool:
    return bool(rule.get("xml", {}).get("attribute"))


def _element(name: str, attributes: str, inside: str) -> str:
    if inside:
        return f"<{name}{attributes}>{inside}</{name}>"
    return f"<{name}{attributes}/>"


def _attributes(pairs: Iterable[tuple[str, Any]]) -> str:
    return "".join([f" {key}={quoteattr(_plain(value))}" for key, value in pairs])


def _plain(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)
