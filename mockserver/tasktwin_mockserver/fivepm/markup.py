"""Data as XML, as the schema of an answer says.

Objects have one element for each of their keys, in the order of the schema, or an
attribute where it says so; null is left out; lists have the elements that it names.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

Rule = Mapping[str, Any]
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
# Read back, a carriage return that is not so written would be a line feed.
ESCAPED = {"\r": "&#13;"}
ELEMENT_OF = "x-tasktwin-attribute-of"
MORE = "x-tasktwin-attributes"


def document(data: Mapping[str, Any], rule: Rule) -> bytes:
    """`data`, which have the schema `rule`, as a whole document."""
    return "".join((HEAD, *_element(rule["xml"]["name"], data, rule))).encode()


def _element(name: str, value: Any, rule: Rule, attributes: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        rules = _properties(rule)
        attributes += _own_attributes(value, rule, rules)
        inside = list(_members(value, rules))
    elif isinstance(value, list | tuple):
        each = rule["items"]
        inside = [text for one in value for text in _element(_name(each), one, each)]
    else:
        inside = [_text(value)]
    if any(inside):
        yield from (f"<{name}{attributes}>", *inside, f"</{name}>")
    else:
        yield f"<{name}{attributes}/>"


def _members(value: Mapping[str, Any], rules: Mapping[str, Rule]) -> Iterator[str]:
    """The elements of an object's keys."""
    for key, rule in rules.items():
        one = value.get(key)
        if one is None or ELEMENT_OF in rule or _is_attribute(rule):
            continue
        beside = {
            other: value[other]
            for other, its in rules.items()
            if its.get(ELEMENT_OF) == key
        }
        yield from _element(key, one, rule, _attributes(beside))


def _own_attributes(
    value: Mapping[str, Any], rule: Rule, rules: Mapping[str, Rule]
) -> str:
    own = {key: value[key] for key in value if _is_attribute(rules[key])}
    return _attributes({**rule.get(MORE, {}), **own})


def _attributes(values: Mapping[str, Any]) -> str:
    return "".join(f" {key}={quoteattr(_plain(one))}" for key, one in values.items())


def _is_attribute(rule: Rule) -> bool:
    return bool(rule.get("xml", {}).get("attribute"))


def _name(rule: Rule) -> str:
    name: str = rule["xml"]["name"]
    return name


_PROPERTIES: dict[int, dict[str, Rule]] = {}


def _properties(rule: Rule) -> dict[str, Rule]:
    """The rules of an object's keys; `rule` lives as long as the process."""
    found = _PROPERTIES.get(id(rule))
    if found is None:
        found = _PROPERTIES[id(rule)] = {}
        for part in (*rule.get("allOf", ()), rule):
            found |= part.get("properties", {})
    return found


def _text(value: Any) -> str:
    return escape(_plain(value), ESCAPED)


def _plain(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)
