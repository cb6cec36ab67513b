"""How fast the machine is just now, for it is not always as fast."""

import subprocess
import sys
import time

WORK = """
total = 0
for number in range(5_000_000):
    total += number
"""


def pace(processes: int) -> float:
    """Seconds that so many processes take which do the same plain work at once."""
    started = time.monotonic()
    working = [
        subprocess.Popen([sys.executable, "-I", "-S", "-c", WORK])  # noqa: S603
        for _ in range(processes)
    ]
    for process in working:
        process.wait()
    return time.monotonic() - started
