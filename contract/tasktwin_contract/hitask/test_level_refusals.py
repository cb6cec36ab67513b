"""What too low a level refuses, however it is held, and what that leaves alone."""

from collections.abc import Collection
from itertools import groupby

from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.hitask.guards import BY_FIELD, GUARDS, fields_of, guarded
from tasktwin_contract.hitask.levels import Attempt, Guard, below, every_way, ladder
from tasktwin_contract.hitask.sights import Sight
from tasktwin_contract.hitask.steps import NO_ID
from tasktwin_contract.target import Target

TOUCHED = guarded("createItem", "updateItem", "updateItemById", "addComment")
PUBLISHED = (*TOUCHED, *guarded("deleteItem", "archiveItem", "restoreItem"))
COMMENTED = guarded("getHistory", "addComment", "deleteComment", "markRead")

NOT_THERE = (
    ("getHistory", {"id": NO_ID}),
    ("addComment", {"id": NO_ID, "message": "a comment"}),
    ("deleteComment", {"id": NO_ID}),
    ("deleteComment", {"id": NO_ID, "itemId": NO_ID}),
    ("markRead", {"guid": NO_ID}),
    ("markRead", {"guid": "00000000-0000-4000-8000-000000000000"}),
)


@clause("HT-LEVEL-06")
@every_way
def test_comments_below_20(target: Target, way: str) -> None:
    """Whoever has less than 20 on an item is refused a comment on it."""
    _refused(target, way, guarded("addComment"), below(20))


@clause("HT-LEVEL-08")
@every_way
def test_items_below_below_30(target: Target, way: str) -> None:
    """Whoever has less than 30 on an item is refused making an item below it."""
    _refused(target, way, guarded("createItem"), below(30))


@clause("HT-LEVEL-10")
@every_way
def test_people_below_40(target: Target, way: str) -> None:
    """Whoever has less than 40 is refused a change of assignee or participants."""
    _refused(target, way, fields_of(40), below(40))


@clause("HT-LEVEL-12")
@every_way
def test_completing_below_50(target: Target, way: str) -> None:
    """Whoever has less than 50 is refused a change of completed or time_spent."""
    _refused(target, way, fields_of(50), below(50))


@clause("HT-LEVEL-14")
@every_way
def test_fields_below_60(target: Target, way: str) -> None:
    """Whoever has less than 60 is refused a change of any other field."""
    _refused(target, way, fields_of(60), below(60))


@clause("HT-LEVEL-16")
@every_way
def test_sharing_below_70(target: Target, way: str) -> None:
    """Whoever has less than 70 is refused a change of the permissions."""
    _refused(target, way, fields_of(70), below(70))


@clause("HT-LEVEL-18")
@every_way
def test_archiving_below_80(target: Target, way: str) -> None:
    """Whoever sees an item and has less than 80 is refused archiving it with 403."""
    _refused(target, way, guarded("archiveItem"), below(80, seeing=True), 403)


@clause("HT-LEVEL-20", "HT-LEVEL-21")
@every_way
def test_restoring_below_80(target: Target, way: str) -> None:
    """Whoever has less than 80 on an archived item is refused restoring it: 403."""
    with ladder(target, way) as steps:
        for attempt in steps.attempts(guarded("restoreItem"), below(80)):
            attempt.refused()
            with judging("HT-LEVEL-21"):
                attempt.refused(403 if attempt.level else None)


@clause("HT-LEVEL-23")
@every_way
def test_deleting_below_100(target: Target, way: str) -> None:
    """Whoever sees an item and has less than 100 is refused deleting it with 403."""
    _refused(target, way, guarded("deleteItem"), below(100, seeing=True), 403)


@clause("HT-COMMENT-09")
@every_way
def test_anothers_comment_below_100(target: Target, way: str) -> None:
    """Whoever has less than 100 is refused deleting another's comment: 403 and 3."""
    _refused(target, way, guarded("deleteComment"), below(100, seeing=True), 403, 3)


@clause("HT-LEVEL-24", "HT-LEVEL-25", "HT-ERROR-07")
@every_way
def test_what_too_low_a_level_gets(target: Target, way: str) -> None:
    """What too low a level is refused gets 403 and code 3, and changes nothing.

    The two are noted by themselves, for what is broken ends no look at the rest.
    """
    with ladder(target, way) as steps:
        attempts = steps.too_low(GUARDS)
        sight = Sight(steps.world, [attempt.item["id"] for attempt in attempts])
        for level, made in groupby(attempts, lambda attempt: attempt.level):
            for attempt in made:
                _note_the_refusal(target, attempt)
                attempt.turned_away()
            sight.unmoved(f"calls that are refused with level {level} by {way}")
        sight.all_unmoved(f"calls that are refused by {way}")


def _note_the_refusal(target: Target, attempt: Attempt) -> None:
    """Note a status or a code that is not the one of too low a level."""
    if attempt.level and attempt.guard in TOUCHED:
        attempt.noted(target, "HT-LEVEL-24", status=403)
    if attempt.level and attempt.guard in PUBLISHED:
        attempt.noted(target, "HT-LEVEL-25", code=3)


@clause("HT-LEVEL-30")
@every_way
def test_the_status_of_the_unseen(target: Target, way: str) -> None:
    """History, comments and reading of an item that is not seen are 404."""
    _refused(target, way, COMMENTED, [0], 404)


@clause("HT-LEVEL-30")
def test_the_status_of_what_is_not_there(target: Target) -> None:
    """History, comments and reading of an item that does not exist are 404."""
    with target.world() as world:
        for operation, parameters in NOT_THERE:
            world.owner.call(operation, **parameters).refused(404)


@clause("HT-LEVEL-31")
@every_way
def test_the_code_of_the_unseen(target: Target, way: str) -> None:
    """History, comments, reading and archive of what is not seen are code 1."""
    archive = guarded("archiveItem", "restoreItem")
    _refused(target, way, (*COMMENTED, *archive), [0], code=1)


@clause("HT-ITEM-23")
@every_way
def test_deleting_the_unseen(target: Target, way: str) -> None:
    """Deleting an item that the caller does not see is refused with 404."""
    _refused(target, way, guarded("deleteItem"), [0], 404)


@clause("HT-ARCHIVE-04")
@every_way
def test_archiving_the_unseen(target: Target, way: str) -> None:
    """Archiving an item that the caller does not see is refused with 404."""
    _refused(target, way, guarded("archiveItem"), [0], 404)


@clause("HT-ARCHIVE-13")
@every_way
def test_restoring_the_unseen(target: Target, way: str) -> None:
    """Restoring an item that the caller does not see is refused with 404."""
    _refused(target, way, guarded("restoreItem"), [0], 404)


@clause("HT-ITEM-24")
@every_way
def test_changing_the_unseen(target: Target, way: str) -> None:
    """Changing a field of an item that the caller does not see is refused with 404."""
    _refused(target, way, BY_FIELD, [0], 404)


@clause("HT-ITEM-25")
@every_way
def test_the_code_of_changing_the_unseen(target: Target, way: str) -> None:
    """Changing or deleting an item that is not seen is refused with code 1."""
    _refused(target, way, (*BY_FIELD, *guarded("deleteItem")), [0], code=1)


def _refused(
    target: Target,
    way: str,
    guards: Collection[Guard],
    levels: Collection[int],
    status: int | None = None,
    code: int | None = None,
) -> None:
    """Each of these calls is refused at each of these levels."""
    with ladder(target, way) as steps:
        for attempt in steps.attempts(guards, levels):
            attempt.refused(status, code)
