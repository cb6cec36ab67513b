"""The clock of a world, for its tests."""

from datetime import UTC, datetime, timedelta

from tasktwin_mockserver.clock import microseconds, shifted
from tasktwin_mockserver.world import World

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Moment = datetime | str


class Watch:
    """Reads and turns the clock of one world; moments have a time zone."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def now(self) -> datetime:
        """What it shows."""
        return EPOCH + timedelta(microseconds=self._world.clock.now())

    @property
    def is_frozen(self) -> bool:
        """Whether it stands still."""
        return self._world.clock.frozen is not None

    def freeze(self, at: Moment | None = None) -> datetime:
        """Have it stand still, as it is or at a moment; what it shows then.

        A moment is a `datetime`, or text as ISO 8601 has it.
        """
        return self.set(self.now if at is None else at)

    def run(self) -> datetime:
        """Have it go on from what it shows."""
        return self.set(self.now, frozen=False)

    def set(self, moment: Moment, *, frozen: bool = True) -> datetime:
        """Have it show `moment`, and stand there unless it is not to be `frozen`."""
        when = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        with self._world.lock:
            turned = self._world.clock.set(microseconds(when), frozen=frozen)
            self._world.clock = turned
        return self.now

    def advance(self, seconds: float = 0, **more: float) -> datetime:
        """Turn it forward, or back; `more` is what a `timedelta` takes, say `days`."""
        step = timedelta(seconds=seconds, **more)
        with self._world.lock:
            clock = self._world.clock
            self._world.clock = shifted(clock, step / timedelta(seconds=1))
        return self.now
