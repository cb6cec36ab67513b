"""What refusals and records have to be."""

from typing import Any

from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.reply import Object, Reply
from tasktwin_schemas import schema


def names(reply: Reply, field: str) -> None:
    """Demand a refusal with 400 that names a field, and no other."""
    assert faults(reply) == {field}, reply.summary


def faults(reply: Reply) -> set[str]:
    """The fields that a refusal with 400 names, each with its sentences."""
    reply.refused(400)
    found = reply.data if isinstance(reply.data, dict) else {}
    for name, words in found.items():
        listed = isinstance(words, list) and all(isinstance(w, str) for w in words)
        if name == "detail" or not listed or not words:
            raise ClauseBrokenError("a list of sentences for each field", reply.summary)
    return set(found)


def detailed(reply: Reply) -> None:
    """Demand a sentence in detail."""
    detail = reply["detail"]
    if not isinstance(detail, str) or not detail:
        raise ClauseBrokenError("a sentence in detail", reply.summary)


def rest(record: Object, *fields: str) -> dict[str, Any]:
    """A record without these fields, and without the time of its last change."""
    return {n: v for n, v in record.items() if n not in (*fields, "updated_at")}


OWN = ("id", "url", "created_at", "updated_at")


def has_fields(noun: str, record: Object) -> None:
    """Demand that a record has every field of its table."""
    file = {"event": "task-event", "route": "route-optimization"}.get(noun, noun)
    table = schema("gsmtasks", file.replace("_", "-"))["required"]
    assert not set(table) - set(record)


def challenged(reply: Reply) -> None:
    """Demand a refusal with 401 and a challenge."""
    reply.refused(401)
    challenge = reply.headers.get("www-authenticate", "none")
    if not challenge.startswith("Token"):
        raise ClauseBrokenError("WWW-Authenticate: Token", challenge)


def blames(reply: Reply, field: str) -> None:
    """Demand a refusal with 400 that names a field."""
    assert field in faults(reply), reply.summary
