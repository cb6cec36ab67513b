"""Levels 0, 100, 150 and 200: who sees projects and tasks."""

from typing import Any

import pytest

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.fivepm.cast import entries
from tasktwin_contract.fivepm.steps import new, newcomer
from tasktwin_contract.reply import Object
from tasktwin_contract.target import Target, World

WORK = ("project", "task")
OUTER = ("external", "client")


def sees(actor: Actor, noun: str, number: str) -> None:
    """Demand that somebody finds a thing by its id and in the lists."""
    assert actor.get(noun, number).expect(200)["id"] == number
    assert number in actor.listed(noun)
    if noun == "project":
        assert number in actor.all_projects()


def misses(actor: Actor, noun: str, number: str) -> None:
    """Demand that somebody finds a thing neither by its id nor in the lists."""
    actor.get(noun, number).refused()
    assert number not in actor.listed(noun)
    if noun == "project":
        assert number not in actor.all_projects()


def team(*actors: Actor) -> list[int]:
    """A team of these."""
    return [actor.number for actor in actors]


def work(world: World, noun: str, **fields: Any) -> Object:
    """A thing of the admin's. Raises `NotJudgedError`."""
    return new(world.admin, noun, **fields)


@clause("FP-ACCESS-01")
@pytest.mark.parametrize("noun", WORK)
@pytest.mark.parametrize("hidden", [True, False])
def test_level_0(target: Target, noun: str, hidden: bool) -> None:
    """Level 0 sees and changes everything."""
    with target.world() as world:
        thing = new(world.user, noun, hidden=hidden)["id"]
        sees(world.admin, noun, thing)
        world.admin.change(noun, thing, description="changed").expect(200)
        words = {f"{noun}Id": thing, "hideFromClients": 1}
        note = world.user.made("activity", **words)["id"]
        world.admin.change("activity", note, text="changed").expect(200)
        world.admin.remove("activity", note).expect(200)
        world.admin.remove(noun, thing).expect(200)


@clause("FP-ACCESS-01")
def test_another_of_level_0(target: Target) -> None:
    """Whoever else is of level 0 sees and changes everything too."""
    with target.world() as world:
        project = new(world.user, "project", hidden=True)["id"]
        task = new(world.user, "task", projectId=project, hidden=True)["id"]
        other = newcomer(world, 0)
        sees(other, "project", project)
        sees(other, "task", task)
        other.change("task", task, description="changed").expect(200)
        other.remove("project", project).expect(200)


@clause("FP-ACCESS-02")
def test_level_100(target: Target) -> None:
    """Level 100 sees what is not hidden, of a project that it sees, or of none."""
    with target.world() as world:
        project = work(world, "project")["id"]
        sees(world.user, "project", project)
        sees(world.user, "task", work(world, "task", projectId=project)["id"])
        sees(world.user, "task", work(world, "task")["id"])


@clause("FP-ACCESS-03")
@pytest.mark.parametrize("who", ["user", "colleague", "external", "client"])
def test_hidden_projects(target: Target, who: str) -> None:
    """A hidden project is hidden from those who are not on its team."""
    with target.world() as world:
        actor = getattr(world, who)
        others = [
            one.number
            for one in (world.user, world.colleague, world.external, world.client)
            if one.number != actor.number
        ]
        words = {"hidden": True, "team": others, "notifyUsers": team(actor)}
        misses(actor, "project", work(world, "project", **words)["id"])


@clause("FP-ACCESS-04", "FP-ACCESS-05")
@pytest.mark.parametrize("who", ["user", "colleague", "external", "client"])
def test_hidden_projects_of_a_team(target: Target, who: str) -> None:
    """A hidden project is seen by its team, a client on it too."""
    with target.world() as world:
        actor = getattr(world, who)
        thing = work(world, "project", hidden=True, team=team(actor))["id"]
        sees(actor, "project", thing)
        sees(world.admin, "project", thing)


@clause("FP-ACCESS-04")
def test_hidden_projects_of_an_owner(target: Target) -> None:
    """A hidden project is seen by its owner where of level 100, and no other."""
    with target.world() as world:
        sees(world.user, "project", new(world.user, "project", hidden=True)["id"])
        for actor in (world.external, world.client):
            given = {"ownerId": actor.number, "hidden": True}
            misses(actor, "project", work(world, "project", **given)["id"])


@clause("FP-ACCESS-05")
def test_hiding_hides_nothing_from_clients(target: Target) -> None:
    """A client on the team sees a project as before when it is hidden."""
    with target.world() as world:
        thing = work(world, "project", team=team(world.client))["id"]
        sees(world.client, "project", thing)
        world.admin.change("project", thing, hidden=1).expect(200)
        sees(world.client, "project", thing)


@clause("FP-ACCESS-06")
@pytest.mark.parametrize("who", ["user", "colleague", "external", "client"])
@pytest.mark.parametrize("inside", [True, False])
def test_hidden_tasks(target: Target, who: str, inside: bool) -> None:
    """A hidden task is hidden from those who are not on its team."""
    with target.world() as world:
        actor, other = getattr(world, who), world.admin
        project = work(world, "project", team=team(other))["id"] if inside else None
        words = {"hidden": True, "team": team(other), "notifyUsers": team(actor)}
        misses(actor, "task", work(world, "task", projectId=project, **words)["id"])


@clause("FP-ACCESS-07", "FP-ACCESS-08")
@pytest.mark.parametrize("who", ["user", "colleague", "external", "client"])
def test_hidden_tasks_of_a_team(target: Target, who: str) -> None:
    """A hidden task is seen by level 0, by its team, and by its project's."""
    with target.world() as world:
        actor = getattr(world, who)
        project = work(world, "project", team=team(actor))["id"]
        by_project = work(world, "task", hidden=True, projectId=project)["id"]
        by_task = work(world, "task", hidden=True, team=team(actor))["id"]
        for thing in (by_project, by_task):
            sees(actor, "task", thing)
            sees(world.admin, "task", thing)


@clause("FP-ACCESS-07")
def test_hidden_tasks_of_an_owner(target: Target) -> None:
    """A hidden task is seen by its owner where of level 100, and not by another."""
    with target.world() as world:
        project = work(world, "project")["id"]
        words = {"hidden": True, "projectId": project}
        sees(world.user, "task", new(world.user, "task", **words)["id"])
        for actor in (world.external, world.client):
            given = {**words, "ownerId": actor.number}
            misses(actor, "task", work(world, "task", **given)["id"])


@clause("FP-ACCESS-08")
@pytest.mark.parametrize("hidden", [True, False])
def test_clients_of_a_project(target: Target, hidden: bool) -> None:
    """A hidden task is not hidden from a client on the project's team."""
    with target.world() as world:
        words = {"team": team(world.client), "hidden": hidden}
        project = work(world, "project", **words)["id"]
        task = work(world, "task", projectId=project)["id"]
        world.admin.change("task", task, hidden=1).expect(200)
        sees(world.client, "task", task)


@clause("FP-ACCESS-09")
def test_tasks_of_hidden_projects(target: Target) -> None:
    """A task of a project that level 100 does not see: only its owner and team."""
    with target.world() as world:
        project = work(world, "project", hidden=True)["id"]
        words = {"projectId": project, "team": team(world.user)}
        task = work(world, "task", ownerId=world.user.number, projectId=project)["id"]
        sees(world.user, "task", task)
        misses(world.colleague, "task", task)
        other = work(world, "task", **words)["id"]
        sees(world.user, "task", other)
        misses(world.colleague, "task", other)


@clause("FP-ACCESS-10")
@pytest.mark.parametrize("who", OUTER)
def test_levels_150_and_200(target: Target, who: str) -> None:
    """150 and 200 see only what they, or for a task its project, are on the team of."""
    with target.world() as world:
        actor = getattr(world, who)
        mine = work(world, "project", team=team(actor))["id"]
        others = work(world, "project", ownerId=actor.number)["id"]
        sees(actor, "project", mine)
        misses(actor, "project", others)
        sees(actor, "task", work(world, "task", projectId=mine)["id"])
        sees(actor, "task", work(world, "task", team=team(actor))["id"])
        for project in (others, None):
            for owner in (actor, world.admin):
                words = {"projectId": project, "ownerId": owner.number}
                misses(actor, "task", work(world, "task", **words)["id"])


@clause("FP-ACCESS-10")
@pytest.mark.parametrize("who", OUTER)
def test_teams_of_other_tasks(target: Target, who: str) -> None:
    """Being on a task's team shows neither its parent, what is below, nor others."""
    with target.world() as world:
        actor = getattr(world, who)
        project = work(world, "project")["id"]
        words = {"projectId": project}
        top = work(world, "task", **words)["id"]
        mine = work(world, "task", parentId=top, team=team(actor), **words)["id"]
        below = work(world, "task", parentId=mine, **words)["id"]
        assert [*actor.listed("task")] == [mine]
        for task in (top, below):
            misses(actor, "task", task)


@clause("FP-ACCESS-11")
@pytest.mark.parametrize("who", ["user", "external", "client"])
def test_a_task_shows_no_project(target: Target, who: str) -> None:
    """Whoever is on a task's team only does not see the project by that."""
    with target.world() as world:
        actor = getattr(world, who)
        project = work(world, "project", hidden=True)["id"]
        words = {"projectId": project}
        sees(actor, "task", work(world, "task", team=team(actor), **words)["id"])
        misses(actor, "project", project)
        misses(actor, "task", work(world, "task", **words)["id"])


@clause("FP-ACCESS-12")
@pytest.mark.parametrize("who", ["user", "external", "client"])
def test_lists_count_what_is_seen(target: Target, who: str) -> None:
    """Lists have what the caller sees, and count and total nothing else."""
    with target.world() as world:
        actor = getattr(world, who)
        name = world.guid()
        seen = work(world, "project", name=name, team=team(actor))["id"]
        work(world, "project", name=name, hidden=True)
        for offset, found in ((0, [seen]), (1, [])):
            reply = actor.page("project", name=name, offset=offset, count=1)
            assert [item["id"] for item in entries(reply.expect(200))] == found
            assert (reply["count"], reply["total"]) == (len(found), 1)


@clause("FP-ACCESS-25")
@pytest.mark.parametrize("who", OUTER)
def test_groups_that_are_seen(target: Target, who: str) -> None:
    """Levels 150 and 200 see only the groups of projects that they see."""
    with target.world() as world:
        actor = getattr(world, who)
        mine, others, empty = (world.admin.made("group")["id"] for _ in "abc")
        work(world, "project", groupId=mine, team=team(actor))
        work(world, "project", groupId=others, ownerId=actor.number)
        work(world, "task", groupId=empty, team=team(actor))
        assert [*actor.listed("group")] == [mine]
        assert actor.shown("group", mine)["id"] == mine
        for group in (others, empty):
            actor.get("group", group).refused()
        for group in (mine, others, empty):
            world.user.shown("group", group)


@clause("FP-ACCESS-26")
@pytest.mark.parametrize("noun", WORK)
def test_changes_of_access_count_at_once(target: Target, noun: str) -> None:
    """A change of team, owner or hidden counts from the next request on."""
    with target.world() as world:
        thing = work(world, noun, hidden=True)["id"]
        admin, user, external = world.admin, world.user, world.external
        misses(user, noun, thing)
        for words, seen in (
            ({"team": team(user, external)}, (True, True)),
            ({"team": ""}, (False, False)),
            ({"ownerId": user.number}, (True, False)),
            ({"ownerId": admin.number}, (False, False)),
            ({"hidden": 0}, (True, False)),
            ({"hidden": 1}, (False, False)),
        ):
            admin.change(noun, thing, **words).expect(200)
            for actor, found in zip((user, external), seen, strict=True):
                (sees if found else misses)(actor, noun, thing)


@clause("FP-ACCESS-26")
def test_changes_of_level_count_at_once(target: Target) -> None:
    """A change of level counts from the next request on, in a session too."""
    with target.world() as world:
        thing = work(world, "project")["id"]
        who = newcomer(world, 150)
        for level, found in (
            ("100", True),
            ("200", False),
            ("0", True),
            ("150", False),
        ):
            world.admin.change("user", who.id, securityLevel=level).expect(200)
            (sees if found else misses)(who, "project", thing)
