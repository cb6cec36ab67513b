"""A world with something of everything, and what addresses a record holds."""

from collections.abc import Iterator

from tasktwin_contract.actors import Actor
from tasktwin_contract.failures import NotJudgedError
from tasktwin_contract.gsmtasks.nouns import NOUNS
from tasktwin_contract.gsmtasks.states import named
from tasktwin_contract.reply import Object, Reply, Sent
from tasktwin_contract.target import World
from tasktwin_contract.wire import IN_PROCESS, Request

LINKS = ("url", "file", "events", "documents", "signatures", "managers", "workers")
OF_TASK = ("Events", "Documents", "Signatures")

Stock = dict[str, Object]


def stocked(actor: Actor) -> Stock:
    """One record of each resource in somebody's account, all but one of one task.

    The task is their hand's. What a route optimisation comes to changes its tasks, so
    it has one of its own. Raises `NotJudgedError`.
    """
    client = actor.make("client")
    order = actor.make("order", client=client["url"])
    hand = actor.hand
    words = {"orderer": client["url"], "receiver": client["url"]}
    task = actor.make("task", order=order["url"], assignee=named(hand), **words)
    stop = actor.make("task", assignee=named(hand))
    upload = actor.make("file_upload")
    of_task = {"task": task["url"], "file_upload": upload["url"]}
    stock = {
        "client": client,
        "order": actor.get("order", order).arranged().data,
        "contact_address": actor.make("contact_address", client=client["url"]),
        "tracker": actor.make("tracker", tasks=[task["url"]]),
        "route": actor.make("route", tasks=[stop["url"]], assignee=hand.user),
        "file_upload": upload,
        "document": actor.make("document", **of_task, order=order["url"]),
        "signature": actor.make("signature", **of_task),
        "task": actor.get("task", task).arranged().data,
        "account": _of(actor, "account", actor.account),
        "user": _of(actor, "user", actor.user),
    }
    role = next(r for r in actor.all("role") if r["user"] == stock["user"]["url"])
    event = next(e for e in actor.all("event") if e["task"] == task["url"])
    return {**stock, "role": role, "event": event}


def _of(actor: Actor, noun: str, url: str) -> Object:
    found: Object = next(one for one in actor.all(noun) if one["url"] == url)
    return found


def side_account(world: World) -> str:
    """The other account of who has two. Raises `NotJudgedError`."""
    own = [one["url"] for one in world.both.all("account")]
    side = [url for url in own if url != world.both.account]
    if len(side) != 1:
        raise NotJudgedError("it takes somebody with a role in two accounts")
    found: str = side[0]
    return found


def references(noun: str, record: Object) -> Iterator[tuple[str, str, str]]:
    """The field, the noun and the address of each record that a record names."""
    for field, kind in NOUNS[noun].refers.items():
        value = record[field]
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                yield field, kind, one


def addresses(noun: str, record: Object) -> Iterator[tuple[str, object]]:
    """The field and the address of each address in a record."""
    yield from ((field, url) for field, _, url in references(noun, record))
    for field in LINKS:
        if record[field] is not None:
            yield field, record[field]
    yield from (record["actions"] or {}).items()


def start(world: World) -> str:
    """What stands before the path of every address in a world's answers."""
    return f"{world.target.address or IN_PROCESS}{world.prefix}"


def number(url: str) -> str:
    """The id at the end of an address."""
    return url.rstrip("/").rpartition("/")[2]


def follow(actor: Actor, kind: str, url: str) -> Reply:
    """Read the record that stands at an address."""
    reply: Reply = actor.call(NOUNS[kind].get, id=number(url))
    return reply


def download(actor: Actor, url: str) -> Reply:
    """The bytes of a file."""
    _, place, name = url.rsplit("/", 2)
    reply: Reply = actor.call("downloadFile", id=place, name=name)
    return reply


def fetch(actor: Actor, url: str) -> Reply:
    """What stands at an address, just as it is written; it may be of any kind."""
    world = actor.world
    headers, _ = actor.carried
    path = url.removeprefix(world.target.address or IN_PROCESS)
    sent = Sent(Request("GET", path, (), headers), None, actor.name, world.api, True)
    return world.send(sent)


def everything(actor: Actor, *without: str) -> dict[str, object]:
    """What each list holds for somebody, but for the resources left out."""
    nouns = [noun for noun in NOUNS if noun not in without]
    return {noun: actor.query(noun).expect(200).data for noun in nouns}


def urls(records: list[Object]) -> list[str]:
    """The addresses of records."""
    return [one["url"] for one in records]
