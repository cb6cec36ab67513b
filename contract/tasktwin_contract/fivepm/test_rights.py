"""Levels 0, 100, 150 and 200: who adds, changes and removes what."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.failures import only
from tasktwin_contract.fivepm.cast import ACTORS, entries
from tasktwin_contract.fivepm.steps import (
    a_file,
    download,
    everything,
    new,
    newcomer,
)
from tasktwin_contract.target import Target, World

WORK = ("project", "task")
OTHERS = ("user", "colleague", "external", "client")
PEOPLE = st.sampled_from(ACTORS)


def on_team(world: World, noun: str, *actors: Actor, **fields: Any) -> str:
    """The id of a thing of the admin's, with that team. Raises `NotJudgedError`."""
    team = [actor.number for actor in actors]
    number: str = new(world.admin, noun, team=team, **fields)["id"]
    return number


def changes(actor: Actor, noun: str, number: str) -> None:
    """Demand that somebody changes and removes a thing."""
    actor.change(noun, number, description="changed").expect(200)
    assert actor.shown(noun, number)["description"] == "changed"
    actor.remove(noun, number).expect(200)


def leaves_alone(actor: Actor, noun: str, number: str) -> None:
    """Demand that somebody who sees a thing neither changes nor removes it: 403."""
    actor.get(noun, number).expect(200)
    before = everything(actor.world)
    actor.change(noun, number, description="changed").refused(403)
    actor.remove(noun, number).refused(403)
    assert everything(actor.world) == before


@clause("FP-ACCESS-13")
@pytest.mark.parametrize("noun", WORK)
def test_what_100_and_150_change(target: Target, noun: str) -> None:
    """Levels 100 and 150 change and remove what they own or are on the team of."""
    with target.world() as world:
        for actor in (world.user, world.external):
            changes(actor, noun, on_team(world, noun, actor))
        owned = {"ownerId": world.user.number}
        changes(world.user, noun, on_team(world, noun, world.colleague, **owned))


@clause("FP-ACCESS-13")
def test_what_150_owns(target: Target) -> None:
    """Level 150 changes a task that it owns, seen by the project's team."""
    with target.world() as world:
        external = world.external
        project = on_team(world, "project", external)
        words = {"projectId": project, "ownerId": external.number}
        changes(external, "task", new(world.admin, "task", **words)["id"])


@clause("FP-ACCESS-13")
@pytest.mark.parametrize("noun", WORK)
def test_what_100_does_not_change(target: Target, noun: str) -> None:
    """Level 100 changes nothing that it neither owns nor is on the team of."""
    with target.world() as world:
        leaves_alone(world.user, noun, on_team(world, noun, world.colleague))


@clause("FP-ACCESS-13")
@pytest.mark.parametrize("who", ["user", "external"])
def test_the_projects_team_changes_no_task(target: Target, who: str) -> None:
    """Being on the project's team, or its owner, is no right to change its tasks."""
    with target.world() as world:
        actor = getattr(world, who)
        owned = {"ownerId": world.user.number}
        project = on_team(world, "project", actor, **owned)
        task = on_team(world, "task", world.colleague, projectId=project)
        leaves_alone(actor, "task", task)


@clause("FP-ACCESS-14")
@pytest.mark.parametrize("noun", WORK)
@pytest.mark.parametrize("owner", ["admin", "client"])
def test_what_200_changes(target: Target, noun: str, owner: str) -> None:
    """Level 200 changes and removes no project and no task: 403."""
    with target.world() as world:
        owned = {"ownerId": getattr(world, owner).number}
        leaves_alone(world.client, noun, on_team(world, noun, world.client, **owned))


@clause("FP-ACCESS-15")
@given(
    noun=st.sampled_from(WORK),
    owner=PEOPLE,
    team=st.frozensets(PEOPLE, max_size=2),
    around=st.frozensets(PEOPLE, max_size=2),
)
def test_can_edit(
    target: Target, noun: str, owner: str, team: frozenset[str], around: frozenset[str]
) -> None:
    """can_edit says whether the caller may change the object."""
    with target.world() as world:
        people = [getattr(world, name) for name in sorted(around)]
        project = on_team(world, "project", *people)
        words = {"projectId": project} if noun == "task" else {}
        members = [getattr(world, name) for name in sorted(team)]
        owned = {"ownerId": getattr(world, owner).number}
        number = on_team(world, noun, *members, **owned, **words)
        for actor in (getattr(world, name) for name in ACTORS):
            _is_told_rightly(actor, noun, number)


def _is_told_rightly(actor: Actor, noun: str, number: str) -> None:
    reply = actor.get(noun, number)
    listed = actor.listed(noun)
    changed = actor.change(noun, number, description="changed")
    seen = reply.status == 200
    found = {200: True, 403: False}.get(changed.status) if seen else None
    assert (reply["can_edit"] if seen else None) is found
    assert listed.get(number, {}).get("can_edit") is found
    if changed.status == 200:
        assert changed["can_edit"] is True


@clause("FP-ACCESS-16")
@pytest.mark.parametrize("who", ACTORS)
def test_who_adds_projects(target: Target, who: str) -> None:
    """Levels 0 and 100 add projects; 150 and 200 are refused with 403."""
    with target.world() as world:
        actor = getattr(world, who)
        status = 200 if who in ("admin", "user", "colleague") else 403
        before = len(world.admin.listed("project"))
        words = {"name": "mine", "team": [actor.number]}
        actor.add("project", **words).expect(status)
        added = len(world.admin.listed("project")) - before
        assert added == int(status == 200)


@clause("FP-ACCESS-17")
def test_where_150_adds_tasks(target: Target) -> None:
    """Level 150 adds tasks only in projects on whose team it is: 403."""
    with target.world() as world:
        external = world.external
        mine = on_team(world, "project", external)
        external.add("task", name="mine", projectId=mine).expect(200)
        before = everything(world)
        external.add("task", name="mine").refused(403)
        others = on_team(world, "project", world.user, ownerId=external.number)
        external.add("task", name="mine", projectId=others).refused()
        world.admin.remove("project", others).arranged()
        assert everything(world) == before


@clause("FP-ACCESS-17")
@pytest.mark.parametrize("place", ["none", "project", "parent"])
def test_200_adds_no_tasks(target: Target, place: str) -> None:
    """Level 200 adds no tasks: 403."""
    with target.world() as world:
        project = on_team(world, "project", world.client)
        parent = on_team(world, "task", world.client, projectId=project)
        words = {"none": {}, "project": {"projectId": project}}
        sent = words.get(place, {"projectId": project, "parentId": parent})
        before = everything(world)
        world.client.add("task", name="mine", **sent).refused(403)
        assert everything(world) == before


@clause("FP-ACCESS-17")
@pytest.mark.parametrize("who", ["admin", "user"])
def test_who_adds_tasks_anywhere(target: Target, who: str) -> None:
    """Levels 0 and 100 add tasks to any project that they see, and to none."""
    with target.world() as world:
        actor = getattr(world, who)
        project = on_team(world, "project", world.colleague)
        actor.add("task", name="mine", projectId=project).expect(200)
        actor.add("task", name="mine").expect(200)


@clause("FP-ACCESS-18")
@pytest.mark.parametrize("noun", WORK)
@pytest.mark.parametrize("who", OTHERS)
def test_who_sees_activities(target: Target, noun: str, who: str) -> None:
    """An activity, and its files, are seen by whoever sees what they were posted to."""
    with target.world() as world:
        actor = getattr(world, who)
        mine, others = (
            on_team(world, noun, *people, hidden=True) for people in ([actor], [])
        )
        notes = [
            world.admin.made("activity", **{f"{noun}Id": thing}, notifyUsers=actor.id)
            for thing in (mine, others)
        ]
        seen, unseen = (note["id"] for note in notes)
        files = [world.admin.attached(n, a_file())[0]["id"] for n in (seen, unseen)]
        actor.shown("activity", seen)
        assert download(actor, files[0]).expect(200).body == a_file().data
        actor.get("activity", unseen).refused()
        download(actor, files[1]).refused()
        assert [*actor.listed("activity")] == [seen]
        assert [*actor.listed("file")] == [files[0]]
        assert not actor.listed("file", activityId=unseen)
        assert not actor.listed("activity", **{f"{noun}Id": others})


@clause("FP-ACCESS-19")
@pytest.mark.parametrize("noun", WORK)
@pytest.mark.parametrize("who", OTHERS)
def test_who_posts(target: Target, noun: str, who: str) -> None:
    """Whoever sees a task or a project may post to it."""
    with target.world() as world:
        actor = getattr(world, who)
        seen, unseen = (
            on_team(world, noun, *people, hidden=True) for people in ([actor], [])
        )
        made = actor.add("activity", type="msg", **{f"{noun}Id": seen}).expect(200)
        assert world.admin.shown("activity", made["id"])["ownerId"] == actor.number
        before = everything(world)
        actor.add("activity", type="msg", **{f"{noun}Id": unseen}).refused()
        assert everything(world) == before


@clause("FP-ACCESS-19")
@pytest.mark.parametrize("who", OTHERS)
def test_who_reports_progress(target: Target, who: str) -> None:
    """Progress is only for those who may change the task: 403."""
    with target.world() as world:
        actor = getattr(world, who)
        project = on_team(world, "project", actor)
        mine = on_team(world, "task", actor, projectId=project)
        others = on_team(world, "task", projectId=project)
        words = {"type": "progress", "progress": 100, "hoursDone": 2}
        status = 403 if who == "client" else 200
        actor.add("activity", taskId=mine, **words).expect(status)
        before = everything(world)
        actor.add("activity", taskId=others, **words).refused(403)
        assert everything(world) == before
        actor.add("activity", taskId=others, type="msg").expect(200)


@clause("FP-ACCESS-20")
@pytest.mark.parametrize("who", OTHERS)
def test_who_changes_activities(target: Target, who: str) -> None:
    """An activity is changed and removed by level 0 and by its owner only: 403."""
    with target.world() as world:
        actor = getattr(world, who)
        other = world.colleague if who != "colleague" else world.user
        task = on_team(world, "task", actor, other, ownerId=actor.number)
        mine, others = (
            one.made("activity", taskId=task)["id"] for one in (actor, other)
        )
        file = other.attached(others, a_file())[0]["id"]
        before = everything(world)
        actor.change("activity", others, text="changed").refused(403)
        actor.remove("activity", others).refused(403)
        actor.attach(others, a_file()).refused(403)
        actor.call("activityRemoveFile", id=file).refused(403)
        assert everything(world) == before
        own = only(entries(actor.attach(mine, a_file()).expect(200)))
        actor.change("activity", mine, text="changed").expect(200)
        actor.call("activityRemoveFile", id=own["id"]).expect(200)
        actor.remove("activity", mine).expect(200)
        world.admin.call("activityRemoveFile", id=file).expect(200)
        world.admin.attach(others, a_file()).expect(200)
        world.admin.change("activity", others, text="changed").expect(200)
        world.admin.remove("activity", others).expect(200)


@clause("FP-ACCESS-21")
@pytest.mark.parametrize("who", OTHERS)
def test_who_manages_users(target: Target, who: str) -> None:
    """Users are added, changed and removed by level 0 only: 403."""
    with target.world() as world:
        actor = getattr(world, who)
        other = new(world.admin, "user")["id"]
        before = everything(world)
        actor.add("user", firstName="Mine").refused(403)
        for number in (other, actor.id):
            actor.change("user", number, lastName="Mine").refused(403)
            actor.change("user", number, securityLevel="0").refused(403)
            actor.remove("user", number).refused(403)
        assert everything(world) == before


@clause("FP-ACCESS-22", "FP-ACCESS-23")
@pytest.mark.parametrize("level", [100, 150, 200])
def test_who_sees_profiles(target: Target, level: int) -> None:
    """Whoever has canViewProfiles sees other profiles, whoever lacks it their own."""
    with target.world() as world:
        other = world.colleague
        for allowed in (True, False):
            actor = newcomer(world, level, canViewProfiles=allowed)
            status = 200 if allowed else 403
            with judging("FP-ACCESS-22" if allowed else "FP-ACCESS-23"):
                actor.get("user", other.id).expect(status)
                actor.call("usersGetByEmail", email=other.email).expect(status)
                listed = actor.listed("user")
                assert (other.id in listed) is allowed
                assert allowed or [*listed] == [actor.id]
            assert actor.shown("user", actor.id)["email"] == actor.email
            mine = actor.call("usersGetByEmail", email=actor.email)
            assert mine.expect(200)["id"] == actor.id


@clause("FP-ACCESS-23")
@pytest.mark.parametrize("level", [100, 200])
def test_lists_of_who_sees_no_profiles(target: Target, level: int) -> None:
    """Whoever lacks canViewProfiles is not told how many others there are."""
    with target.world() as world:
        actor = newcomer(world, level, canViewProfiles=False)
        reply = actor.page("user").expect(200)
        assert (reply["count"], reply["total"]) == (1, 1)
        who = actor.call("authenticationGetAuthorizedUser").expect(200)
        assert who["id"] == actor.id


@clause("FP-ACCESS-23")
def test_level_0_sees_all_profiles(target: Target) -> None:
    """Level 0 sees every profile, with canViewProfiles or without."""
    with target.world() as world:
        actor = newcomer(world, 0, canViewProfiles=False)
        actor.shown("user", world.client.id)
        assert actor.listed("user").keys() == world.admin.listed("user").keys()


@clause("FP-ACCESS-22", "FP-ACCESS-23")
def test_losing_the_sight_of_profiles(target: Target) -> None:
    """A change of canViewProfiles counts from the next request on."""
    with target.world() as world:
        actor = newcomer(world)
        for allowed in (False, True, False):
            world.admin.change("user", actor.id, canViewProfiles=allowed).expect(200)
            with judging("FP-ACCESS-22" if allowed else "FP-ACCESS-23"):
                actor.get("user", world.client.id).expect(200 if allowed else 403)


@clause("FP-ACCESS-24")
@pytest.mark.parametrize("who", OTHERS)
def test_who_manages_groups(target: Target, who: str) -> None:
    """Groups are added, changed and removed by level 0 only: 403."""
    with target.world() as world:
        actor = getattr(world, who)
        group = new(world.admin, "group")["id"]
        on_team(world, "project", actor, groupId=group)
        actor.shown("group", group)
        before = everything(world)
        actor.add("group", name="mine").refused(403)
        actor.change("group", group, name="mine").refused(403)
        actor.remove("group", group).refused(403)
        assert everything(world) == before
