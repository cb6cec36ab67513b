"""XML as data of the types that a schema gives them, as if JSON had come.

What does not have its type stays text, or becomes a list or an object where text was
due, so that whoever holds the data against the schema finds it.
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from tasktwin_contract.xmltree import Element

Rule = Mapping[str, Any]
Make = Callable[[dict[str, Any]], dict[str, Any]]
ELEMENT_OF = "x-tasktwin-attribute-of"
INTEGER = re.compile(r"-?[0-9]{1,30}", re.ASCII)
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?", re.ASCII)
# As in XML Schema: which of the two ways it is to be, a clause of its own says.
BOOLEANS: Mapping[str, Any] = {"1": True, "0": False, "true": True, "false": False}


def typed(element: Element, rule: Rule, make: Make = dict) -> Any:
    """What `element` says, by the schema `rule`; `make` makes each object."""
    kinds = _kinds(rule)
    blank = not element.text.strip()
    if "object" in kinds and blank:
        return make(_members(element, rule, make))
    if "array" in kinds and blank:
        return [_item(child, rule.get("items", {}), make) for child in element.children]
    if element.children:
        return _untyped(element, make)
    return _scalar(element.text, rule, kinds)


def _members(element: Element, rule: Rule, make: Make) -> dict[str, Any]:
    """The keys of an object: its attributes, and those of its elements."""
    rules, required = _properties(rule)
    found: dict[str, list[Any]] = {}
    for child in element.children:
        value = typed(child, rules.get(child.name, {}), make)
        found.setdefault(child.name, []).append(value)
    members = {
        name: each[0] if len(each) == 1 else each for name, each in found.items()
    }
    for name, its in rules.items():
        text = _attribute(element, name, its)
        if text is not None and name not in members:
            members[name] = _scalar(text, its, _kinds(its))
        elif name in required and "null" in _kinds(its):
            members.setdefault(name, None)
    return members


def _attribute(element: Element, name: str, rule: Rule) -> str | None:
    """The text of a key that is an attribute, of `element` or of one inside it."""
    if rule.get("xml", {}).get("attribute"):
        return element.attributes.get(name)
    inside = (one for one in element.children if one.name == rule.get(ELEMENT_OF))
    bearer = next(inside, None)
    return bearer.attributes.get(name) if bearer else None


def _item(element: Element, rule: Rule, make: Make) -> Any:
    """One of a list; one that is called otherwise than the schema says is none."""
    wanted = rule.get("xml", {}).get("name", element.name)
    if element.name != wanted:
        return make({element.name: _untyped(element, make)})
    return typed(element, rule, make)


def _untyped(element: Element, make: Make) -> Any:
    """What an element says of which no schema knows."""
    if not element.children:
        return element.text
    return make({child.name: _untyped(child, make) for child in element.children})


def _scalar(text: str, rule: Rule, kinds: tuple[str, ...]) -> Any:
    if text == "" and "null" in kinds and ("string" not in kinds or "pattern" in rule):
        return None
    for kind in kinds:
        value = SCALARS.get(kind, _plain)(text)
        if value is not None:
            return value
    return text


def _integer(text: str) -> int | None:
    return int(text) if INTEGER.fullmatch(text) else None


def _number(text: str) -> float | None:
    whole = _integer(text)
    if whole is not None or not NUMBER.fullmatch(text):
        return whole
    return value if math.isfinite(value := float(text)) else None


def _plain(text: str) -> None:
    """Text is text whatever it says."""


SCALARS: Mapping[str, Callable[[str], Any]] = {
    "boolean": BOOLEANS.get,
    "integer": _integer,
    "number": _number,
}


def _kinds(rule: Rule) -> tuple[str, ...]:
    """The types that a schema allows; an object's where it only has keys."""
    kinds = rule.get("type")
    if kinds is None:
        parts = rule.get("allOf", ())
        inherited = next((_kinds(part) for part in parts if "type" in part), ())
        return inherited or (("object",) if "properties" in rule else ())
    return (kinds,) if isinstance(kinds, str) else tuple(kinds)


def _properties(rule: Rule) -> tuple[dict[str, Rule], set[str]]:
    """The schemas of an object's keys, and those that it has to have."""
    rules: dict[str, Rule] = {}
    required: set[str] = set()
    for part in rule.get("allOf", ()):
        its, needed = _properties(part)
        rules |= its
        required |= needed
    return rules | rule.get("properties", {}), required.union(rule.get("required", ()))
