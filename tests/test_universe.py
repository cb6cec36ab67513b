"""What a HiTask world keeps of its tables never outlives them."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tasktwin_mockserver import App
from tasktwin_mockserver.world import Snapshot, World

NAMES = ("owner", "administrator", "manager", "member")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["create", "below", "share", "group", "star", "tag", "rename", "delete"]
        ),
        st.integers(0, 3),
        st.integers(0, 3),
        st.integers(0, 9),
    ),
    max_size=12,
)


def ignore(*_: object) -> Callable[[bytes], object]:
    """Take the status and the headers of an answer, and leave them."""
    return lambda _: None


class Play:
    """A world of its own, and what its people do in it."""

    def __init__(self) -> None:
        self.app = App("hitask")
        cast = self.app.worlds.describe("default", "http://localhost")
        self.people = [cast["actors"][name] for name in NAMES]
        self.guids = 0

    @property
    def world(self) -> World:
        """The default world."""
        world = self.app.worlds.get("default")
        assert world is not None
        return world

    def call(self, who: int, method: str, path: str, **fields: Any) -> Any:
        """Ask as one of the people, and answer the data."""
        body = json.dumps(fields).encode()
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": f"/api{path}",
            "HTTP_X_HI_SESSION": self.people[who]["session_id"],
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
        }
        return json.loads(b"".join(self.app(environ, ignore)))

    def lists(self) -> list[Any]:
        """What each of them sees."""
        return [self.call(who, "GET", "/item") for who in range(len(NAMES))]

    def step(self, kind: str, who: int, other: int, number: int) -> None:
        """Do something, whether it is allowed or not."""
        items = self.call(who, "GET", "/item")
        there = items[number % len(items)]["id"] if items else 0
        self.guids += 1
        guid = f"00000000-0000-4000-8000-{self.guids:012}"
        entries = [{"principal": self.people[other]["id"], "level": 60}]
        calls: dict[str, Callable[[], Any]] = {
            "create": lambda: self.call(who, "POST", "/item", guid=guid, title="a"),
            "below": lambda: self.call(
                who, "POST", "/item", guid=guid, title="b", parent=there
            ),
            "share": lambda: self.call(
                who, "PUT", "/item", id=there, permissions=entries
            ),
            "group": lambda: self.group(there, other),
            "star": lambda: self.call(who, "PUT", "/item", id=there, starred=1),
            "tag": lambda: self.call(
                who, "POST", "/tag", item_id=there, name=f"t{number % 3}"
            ),
            "rename": lambda: self.rename(who, f"t{number}"),
            "delete": lambda: self.call(who, "DELETE", f"/item/{there}"),
        }
        calls[kind]()

    def group(self, there: int, other: int) -> None:
        """Share with a new group of one member."""
        made = self.call(0, "POST", "/group", name="g")["id"]
        entries = [{"principal": made, "level": 10}]
        self.call(0, "PUT", "/item", id=there, permissions=entries)
        member = self.people[other]["id"]
        self.call(0, "POST", f"/group/{made}/contact{member}")

    def rename(self, who: int, name: str) -> None:
        """Rename the first tag that there is for somebody."""
        for tag in self.call(who, "GET", "/tag")[:1]:
            self.call(who, "PUT", f"/tag/{tag['id']}", name=name)

    def fresh(self) -> list[Any]:
        """The lists of a world with the same tables that has kept nothing."""
        kept = self.world
        self.app.worlds._worlds["default"] = kept.fork()
        lists = self.lists()
        self.app.worlds._worlds["default"] = kept
        return lists


@given(STEPS, STEPS)
@example([("create", 0, 0, 0), ("tag", 0, 0, 0)], [("rename", 0, 0, 5)])
@settings(max_examples=40)
def test_what_is_kept_fits_the_tables(
    first: list[tuple[str, int, int, int]], second: list[tuple[str, int, int, int]]
) -> None:
    """Lists are those of a fresh fork, after writes and after a restored snapshot."""
    play = Play()
    snapshots: list[Snapshot] = [play.world.snapshot()]
    for steps in (first, second):
        for step in steps:
            play.step(*step)
            assert play.lists() == play.fresh()
        snapshots.append(play.world.snapshot())
    for snapshot in (snapshots[1], snapshots[2], snapshots[0]):
        play.world.restore(snapshot)
        assert play.lists() == play.fresh()


def test_a_long_chain_of_parents() -> None:
    """Items may stand below each other to any depth."""
    play = Play()
    parent = 0
    for number in range(1500):
        guid = f"00000000-0000-4000-8000-{number:012}"
        parent = play.call(0, "POST", "/item", guid=guid, title="a", parent=parent)[
            "id"
        ]
    play.group(play.call(0, "GET", "/item")[0]["id"], 3)
    assert len(play.call(3, "GET", "/item")) == 1500
