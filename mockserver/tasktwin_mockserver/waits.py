"""What a request may have to wait for, so that whoever answers others does not."""

from collections.abc import Generator
from concurrent.futures import Future
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from tasktwin_mockserver.clock import MICROSECONDS, Clock

if TYPE_CHECKING:
    from tasktwin_mockserver.api import Answer
    from tasktwin_mockserver.world import World

R = TypeVar("R")


class Pause(NamedTuple):
    """Time that a request has to wait before it goes on, by the clock of its world."""

    world: "World"
    microseconds: int
    clock: Clock

    @property
    def seconds(self) -> float | None:
        """How long that is, None for as long as the clock stands still."""
        still = self.clock.frozen is not None
        return None if still else self.microseconds / MICROSECONDS

    def rest(self) -> bool:
        """Wait; False where the world has ended."""
        return self.world.rest(self.microseconds, self.clock)


class Saving(NamedTuple):
    """A request has to wait until what it has written, or seen, is safe."""

    kept: Future[None]

    def rest(self) -> bool:
        """Wait; False where it cannot be made safe."""
        return self.kept.exception() is None


Wait: TypeAlias = Pause | Saving
# Asks to wait, and is told after each time whether there are to be more.
Steps: TypeAlias = Generator[Wait, bool, "Answer"]


def rested(steps: Generator[Wait, bool, R]) -> R:
    """What `steps` come to, all that they wait for waited for."""
    try:
        wait = next(steps)
        while True:
            wait = steps.send(wait.rest())
    except StopIteration as end:
        result: R = end.value
        return result


def until(moment: int, world: "World") -> Generator[Pause, bool, None]:
    """Wait until `moment` by the clock of `world`, however often that is turned."""
    clock = world.clock
    while (left := moment - clock.now()) > 0:
        if not (yield Pause(world, left, clock)):
            return
        clock = world.clock


def saved(kept: Future[None] | None) -> Generator[Saving, bool, str | None]:
    """Wait until all that is kept is safe; what prevented that, if anything did."""
    if kept is None or (yield Saving(kept)):
        return None
    return str(kept.exception())
