"""Where an item stands, whose it is, and what its project gives it."""

from typing import Any

import pytest
from hypothesis import given

from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask.entries import entries, entry
from tasktwin_contract.hitask.steps import (
    NO_ID,
    both_ways,
    create,
    created,
    refused_both_ways,
    update,
    updated,
)
from tasktwin_contract.rows import certain
from tasktwin_contract.strategies import valid
from tasktwin_contract.target import Target


@clause("HT-FIELD-07")
@given(name=valid({"type": "string", "pattern": "^[A-Za-z0-9]{1,8}$"}))
def test_short_names_are_kept(target: Target, name: str) -> None:
    """A project keeps a short name of 1 to 8 latin letters and digits."""
    with target.world() as world:
        assert created(world.owner, category=0, short_name=name)["short_name"] == name
    with target.world() as world:
        project = world.owner.item(category=0)
        assert updated(world.owner, project, short_name=name)["short_name"] == name


@clause("HT-FIELD-08")
@pytest.mark.parametrize("name", ["ABCDEFGHI", "A-B", "A B", "É", "АБВ", "A_B"])
def test_other_short_names(target: Target, name: str) -> None:
    """A short name of other characters or longer than 8 is 400 and 6."""
    refused_both_ways(target, 400, 6, category=0, short_name=name)


@clause("HT-FIELD-08")
@pytest.mark.parametrize("category", [1, 2, 4, 5, 6, 7])
def test_short_names_are_for_projects(target: Target, category: int) -> None:
    """A short name on anything but a project is 400 and 6."""
    refused_both_ways(target, 400, 6, category=category, short_name="ABC")


@clause("HT-FIELD-08")
def test_a_project_with_a_short_name_stays_one(target: Target) -> None:
    """A project that has a short name cannot become a task and keep it."""
    with target.world() as world:
        project = world.owner.item(category=0, short_name="ABC")
        update(world.owner, project, category=1).refused(400, 6)
        update(world.owner, project, category=1, short_name="").expect(200)


@clause("HT-FIELD-09")
def test_a_short_name_in_use(target: Target) -> None:
    """A short name that another project has is refused with 400 and code 80."""
    with target.world() as world:
        project = world.owner.item(category=0, short_name="ABC")
        other = world.owner.item(category=0, short_name="ABD")
        create(world.owner, category=0, short_name="ABC").refused(400, 80)
        update(world.owner, other, short_name="ABC").refused(400, 80)
        update(world.owner, project, short_name="ABC", color=1).expect(200)


@clause("HT-FIELD-09")
def test_a_short_name_in_use_in_the_team(target: Target) -> None:
    """A short name is unique in the team, whoever of it owns the project."""
    with target.world() as world:
        world.owner.item(category=0, short_name="ABC")
        create(world.colleague, category=0, short_name="ABC").refused(400, 80)
        create(world.outsider, category=0, short_name="ABC").expect(200)


@clause("HT-FIELD-10")
@pytest.mark.parametrize("name", ["abc", "ABC", "aBc"])
def test_short_names_whatever_the_case(target: Target, name: str) -> None:
    """Short names that differ only in letter case are the same."""
    with target.world() as world:
        world.owner.item(category=0, short_name="Abc")
        create(world.owner, category=0, short_name=name).refused(400, 80)


@clause("HT-FIELD-21")
def test_the_form_of_issue_ids(target: Target) -> None:
    """issue_id is SHORT-n below a project with a short name, else n."""
    with target.world() as world:
        owner = world.owner
        project = owner.item(category=0, short_name="APIDOCS")
        task = owner.item(parent=project["id"])
        deep = owner.item(parent=task["id"])
        plain = owner.item(category=0)
        below = owner.item(parent=plain["id"])
        for item in (project, plain, below):
            assert str(item["issue_id"]).isdigit()
        for item in (task, deep):
            start, _, number = str(item["issue_id"]).partition("-")
            assert (start, number.isdigit()) == ("APIDOCS", True)


@clause("HT-FIELD-25")
def test_the_owners_level(target: Target) -> None:
    """The owner has permission 100, and an entry of 100 in permissions."""
    with target.world() as world:
        parent = created(world.owner)
        child = created(world.owner, parent=parent["id"])
        for item in (parent, child):
            assert item["permission"] == 100
            entries = {
                str(e["principal"]): e["level"] for e in item["permissions"] or []
            }
            assert entries.get(world.owner.id) == 100


@clause("HT-FIELD-25")
def test_the_owners_entry_may_be_left_out(target: Target) -> None:
    """A list without the owner's entry leaves the owner at 100."""
    for item in both_ways(target, permissions=[]):
        assert item["permission"] == 100
        assert [entry["level"] for entry in item["permissions"] or []] == [100]


@clause("HT-FIELD-55")
@pytest.mark.parametrize("kind", [int, str])
def test_principals_are_text(target: Target, kind: type[int] | type[str]) -> None:
    """A principal is sent as a number or as text, and comes back as text."""
    with target.world() as world:
        sent = [{"principal": kind(world.owner.id), "level": 100}]
        for item in (
            created(world.owner, permissions=sent),
            updated(world.owner, permissions=sent),
        ):
            principals = [row["principal"] for row in item["permissions"] or []]
            assert principals == [world.owner.id]


@clause("HT-FIELD-26")
def test_private_items_are_not_shared(target: Target) -> None:
    """An item that only its owner sees is not shared."""
    with target.world() as world:
        assert created(world.owner)["shared"] is False
        assert updated(world.personal)["shared"] is False


@clause("HT-FIELD-27")
@pytest.mark.parametrize("shares", [False, certain(True)])
@pytest.mark.parametrize("cascade", [certain(True), certain(False)])
def test_completing_what_is_below(target: Target, cascade: bool, shares: bool) -> None:
    """Completing goes down to the last with cascade, and nowhere without it.

    So it does where the same request gives all below its list.
    """
    with target.world() as world:
        owner = world.owner
        top, beside = owner.item(), owner.item()
        child = owner.item(parent=top["id"])
        grandchild = owner.item(parent=child["id"])
        sent = {"permissions": entries(world, member=50), "cascadeAcl": True}
        more = sent if shares else {}
        update(owner, top, completed=True, cascade=cascade, **more).expect(200)
        done = {key: bool(item["completed"]) for key, item in owner.items().items()}
        assert done == {
            top["id"]: True,
            beside["id"]: False,
            child["id"]: cascade,
            grandchild["id"]: cascade,
        }


@clause("HT-FIELD-56")
def test_what_completing_leaves_alone(target: Target) -> None:
    """Completing below leaves what is completed, and what is in the archive."""
    with target.world() as world:
        owner = world.owner
        top = owner.item()
        done = owner.item(parent=top["id"], completed=True)
        away = owner.item(parent=top["id"])
        owner.call("archiveItem", id=away["id"]).arranged()
        update(owner, top, completed=True, cascade=1).expect(200)
        assert owner.stored(done["guid"]) == done
        owner.call("restoreItem", id=away["id"]).arranged()
        assert not owner.stored(away["guid"])["completed"]


@clause("HT-FIELD-28")
@pytest.mark.parametrize("cascade", [True, False])
def test_un_completing_stays_above(target: Target, cascade: bool) -> None:
    """Un-completing never goes down."""
    with target.world() as world:
        top = world.owner.item(completed=True)
        child = world.owner.item(parent=top["id"], completed=True)
        update(world.owner, top, completed=False, cascade=cascade).expect(200)
        assert not world.owner.stored(top["guid"])["completed"]
        assert world.owner.stored(child["guid"])["completed"]


@clause("HT-FIELD-29")
def test_parents_that_are_not_there(target: Target) -> None:
    """An unknown or unseen parent is refused with 404 and code 1."""
    with target.world() as world:
        unseen = world.outsider.item()
        item = world.owner.item()
        for fields in (
            {"parent": NO_ID},
            {"parentGuid": world.guid()},
            {"parent": unseen["id"]},
            {"parentGuid": unseen["guid"]},
        ):
            create(world.owner, **fields).refused(404, 1)
            update(world.owner, item, **fields).refused(404, 1)


@clause("HT-FIELD-30")
def test_no_cycles(target: Target) -> None:
    """An item below itself is refused with 400 and code 6."""
    with target.world() as world:
        owner = world.owner
        top = owner.item()
        child = owner.item(parent=top["id"])
        grandchild = owner.item(parent=child["id"])
        for below in (top, child, grandchild):
            update(owner, top, parent=below["id"]).refused(400, 6)
            update(owner, top, parentGuid=below["guid"]).refused(400, 6)


@clause("HT-FIELD-30")
@pytest.mark.parametrize("category", [1, 2, 4, 5, 6, 7])
def test_projects_stand_below_projects(target: Target, category: int) -> None:
    """A project below anything but a project is refused with 400 and code 6."""
    with target.world() as world:
        owner = world.owner
        task = owner.item(category=category)
        project, inner = owner.item(category=0), owner.item(category=0)
        create(owner, category=0, parent=task["id"]).refused(400, 6)
        update(owner, project, parent=task["id"]).refused(400, 6)
        update(owner, owner.item(parent=task["id"]), category=0).refused(400, 6)
        update(owner, inner, parent=project["id"]).expect(200)
        update(owner, project, category=category).refused(400, 6)


@clause("HT-FIELD-30")
def test_two_parents(target: Target) -> None:
    """A parent and a parentGuid that disagree are refused with 400 and code 6."""
    with target.world() as world:
        one, other = world.owner.item(), world.owner.item()
        both: dict[str, Any] = {"parent": one["id"], "parentGuid": other["guid"]}
        create(world.owner, **both).refused(400, 6)
        update(world.owner, world.owner.item(), **both).refused(400, 6)
        update(world.owner, other, parent=0, parentGuid=one["guid"]).refused(400, 6)
        both["parentGuid"] = one["guid"]
        create(world.owner, **both).expect(200)


@clause("HT-FIELD-31")
def test_parent_by_guid(target: Target) -> None:
    """parentGuid puts a new or an old item below the one of that guid."""
    with target.world() as world:
        parent = world.owner.item()
        for item in (
            created(world.owner, parentGuid=parent["guid"]),
            updated(world.owner, parentGuid=parent["guid"]),
        ):
            assert item["parent"] == parent["id"]


@clause("HT-FIELD-32")
def test_parent_by_id(target: Target) -> None:
    """parent puts a new or an old item below the one of that id."""
    with target.world() as world:
        parent = world.owner.item()
        for item in (
            created(world.owner, parent=parent["id"]),
            updated(world.owner, parent=parent["id"]),
        ):
            assert item["parent"] == parent["id"]


@clause("HT-FIELD-33")
def test_parent_and_parent_guid_agree(target: Target) -> None:
    """parent and parentGuid name the same item, also after a move."""
    with target.world() as world:
        owner = world.owner
        one, other = owner.item(), owner.item()
        item = created(owner, parent=one["id"])
        assert (item["parent"], item["parentGuid"]) == (one["id"], one["guid"])
        item = updated(owner, item, parent=other["id"])
        assert (item["parent"], item["parentGuid"]) == (other["id"], other["guid"])
        item = updated(owner, item, parent=0)
        assert (item["parent"], item["parentGuid"]) == (0, None)


@clause("HT-FIELD-47")
@pytest.mark.parametrize("name", ["owner", "member", "personal"])
def test_who_owns(target: Target, name: str) -> None:
    """user_id is the id of who made the item."""
    with target.world() as world:
        actor = getattr(world, name)
        assert created(actor)["user_id"] == actor.number


@clause("HT-FIELD-49")
@pytest.mark.parametrize("level", [10, 70, 80])
def test_the_owners_entry_stays(target: Target, level: int) -> None:
    """Another level for the owner is refused with 400 and code 76."""
    with target.world() as world:
        sent = entries(world, owner=level)
        update(world.owner, world.owner.item(), permissions=sent).refused(400, 76)
        create(world.owner, permissions=sent).refused(400, 76)


@clause("HT-FIELD-50")
@pytest.mark.parametrize("level", [-10, 1, 15, 90, 101])
def test_levels_outside_the_table(target: Target, level: int) -> None:
    """A level other than 0 and those of the table is refused with 400 and code 6."""
    with target.world() as world:
        for name in ("owner", "member"):
            sent = entries(world, colleague=50, **{name: level})
            update(world.owner, world.owner.item(), permissions=sent).refused(400, 6)
            create(world.owner, permissions=sent).refused(400, 6)


@clause("HT-FIELD-50")
@pytest.mark.parametrize("principal", [NO_ID, "nobody", "0"])
def test_principals_out_of_sight(target: Target, principal: int | str) -> None:
    """A principal that the caller cannot see is refused with 400 and code 6."""
    sent = [entry(principal, 50)]
    refused_both_ways(target, 400, 6, permissions=sent)


@clause("HT-FIELD-50")
@pytest.mark.parametrize("level", [0, 50])
def test_principals_of_others(target: Target, level: int) -> None:
    """Somebody of another team, or its group, is refused with 400 and code 6."""
    with target.world() as world:
        groups = world.outsider.call("listGroups").arranged().data
        others = [world.outsider.id, world.personal.id, *(g["id"] for g in groups)]
        item = world.owner.item()
        for principal in others:
            sent = [*entries(world, member=50), entry(principal, level)]
            create(world.owner, permissions=sent).refused(400, 6)
            update(world.owner, item, permissions=sent).refused(400, 6)
        create(world.personal, permissions=entries(world, owner=50)).refused(400, 6)


@clause("HT-FIELD-32")
def test_moving_takes_what_is_below(target: Target) -> None:
    """A moved item keeps what is below it."""
    with target.world() as world:
        owner = world.owner
        one, other = owner.item(), owner.item()
        child = owner.item(parent=one["id"])
        updated(owner, one, parent=other["id"])
        assert owner.stored(child["guid"])["parent"] == one["id"]
