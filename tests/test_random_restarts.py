"""Durable worlds, whatever happened to them, are the same after a restart."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tasktwin_mockserver import App, Settings
from tasktwin_mockserver.clock import Clock
from tasktwin_mockserver.hitask.records import Event, File, Tag
from tasktwin_mockserver.world import World, Write

from .durable import LONG, image

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["tag", "event", "file", "remove", "take", "restore"])
        | st.sampled_from(["turn", "fork", "drop", "set", "reopen"])
        | st.sampled_from(["remember", "forget"]),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    max_size=25,
)


class Play:
    """A few worlds, changed at random, and the file that they are in."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.app = App("hitask", state=state)
        self.kept = self.world.snapshot()

    @property
    def world(self) -> World:
        """The newest world."""
        return list(self.app.worlds._worlds.values())[-1]

    def step(self, kind: str, number: int, other: int) -> None:
        """Change something, or have it changed back."""
        worlds, world = self.app.worlds, self.world
        newest, label = worlds.names()[-1], f"s{number}"
        steps: dict[str, Callable[[], object]] = {
            "restore": lambda: world.restore(self.kept),
            "fork": lambda: worlds.make(None, None, Settings(max_items=other), newest),
            "drop": lambda: newest == "default" or worlds.drop(newest),
            "remember": lambda: world.remember(label),
            "forget": lambda: world.forget_state(label),
            "reopen": self.reopen,
        }
        if kind == "take":
            self.kept = world.snapshot()
        elif kind == "turn":
            world.clock = Clock(frozen=number)
        elif kind == "set":
            world.settings = Settings(max_storage=other)
        elif kind in steps:
            steps[kind]()
        else:
            self.write(kind, number, other)

    def write(self, kind: str, number: int, other: int) -> None:
        """Change the tables in one write."""
        world: Any = self.world
        write = Write(world)
        data = bytes([other]) + LONG[:: number + 1]
        if kind == "tag":
            write.put(world.tags, Tag(number, "1", f"n{other}"))
            write.put(world.tags, Tag(number + 1, "1", f"n{other}"))
        elif kind == "event":
            write.put(world.events, Event(number, other, 1, write.stamp, "a", "b"))
        elif kind == "file":
            file = File(number, f"t{other}", "a", "b/c", data[:16], data)
            write.put(world.files, file)
        else:
            write.remove(world.events, number)
            write.remove(world.files, number)
        write.next(kind)
        write.apply()
        world.keep()

    def reopen(self) -> None:
        """Leave the file, and find all in it."""
        before = image(self.app)
        self.app.close()
        self.app = App("hitask", state=self.state)
        assert image(self.app) == before


@given(STEPS)
@settings(max_examples=20)
def test_all_comes_back_as_it_was(steps: list[tuple[str, int, int]]) -> None:
    """Whatever happened to worlds, they are the same after a restart, in all orders."""
    with TemporaryDirectory() as folder:
        play = Play(Path(folder, "worlds.db"))
        for step in steps:
            play.step(*step)
        play.reopen()
        play.app.close()
