"""Faults by script: what goes wrong with the next requests to an operation, in order.

A script is a list of steps, each for one request. A step is short where it can be: a
status (`503`), a word (`"reset"`), or an object with any of the fields of `Step`.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

import msgspec

from tasktwin_mockserver.spelling import known
from tasktwin_schemas import errors, operations

ANY = "*"
MOST_SECONDS = 3600
MOST_TIMES = 1000
NO_TEXT = b"\xff\xfe{"  # neither UTF-8 nor the start of any JSON

Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
Error = Annotated[int, msgspec.Meta(ge=400, le=599)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=MOST_SECONDS)]
Times = Annotated[int, msgspec.Meta(ge=1, le=MOST_TIMES)]


class FaultError(ValueError):
    """A script cannot be followed; `field` is the part of it at fault."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What goes wrong with one request, or with as many as `times`.

    The request rests for `delay` seconds by the world's clock. With a `status` it is
    refused so, in the API's envelope, with the API's `code` and a `retry_after` in
    seconds where they are given, and nothing is done; without one it is done as ever.
    Then the answer suffers: it is `malformed`, has only the first bytes of its body
    where it is `cut`, or the connection is `reset` after so many bytes of the body, and
    before the last one.
    """

    status: Error | None = None
    code: int | None = None
    retry_after: Count | None = None
    delay: Seconds = 0
    malformed: bool = False
    cut: Count | None = None
    reset: Count | None = None
    times: Times = 1

    def spoil(self, body: bytes) -> bytes:
        """What becomes of an answer's `body`."""
        if self.malformed:
            body = NO_TEXT + body
        return body if self.cut is None else body[: self.cut]

    def plain(self) -> Any:
        """The step as a script has it, as short as it can be."""
        if self == Step(status=self.status) and self.status is not None:
            return self.status
        short = (word for word, step in WORDS.items() if step == self)
        return next(short, None) or msgspec.to_builtins(self)


WORDS: Mapping[str, Step] = {
    "ok": Step(),
    "reset": Step(reset=0),
    "cut": Step(cut=1),
    "malformed": Step(malformed=True),
}


class Script:
    """The steps of `operation`, or of any where that is `*`, and which were used."""

    def __init__(self, operation: str, steps: tuple[Step, ...]) -> None:
        self.operation = operation
        self.steps = steps
        self.used = 0

    @property
    def left(self) -> list[Step]:
        """The steps that no request has met yet."""
        used, left = self.used, []
        for step in self.steps:
            if used < step.times:
                left.append(msgspec.structs.replace(step, times=step.times - used))
            used = max(0, used - step.times)
        return left

    def plain(self) -> dict[str, Any]:
        """The script as JSON has it."""
        return {
            "operation": self.operation,
            "steps": [step.plain() for step in self.steps],
            "left": [step.plain() for step in self.left],
        }


class Faults:
    """The scripts of one world, oldest first, for the operations of `api`.

    world.faults.script("createItem", [503, 503, "reset"])
    """

    def __init__(self, api: str) -> None:
        self._api = api
        self._scripts: list[Script] = []
        self._waiting: list[Script] = []
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Script]:
        return iter(tuple(self._scripts))

    def script(self, operation: str, steps: Iterable[object]) -> Script:
        """Have these things go wrong with the next requests to `operation`.

        `*` stands for any operation. What an older script has left for it comes first.
        Raises `FaultError` for an operation or a step that there is not.
        """
        if operation != ANY and operation not in operations(self._api):
            near = known(operation, operations(self._api))
            words = f"there is no operation {operation!r}{near}"
            raise FaultError(words, "operation")
        if isinstance(steps, str | bytes | Mapping) or not isinstance(steps, Iterable):
            raise FaultError("the steps of a script are a list", "steps")
        codes = errors(self._api).keys()
        parsed = tuple(_step(step, n, codes) for n, step in enumerate(steps))
        if not parsed:
            raise FaultError("a script has at least one step", "steps")
        made = Script(operation, parsed)
        with self._lock:
            self._scripts.append(made)
            self._waiting.append(made)
        return made

    def take(self, *names: str | None) -> Step | None:
        """The next step for a request to the operation of these `names`, if any."""
        if not self._waiting:
            return None
        with self._lock:
            for script in self._waiting:
                if script.operation == ANY or script.operation in names:
                    return self._use(script)
        return None

    @property
    def left(self) -> dict[str, list[Step]]:
        """The steps that no request has met yet, by operation."""
        left: dict[str, list[Step]] = {}
        for script in tuple(self._waiting):
            left.setdefault(script.operation, []).extend(script.left)
        return left

    def clear(self) -> None:
        """Forget all scripts."""
        with self._lock:
            self._scripts.clear()
            self._waiting.clear()

    def _use(self, script: Script) -> Step:
        step = script.left[0]
        script.used += 1
        if not script.left:
            self._waiting.remove(script)
        return step


def _step(raw: object, number: int, codes: Iterable[int]) -> Step:
    field = f"steps[{number}]"
    step = _parsed(raw, field)
    if step.code is not None and step.code not in codes:
        raise FaultError(f"the API has no code {step.code}", f"{field}.code")
    if step.status is None and (step.code, step.retry_after) != (None, None):
        words = "a code and a time to come back go with a status"
        raise FaultError(words, f"{field}.status")
    return step


def _parsed(raw: object, field: str) -> Step:
    if isinstance(raw, Step):
        raw = msgspec.to_builtins(raw)
    if isinstance(raw, str):
        if raw not in WORDS:
            words = ", ".join(WORDS)
            raise FaultError(f"there is no step {raw!r}; the words are {words}", field)
        return WORDS[raw]
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = {"status": raw}
    if not isinstance(raw, Mapping):
        raise FaultError("a step is a status, a word or an object", field)
    try:
        return msgspec.convert(raw, Step)
    except msgspec.ValidationError as error:
        raise FaultError(str(error), field) from None
