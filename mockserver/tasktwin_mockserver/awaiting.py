"""Waits for what a request has to wait for, while the event loop goes on."""

import asyncio
from contextlib import suppress

from tasktwin_mockserver.waits import Saving, Wait


async def awaited(pause: Wait) -> bool:
    """Whether to go on, once `pause` is over; the event loop goes on meanwhile."""
    if isinstance(pause, Saving):
        with suppress(OSError):
            await asyncio.wrap_future(pause.kept)
        return pause.rest()
    turned = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wake() -> None:
        loop.call_soon_threadsafe(turned.set)

    if pause.world.watch(wake, pause.clock):
        try:
            await asyncio.wait_for(turned.wait(), pause.seconds)
        except TimeoutError:
            pass
        finally:
            pause.world.unwatch(wake)
    return not pause.world.ended
