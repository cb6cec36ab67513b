"""What a request may have to wait for, so that whoever answers others does not."""

from concurrent.futures import Future
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from tasktwin_mockserver.clock import MICROSECONDS, Clock

if TYPE_CHECKING:
    from tasktwin_mockserver.world import World


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
