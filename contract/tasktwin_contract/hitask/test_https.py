"""HTTPS, and nothing else."""

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.examples import EVERY, caller
from tasktwin_contract.hitask.raw import in_path
from tasktwin_contract.target import Target


@clause("HT-HTTPS-01")
def test_plain_http(target: Target) -> None:
    """Over plain HTTP a request is refused, or sent on to HTTPS."""
    target.in_clear("getUser").refused()


@clause("HT-HTTPS-02")
def test_how_plain_http_is_refused(target: Target) -> None:
    """Over plain HTTP every operation is refused with 403 and code 17."""
    with target.world(require_https=True) as world:
        for name in EVERY:
            caller(world, name).call(name, **in_path(name, "1")).refused(403, 17)
        world.owner.using(prefix="/v7").call("getUser").refused(403, 17)
