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
    rows = {name: list(table.values()) for name, table in world.tables.items()}
    return pack((rows, world.counters, world.stamp))


@pytest.mark.parametrize("api", APIS)
def test_refusals_change_nothing(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No refusal that the suite meets changes anything, whatever was asked."""
    respond = Pipeline.respond
    seen: Counter[str] = Counter()
    changed: list[Any] = []

    def watched(self: Pipeline, world: World, request: Request) -> Steps:
        before = state(world)
        answer = yield from respond(self, world, request)
        if answer.status >= 400:
            seen[request.method] += 1
            if state(world) != before:
                changed.append((request.method, request.path, answer.status))
        return answer

    monkeypatch.setattr(Pipeline, "respond", watched)
    result = judged(None, api=api, workers="0")
    assert not changed
    assert result.exit_code() == 0
    assert seen.keys() >= {one.method for one in operations(api).values()}
    assert seen.total() > LEAST
