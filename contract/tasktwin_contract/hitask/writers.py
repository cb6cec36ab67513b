"""Writers who write at once, and a reader who keeps a copy by deltas meanwhile."""

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from random import Random

from tasktwin_contract.actors import Actor
from tasktwin_contract.failures import NotJudgedError
from tasktwin_contract.hitask.deltas import Copy, Items, delta, differing, listed
from tasktwin_contract.hitask.steps import create, update
from tasktwin_contract.hitask.writes import entry, shared
from tasktwin_contract.reply import Object
from tasktwin_contract.target import World

PEOPLE = ("owner", "administrator", "manager", "member", "colleague")
TWICE = ("manager", "member", "colleague")  # who write in a second session too
READER = "colleague"
MOST_ITEMS = 4  # that a writer has at a time
EAGER = 1e-5  # seconds after which one thread lets another in
SHOWN = frozenset({"title", "permissions", "last_comment"})


class Writer:
    """Makes items that the reader sees too, changes, shares and deletes them.

    `kept` are its items as the answers to its writes had them, `comments` what it
    said to the item that all writers have in `common`, `gone` what it deleted.
    """

    def __init__(self, actor: Actor, number: int, common: Object) -> None:
        self.actor, self.number, self.common = actor, number, common
        self.kept: Items = {}
        self.comments: list[str] = []
        self.gone: set[int] = set()
        self.writes = 0

    def write(self, guid: str) -> None:
        """Make another write; `guid` is for an item, where it makes one."""
        word = f"write {self.writes} of writer {self.number}"
        if not self.kept:
            self.create(guid, word)
        elif len(self.kept) > MOST_ITEMS:
            self.delete()
        else:
            self.go_on(guid, word)
        self.writes += 1

    def go_on(self, guid: str, word: str) -> None:
        """One of the writes, drawn by the guid, which the run's seed draws."""
        latest = self.kept[max(self.kept)]
        match Random(guid).randrange(6):
            case 0 | 3:
                self.create(guid, word)
            case 1:
                self.keep(update(self.actor, latest, title=word).expect(200).data)
            case 2:
                self.share(latest)
            case 4:
                self.comment(latest, word)
            case 5:
                self.delete()

    def create(self, guid: str, word: str) -> None:
        """Make an item, and share it with the reader, unless that is the writer."""
        reader = entry(getattr(self.actor.world, READER).id, 20)
        rows = [reader] if reader["principal"] != self.actor.id else []
        made = create(self.actor, guid=guid, title=word, permissions=rows)
        self.keep(made.expect(200).data)

    def share(self, item: Object) -> None:
        """Share an item with one more."""
        known = {row["principal"]: row for row in item["permissions"]}
        other = entry(self.actor.world.member.id, 40)
        known.setdefault(other["principal"], other)
        rows = list(known.values())
        self.keep(update(self.actor, item, permissions=rows).expect(200).data)

    def comment(self, item: Object, word: str) -> None:
        """Comment on an item, and on the one that all have in common."""
        for number in (item["id"], self.common["id"]):
            said = self.actor.call("addComment", id=number, message=word)
            said.expect(200)
        self.keep(Object({**item, "last_comment": word}))
        self.comments.append(word)

    def delete(self) -> None:
        """Delete the oldest item."""
        gone = self.kept[min(self.kept)]
        self.actor.call("deleteItem", guid=gone["guid"]).expect(200)
        del self.kept[gone["id"]]
        self.gone.add(gone["id"])

    def keep(self, item: Object) -> None:
        """Remember what an answer said, which from now on has to be so."""
        self.kept[item["id"]] = item


class Crowd:
    """Eight writers of one world, and the reader."""

    def __init__(self, world: World) -> None:
        people = {name: 20 for name in PEOPLE if name != "owner"}
        self.common = shared(world.owner, **people)
        actors = [getattr(world, name) for name in PEOPLE]
        actors += [getattr(world, name).signed_in() for name in TWICE]
        self.writers = [
            Writer(actor, number, self.common) for number, actor in enumerate(actors)
        ]
        self.reader: Actor = getattr(world, READER)
        self.copy = Copy(listed(self.reader))
        self.deltas = 0
        self._at_work = len(self.writers)
        self._lock = threading.Lock()

    def work(self, guids: Iterable[Iterable[str]], seconds: float) -> None:
        """Have each writer write once for each of its guids, all of them at once.

        The reader reads until they are done. Raises `NotJudgedError` where that is not
        so after `seconds`, and else what the threads raise.
        """
        jobs = [
            self._job(writer, list_of_guids)
            for writer, list_of_guids in zip(self.writers, guids, strict=True)
        ]
        at_once([*jobs, self._read], seconds)
        self.read()

    def read(self) -> None:
        """Bring the copy up to date."""
        self.copy.apply(delta(self.reader, self.copy.cursor))
        self.deltas += 1

    def lost(self) -> list[str]:
        """What was written with success and is not in the list; nothing is right."""
        fresh = listed(self.reader, self.ours).items
        kept = {n: item for w in self.writers for n, item in w.kept.items()}
        said = self.reader.call("getHistory", id=self.common["id"]).arranged().data
        comments = Counter(event["value"] for event in said)
        return [
            *_differences(kept, fresh, SHOWN),
            *(f"item {n} is not there" for n in kept.keys() - fresh.keys()),
            *(f"item {n} was deleted" for w in self.writers for n in w.gone & {*fresh}),
            *(
                f"the comment {word!r} stands {comments[word]} times"
                for writer in self.writers
                for word in writer.comments
                if comments[word] != 1
            ),
        ]

    def missed(self) -> list[str]:
        """In what the copy is not the list; nothing is right."""
        fresh, ours = listed(self.reader, self.ours).items, self.ours
        copy = {n: item for n, item in self.copy.items.items() if n in ours}
        return [
            *_differences(fresh, copy),
            *(f"item {n} is only in the copy" for n in copy.keys() - fresh.keys()),
            *(f"item {n} is not in the copy" for n in fresh.keys() - copy.keys()),
        ]

    @property
    def ours(self) -> set[int]:
        """The ids of all that was made."""
        made = {n for w in self.writers for n in (*w.kept, *w.gone)}
        return made | {self.common["id"]}

    def _job(self, writer: Writer, guids: Iterable[str]) -> Callable[[], None]:
        def write() -> None:
            try:
                for guid in guids:
                    writer.write(guid)
            finally:
                with self._lock:
                    self._at_work -= 1

        return write

    def _read(self) -> None:
        while self._at_work:
            self.read()


def _differences(
    due: Items, there: Items, names: Collection[str] = ()
) -> Iterator[str]:
    for number in due.keys() & there.keys():
        one, other = due[number], there[number]
        differs = differing(one, other)
        for name in sorted(differs.intersection(names) if names else differs):
            yield f"{name} of item {number} is {other[name]!r}, not {one[name]!r}"


@contextmanager
def eager_threads() -> Iterator[None]:
    """Have threads take turns far more often than they would, as many cores do."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(EAGER)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def at_once(jobs: Sequence[Callable[[], None]], seconds: float) -> None:
    """Run each job in a thread of its own, and wait for all.

    Raises what they raise as a group, and `NotJudgedError` after `seconds`.
    """
    errors: list[Exception] = []
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], None]) -> None:
        start.wait(seconds)
        try:
            job()
        except Exception as error:  # noqa: BLE001 (it is raised where all are awaited)
            errors.append(error)

    threads = [threading.Thread(target=run, args=(j,), daemon=True) for j in jobs]
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0, deadline - time.monotonic()))
    if any(thread.is_alive() for thread in threads):
        raise NotJudgedError(f"not all writers were done within {seconds:g} s")
    if errors:
        raise ExceptionGroup("writers and reader", errors)
