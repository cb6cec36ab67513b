"""The base of state machines: a world of the target's against a plain model."""

from collections.abc import Callable

from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tasktwin_contract.target import Target, World


class WorldMachine(RuleBasedStateMachine):
    """A history in one fresh world; `settle` prepares it."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.world: World = target.open()
        self.target = target
        self.settle()

    def settle(self) -> None:
        """Prepare what the history starts with."""

    def teardown(self) -> None:
        """Drop the world."""
        self.target.close(self.world)


def play(machine: Callable[[Target], WorldMachine], target: Target) -> None:
    """Play histories of `machine` in worlds of `target`."""
    # It takes any factory, its annotation says a class.
    run_state_machine_as_test(lambda: machine(target))  # type: ignore[arg-type]
