"""What HTTP itself knows on every path: HEAD, OPTIONS, bodies that are compressed."""

import gzip
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from tasktwin_contract.actors import Actor
from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.reply import Reply, Sent
from tasktwin_schemas import operations

# Of each answer its own, or the connection's.
OWN = frozenset({"date", "connection", "keep-alive"})


def hold_head_to_get(actor: Actor, operation_id: str, **parameters: Any) -> None:
    """Ask for what GET answers, and for its headers alone.

    Raises `ClauseBrokenError` where they are others, or a body comes with them.
    """
    whole = actor.call(operation_id, **parameters)
    again = actor.world.send(whole.sent)
    request = replace(whole.sent.request, method="HEAD")
    head = actor.world.send(replace(whole.sent, request=request, operation=None))
    if head.status != whole.status:
        raise ClauseBrokenError(f"status {whole.status}, as GET has", head.summary)
    # What two answers to GET do not share, a request's number say, HEAD need not have.
    own = {*OWN, *(k for k, v in whole.headers.items() if again.headers.get(k) != v)}
    wanted, found = _without(whole, own), _without(head, own)
    if found != wanted:
        raise ClauseBrokenError(f"the headers of GET, {wanted}", f"{found}")
    if head.body:
        raise ClauseBrokenError("no body", f"{len(head.body)} bytes of one")


def hold_options_to(reply: Reply, served: Collection[str]) -> None:
    """Have an answer to OPTIONS name the methods `served`, and perhaps HEAD.

    Raises `ClauseBrokenError` where it does not, or says more.
    """
    if reply.status != 204 or reply.body:
        raise ClauseBrokenError("status 204 and no body", reply.summary)
    wanted = {*served, "OPTIONS"}
    if not wanted <= allowed(reply) <= {*wanted, "HEAD"}:
        names, header = ", ".join(sorted(wanted)), reply.headers.get("allow", "")
        raise ClauseBrokenError(f"an Allow header of {names}", f"{header!r}")


def allowed(reply: Reply) -> set[str]:
    """The methods that the Allow header of `reply` names."""
    return {word.strip() for word in reply.headers.get("allow", "").split(",")}


def compressed(actor: Actor, operation_id: str, **parameters: Any) -> Reply:
    """Call an operation with its body compressed."""
    world = actor.world
    operation = operations(world.api)[operation_id]
    plain = actor.request(operation, parameters)
    headers = (*plain.headers, ("Content-Encoding", "gzip"))
    request = replace(plain, headers=headers, body=gzip.compress(plain.body))
    return world.send(Sent(request, operation, actor.name, world.api))


def _without(reply: Reply, names: Collection[str]) -> dict[str, str]:
    return {k: v for k, v in reply.headers.items() if k not in names}
