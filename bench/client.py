"""A client's `GET /user` in process, by requests: from the mock and from `responses`.

    python bench/client.py [--rounds 150]

`responses` (`pip install responses`), which answers with 1 kB of JSON from a list, is
the reference; without it there is none. Each round measures all in turn, and what is
told is the median of the rounds' ratios, for the machine is not always as fast.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec

import requests

from tasktwin_mockserver import MockServer

BUDGET = 0.6
CALLS = 20
KILOBYTE = {f"key{n}": "x" * 20 for n in range(32)}
URL = "http://localhost/api/user"
Call = Callable[[], requests.Response]


def seconds(call: Call) -> float:
    """How long one call takes, of so many."""
    started = time.perf_counter()
    for _ in range(CALLS):
        assert call().status_code == 200  # noqa: S101 (a bench of failures is none)
    return (time.perf_counter() - started) / CALLS


def canned() -> dict[str, Call]:
    """Calls that `responses` answers: as most clients call, and by a session."""
    import responses

    mock = responses.RequestsMock(assert_all_requests_are_fired=False)
    mock.add(responses.GET, URL, json=KILOBYTE)
    mock.start()
    session = requests.Session()
    return {
        "responses": lambda: requests.get(URL, timeout=5),
        "responses, one session": lambda: session.get(URL),
    }


def main() -> None:
    """Measure, and print medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=150)
    asked = parser.parse_args()
    with MockServer("hitask") as server, server.fresh() as world:
        session = world.requests_session()
        session.headers.update(world.owner.headers)
        ways: dict[str, Call] = {
            "tasktwin": lambda: session.get(f"{world.url}/api/user")
        }
        ways["tasktwin"]()
        if find_spec("responses"):
            # It answers whatever goes out by requests' own adapter; ours is another.
            ways |= canned()
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(asked.rounds):
            for name, call in ways.items():
                taken[name].append(seconds(call))
    for name, row in taken.items():
        pairs = zip(taken["tasktwin"], row, strict=True)
        ratio = statistics.median(ours / theirs for ours, theirs in pairs)
        median = statistics.median(row) * 1e6
        print(f"{name:<22} {median:6.0f} µs, tasktwin {ratio:.2f} of it")
    print(f"budget {BUDGET}; {asked.rounds} rounds of {CALLS} calls")


if __name__ == "__main__":
    main()
