"""How often a client may ask: windows of a minute, worked out when somebody asks."""

import threading

from tasktwin_mockserver.clock import MICROSECONDS

WINDOW = 60 * MICROSECONDS
MANY = 1000


class Windows:
    """The window of each client: when it began, and how many requests it has let in.

    A window begins with a client's first request, and the next one with the first
    after it. Moments are those of the world's clock, in microseconds.
    """

    def __init__(self) -> None:
        self._windows: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._windows)

    def take(self, client: str, most: int, now: int) -> int:
        """Let `client` in where it has asked less than `most` times, and answer 0.

        Else answer for how many microseconds it has to wait.
        """
        with self._lock:
            began, count = self._windows.get(client, (now, 0))
            if not began <= now < began + WINDOW:  # over, or the clock was turned back
                began, count = now, 0
            if count >= most:
                return began + WINDOW - now
            if len(self._windows) >= MANY:
                self._forget(now)
            self._windows[client] = began, count + 1
            return 0

    def _forget(self, now: int) -> None:
        """Drop the windows that are over."""
        self._windows = {
            client: (began, count)
            for client, (began, count) in self._windows.items()
            if began <= now < began + WINDOW
        }
