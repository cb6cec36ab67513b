"""What is refused leaves a world of the mock as it was, byte for byte."""

from collections import Counter
from typing import Any

import pytest

from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.packing import pack
from tasktwin_mockserver.pipeline import Pipeline
from tasktwin_mockserver.waits import Steps
from tasktwin_mockserver.world import World
from tasktwin_schemas import APIS, operations

from .judgement import judged

LEAST = 200


def state(world: World) -> bytes:
    """All that a world holds, but for its clock."""
    with world.lock:
        rows = {name: list(table.values()) for name, table in world.tables.items()}
        return pack((rows, world.counters, world.stamp))


class Watch:
    """Looks at the world before and after each refusal that comes alone."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.changed: list[Any] = []
        self._begun: Counter[World] = Counter()
        self._ended: Counter[World] = Counter()

    def respond(self, pipeline: Pipeline, world: World, request: Request) -> Steps:
        """What the pipeline answers."""
        alone = self._begun[world] == self._ended[world]
        self._begun[world] += 1
        number, before = self._begun[world], state(world)
        answer = yield from RESPOND(pipeline, world, request)
        if answer.status >= 400 and alone and self._begun[world] == number:
            self.seen[request.method] += 1
            if state(world) != before:
                self.changed.append((request.method, request.path, answer.status))
        self._ended[world] += 1
        return answer


RESPOND = Pipeline.respond


@pytest.mark.parametrize("api", APIS)
def test_refusals_change_nothing(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No refusal that the suite meets changes anything, whatever was asked."""
    watch = Watch()

    def respond(self: Pipeline, world: World, request: Request) -> Steps:
        return watch.respond(self, world, request)

    monkeypatch.setattr(Pipeline, "respond", respond)
    result = judged(None, api=api, workers="0")
    assert not watch.changed
    broken = {name for name, one in result.verdicts().items() if one.failures}
    assert not broken
    assert result.exit_code() == 0
    assert watch.seen.keys() >= {one.method for one in operations(api).values()}
    assert watch.seen.total() > LEAST
