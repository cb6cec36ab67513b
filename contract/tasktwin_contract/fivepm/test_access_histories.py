"""Histories by everybody, against an oracle of who sees and who changes what."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, invariant, multiple, rule
from hypothesis.strategies import SearchStrategy

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.fivepm.cast import ACTORS, LEVELS, entries
from tasktwin_contract.fivepm.rights import CLIENT, EXTERNAL, USER, Company, Note, Work
from tasktwin_contract.machine import WorldMachine, play
from tasktwin_contract.target import Target, World

PEOPLE = st.sampled_from(ACTORS)
OTHERS = [name for name in ACTORS if name != "admin"]
TEAMS = st.frozensets(st.sampled_from(OTHERS), max_size=2)
NOUNS = ("project", "task", "activity")
KINDS = st.sampled_from(("msg", "progress"))
Thing = tuple[str, str]


def numbers(world: World, team: frozenset[str]) -> list[int]:
    """The ids of people."""
    return [getattr(world, name).number for name in sorted(team)]


def looks(actor: Actor, who: str, company: Company) -> None:
    """Demand that lists hold what somebody sees, and say what they may change."""
    for noun in NOUNS:
        reply = actor.page(noun).expect(200)
        expected = sorted(company.seen(who, noun), key=lambda n: (len(n), n))
        assert [item["id"] for item in entries(reply)] == expected, f"{who}: {noun}"
        told = (reply["count"], reply["total"])
        assert told == (len(expected), len(expected)), f"{who}: {noun}"
        if noun != "activity":
            shown = {item["id"]: item["can_edit"] for item in entries(reply)}
            allowed = {n: company.changes(who, noun, n) for n in expected}
            assert shown == allowed, f"{who} may change these {noun}s"


class Teamwork(WorldMachine):
    """Everybody adds, changes, removes and posts."""

    works = Bundle("works")
    notes = Bundle("notes")

    def settle(self) -> None:
        """Start with nothing."""
        self.company = Company()
        self.turn = 0
        self.texts = 0

    def actor(self, who: str) -> Any:
        """Somebody of the cast."""
        return getattr(self.world, who)

    @rule(target=works, who=PEOPLE, team=TEAMS, hidden=st.booleans())
    def add_project(self, who: str, team: frozenset[str], hidden: bool) -> Any:
        """Add a project."""
        people = numbers(self.world, team)
        reply = self.actor(who).add("project", name="p", team=people, hidden=hidden)
        if self.company.levels[who] > USER:
            reply.refused(403)
            return multiple()
        number = str(reply.expect(200)["id"])
        self.company.projects[number] = Work(who, team, hidden)
        return "project", number

    @rule(target=works, who=PEOPLE, on=works, team=TEAMS, hidden=st.booleans())
    def add_task(self, who: str, on: Thing, team: frozenset[str], hidden: bool) -> Any:
        """Add a task to a project."""
        noun, project = on
        if noun != "project" or project not in self.company.projects:
            return self._added_task(who, None, team, hidden)
        return self._added_task(who, project, team, hidden)

    @rule(target=works, who=PEOPLE, team=TEAMS, hidden=st.booleans())
    def add_task_alone(self, who: str, team: frozenset[str], hidden: bool) -> Any:
        """Add a task to no project."""
        return self._added_task(who, None, team, hidden)

    def _added_task(
        self, who: str, project: str | None, team: frozenset[str], hidden: bool
    ) -> Any:
        people = numbers(self.world, team)
        words = {"projectId": project, "team": people, "hidden": hidden}
        reply = self.actor(who).add("task", name="t", **words)
        level = self.company.levels[who]
        unseen = project is not None and not self.company.sees(who, "project", project)
        if unseen:
            reply.refused()
            return multiple()
        if level == CLIENT or (level == EXTERNAL and project is None):
            reply.refused(403)
            return multiple()
        number = str(reply.expect(200)["id"])
        self.company.tasks[number] = Work(who, team, hidden, project)
        return "task", number

    @rule(who=PEOPLE, thing=works, team=TEAMS)
    def choose_team(self, who: str, thing: Thing, team: frozenset[str]) -> None:
        """Give a thing another team."""
        self._change(who, thing, {"team": numbers(self.world, team)}, team=team)

    @rule(who=PEOPLE, thing=works, hidden=st.booleans())
    def hide(self, who: str, thing: Thing, hidden: bool) -> None:
        """Hide a thing, or show it."""
        self._change(who, thing, {"hidden": hidden}, hidden=hidden)

    @rule(who=PEOPLE, thing=works, owner=PEOPLE)
    def give_away(self, who: str, thing: Thing, owner: str) -> None:
        """Give a thing another owner."""
        self._change(who, thing, {"ownerId": self.actor(owner).number}, owner=owner)

    def _change(
        self, who: str, thing: Thing, sent: dict[str, Any], **facts: Any
    ) -> None:
        noun, number = thing
        if not self._is_there(who, noun, number):
            return
        status = self.company.status(who, noun, number)
        self.actor(who).change(noun, number, **sent).expect(status)
        if status == 200:
            things = self.company.all(noun)
            things[number] = replace(things[number], **facts)

    def _is_there(self, who: str, noun: str, number: str) -> bool:
        """Whether something is there still; what has gone is found by nobody."""
        company = self.company
        there = company.notes if noun == "activity" else company.all(noun)
        if number not in there:
            self.actor(who).get(noun, number).refused(404)
        return number in there

    @rule(who=PEOPLE, thing=works)
    def remove(self, who: str, thing: Thing) -> None:
        """Remove a thing."""
        self._remove(who, *thing)

    def _remove(self, who: str, noun: str, number: str) -> None:
        if not self._is_there(who, noun, number):
            return
        status = self.company.status(who, noun, number)
        self.actor(who).remove(noun, number).expect(status)
        if status == 200:
            self.company.remove(noun, number)

    @rule(target=notes, who=PEOPLE, thing=works, kind=KINDS, hide=st.booleans())
    def post(self, who: str, thing: Thing, kind: str, hide: bool) -> Any:
        """Post an activity."""
        noun, number = thing
        if not self._is_there(who, noun, number):
            return multiple()
        kind = kind if noun == "task" else "msg"
        words = {"type": kind, f"{noun}Id": number, "hideFromClients": hide}
        reply = self.actor(who).add("activity", **words)
        company = self.company
        if not company.sees(who, noun, number):
            reply.refused(404)
            return multiple()
        if kind == "progress" and not company.changes(who, noun, number):
            reply.refused(403)
            return multiple()
        made = reply.expect(200)
        kept = hide and kind != "progress" and company.levels[who] != CLIENT
        assert made["hideFromClients"] is kept
        company.notes[made["id"]] = Note(who, noun, number, kept)
        return "activity", made["id"]

    @rule(who=PEOPLE, note=notes)
    def reword(self, who: str, note: Thing) -> None:
        """Change an activity's text."""
        noun, number = note
        if self._is_there(who, noun, number):
            self.texts += 1
            status = self.company.status(who, noun, number)
            text = f"text {self.texts}"
            self.actor(who).change(noun, number, text=text).expect(status)

    @rule(who=PEOPLE, note=notes)
    def take_back(self, who: str, note: Thing) -> None:
        """Remove an activity."""
        self._remove(who, *note)

    @rule(who=st.sampled_from(OTHERS), level=st.sampled_from((0, 100, 150, 200)))
    def promote(self, who: str, level: int) -> None:
        """Have the admin give somebody another level."""
        number = self.actor(who).id
        self.world.admin.change("user", number, securityLevel=level).expect(200)
        self.company.levels[who] = level

    @rule(who=PEOPLE, thing=works | notes)
    def look_closely(self, who: str, thing: Thing) -> None:
        """Look at one thing."""
        noun, number = thing
        if not self._is_there(who, noun, number):
            return
        reply = self.actor(who).get(noun, number)
        if not self.company.sees(who, noun, number):
            reply.refused(404)
            return
        told = reply.expect(200)
        if noun != "activity":
            assert told["can_edit"] is self.company.changes(who, noun, number)

    @invariant()
    def somebody_looks(self) -> None:
        """What one after the other sees is what they are to see."""
        self.turn += 1
        who = ACTORS[self.turn % len(ACTORS)]
        looks(self.actor(who), who, self.company)


@clause("FP-ACCESS-12")
def test_histories_by_everybody(target: Target) -> None:
    """After any history by everybody lists have what the caller sees, and no more."""
    play(Teamwork, target)


def works(project: bool) -> SearchStrategy[dict[str, Any]]:
    """What a project or task is made of, its project by its number."""
    return st.fixed_dictionaries(
        {
            "owner": PEOPLE,
            "team": TEAMS,
            "hidden": st.booleans(),
            "project": st.none() | st.integers(0, 1) if not project else st.none(),
        }
    )


@clause("FP-ACCESS-12")
@given(
    projects=st.lists(works(project=True), min_size=2, max_size=2),
    tasks=st.lists(works(project=False), min_size=3, max_size=5),
    hidden=st.lists(st.booleans(), min_size=7, max_size=7),
)
def test_lists_of_everybody(
    target: Target,
    projects: list[dict[str, Any]],
    tasks: list[dict[str, Any]],
    hidden: list[bool],
) -> None:
    """Lists have what the caller sees, and count and total nothing else."""
    with target.world() as world:
        company = Company()
        for noun, rows in (("project", projects), ("task", tasks)):
            for row in rows:
                _plant(world, company, noun, row)
        _talk(world, company, hidden)
        for who in LEVELS:
            looks(getattr(world, who), who, company)


def _plant(world: World, company: Company, noun: str, row: dict[str, Any]) -> None:
    place = row["project"]
    project = None if place is None else [*company.projects][place]
    made = world.admin.made(
        noun,
        ownerId=getattr(world, row["owner"]).number,
        team=numbers(world, row["team"]),
        hidden=row["hidden"],
        projectId=project,
    )
    work = Work(row["owner"], row["team"], row["hidden"], project)
    company.all(noun)[made["id"]] = work


def _talk(world: World, company: Company, hidden: list[bool]) -> None:
    """Post a message to each thing."""
    things = [(noun, number) for noun in NOUNS[:2] for number in company.all(noun)]
    for (noun, number), kept in zip(things, hidden, strict=False):
        words = {f"{noun}Id": number, "hideFromClients": kept}
        made = world.admin.made("activity", **words)
        company.notes[made["id"]] = Note("admin", noun, number, kept)
