"""Requests part by part, as no well-behaved client sends them; answers as markup."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from tasktwin_contract.actors import BOUNDARY, FORM, Actor
from tasktwin_contract.clauses import judging
from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.fivepm.examples import OPERATIONS
from tasktwin_contract.reply import Reply, Sent
from tasktwin_contract.wire import Pairs, Query

MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
PLACES = ("query", "form", "multipart")


def send(
    actor: Actor,
    name: str,
    *,
    query: Query = (),
    kind: str | None = None,
    body: bytes = b"",
    method: str | None = None,
) -> Reply:
    """Call an operation with these parts, and the session and the form in the query."""
    operation = OPERATIONS[name]
    plain = actor.using(via="query").request(operation, {})
    form = () if any(key == "retType" for key, _ in query) else (("retType", "json"),)
    request = replace(
        plain,
        method=method or plain.method,
        query=(*plain.query, *form, *query),
        headers=(*plain.headers, *((("Content-Type", kind),) if kind else ())),
        body=body,
    )
    world = actor.world
    return world.send(Sent(request, operation, actor.name, world.api))


def written(place: str, pairs: Pairs) -> dict[str, Any]:
    """The parts of a request that has `pairs` in that place, doubled ones too."""
    if place == "query":
        return {"query": pairs}
    kind, body = WRITERS[place](pairs)
    return {"kind": kind, "body": body}


def _form(pairs: Pairs) -> tuple[str, bytes]:
    return FORM, urlencode(pairs).encode()


def _multipart(pairs: Pairs) -> tuple[str, bytes]:
    start = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    parts = [f'{start}"{name}"\r\n\r\n{value}\r\n' for name, value in pairs]
    return MULTIPART, f"{''.join(parts)}--{BOUNDARY}--\r\n".encode()


WRITERS: Mapping[str, Callable[[Pairs], tuple[str, bytes]]] = {
    "form": _form,
    "multipart": _multipart,
}


def root_of(reply: Reply) -> ET.Element:
    """The root of an XML answer that declares nothing."""
    with judging("FP-FORM-03"):
        assert b"<!DOCTYPE" not in reply.body, "an XML answer has no document type"
        assert b"<!ENTITY" not in reply.body, "an XML answer has no entity"
    try:
        text = reply.body.decode("utf-8")
        return ET.fromstring(text)  # noqa: S314 (nothing is declared)
    except (UnicodeDecodeError, ET.ParseError):
        raise ClauseBrokenError("a document in XML", reply.summary) from None
