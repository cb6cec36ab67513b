"""Histories of preferences, against a plain dictionary."""

import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from tasktwin_contract.actors import Actor
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask import raw
from tasktwin_contract.hitask.preferences import (
    KNOWN,
    PREFIXES,
    SHARING,
    Kept,
    agree,
    as_texts,
    differences,
    entries,
    known,
    new,
    old,
    read,
    shown_as,
    write,
)
from tasktwin_contract.hitask.values import LEAST, MOST
from tasktwin_contract.machine import WorldMachine, play
from tasktwin_contract.strategies import titles
from tasktwin_contract.target import Target

names = st.sampled_from([*SHARING, "time_format", "language", "zz.own", "zz.other"])
texts_of_lists = st.sets(st.sampled_from(SHARING))
places = st.sampled_from(raw.BODIES)
prefixes = st.sampled_from(PREFIXES)
VIEWS = (new, old)
# Texts that a careless server takes for something else.
LOOKALIKES = ("", " a ", "0", "01", "true", "null", "[]", "[7]", '{"a": 1}', '"a"', "é")
PEOPLE = ("owner", "personal", "member")
writers = st.sampled_from(PEOPLE[:2])
# Only those that everybody writes alike.
values = (
    st.booleans() | st.integers(LEAST, MOST) | st.integers(-99, 99).map((0.25).__mul__)
)
refused = st.sampled_from(
    [{"zz.own": []}, {"time_format": {}}, {SHARING[0]: "no list"}, {SHARING[1]: 7}]
)


def some() -> st.SearchStrategy[Kept]:
    """Preferences of all kinds, the three as lists."""
    texts = st.sampled_from(LOOKALIKES) | titles(10)
    shared = st.tuples(st.sampled_from(SHARING), entries())
    plain = st.sampled_from([(key, v) for key in KNOWN for v in KNOWN[key]])
    own = st.tuples(st.sampled_from(["zz.own", "zz.other"]), texts)
    return st.lists(shared | plain | own, max_size=4).map(dict)


class TwoViews(WorldMachine):
    """One user who writes in both formats."""

    def settle(self) -> None:
        """Start with what the user has."""
        self.owner = self.world.owner

    @rule(sent=some())
    def write_the_new_format(self, sent: Kept) -> None:
        """Write with the three as lists."""
        write(self.owner, sent).arranged()

    @rule(sent=some())
    def write_the_old_format(self, sent: Kept) -> None:
        """Write with the three as texts, at the path of the old format."""
        write(self.owner.using(prefix="/v6"), as_texts(sent)).arranged()

    @rule(sent=some())
    def write_a_form(self, sent: Kept) -> None:
        """Write a form."""
        write(self.owner, as_texts(sent), "form").arranged()

    @rule()
    def write_back_the_old_view(self) -> None:
        """Write all that the old format answers, as it stands there."""
        write(self.owner.using(prefix="/v6"), old(self.owner)).arranged()

    @rule()
    def write_back_the_new_view(self) -> None:
        """Write all that the new format answers, as it stands there."""
        write(self.owner, new(self.owner)).arranged()


class TwoViewsOfLists(TwoViews):
    """The three sharing preferences."""

    @invariant()
    def the_same_lists(self) -> None:
        """What the old format has as text is what the new one has as a list."""
        lists, texts = new(self.owner), read(old(self.owner))
        for key in SHARING:
            one, other = lists.get(key), texts.get(key)
            assert one == other, f"{key} is {one!r} and the text of {other!r}"


class TwoViewsOfTheRest(TwoViews):
    """All other preferences, an empty one among them from the start."""

    def settle(self) -> None:
        """Start with an empty one."""
        super().settle()
        write(self.owner, {"zz": ""}).arranged()

    @invariant()
    def the_same_values(self) -> None:
        """Both formats have the same keys with the same values."""
        one, other = (
            {
                key: value
                for key, value in view(self.owner).items()
                if key not in SHARING
            }
            for view in VIEWS
        )
        wrong = differences(one, other)
        assert not wrong, f"both formats differ in {wrong}: {one} and {other}"


class Preferences(WorldMachine):
    """Two users of three write whatever can be written, in any version and encoding."""

    def settle(self) -> None:
        """Start with what each has."""
        self.models = {who: new(self.actor(who)) for who in PEOPLE}

    def actor(self, who: str) -> Actor:
        """The person of that name."""
        actor: Actor = getattr(self.world, who)
        return actor

    @rule(who=writers, sent=some(), texts=texts_of_lists, place=places, prefix=prefixes)
    def write(
        self, who: str, sent: Kept, texts: set[str], place: str, prefix: str
    ) -> None:
        """Write some, the three as lists or as texts."""
        self._write(who, as_texts(sent, texts), sent, place, prefix)

    @rule(who=writers, name=names, value=values, prefix=prefixes)
    def write_a_value(self, who: str, name: str, value: Any, prefix: str) -> None:
        """Write a number or a boolean, which is refused for one of the three."""
        if name in SHARING:
            write(self.actor(who), {name: value}).refused(400, 102)
            return
        self._write(who, {name: value}, {name: json.dumps(value)}, "json", prefix)

    @rule(who=writers, name=names, place=places, prefix=prefixes)
    def write_an_empty_text(self, who: str, name: str, place: str, prefix: str) -> None:
        """Write an empty text, which is the empty list for one of the three."""
        kept: Kept = {name: [] if name in SHARING else ""}
        self._write(who, {name: ""}, kept, place, prefix)

    @rule(who=writers, name=names, sent=known(), prefix=prefixes)
    def write_null(self, who: str, name: str, sent: Kept, prefix: str) -> None:
        """Write null among others."""
        rest = {key: value for key, value in sent.items() if key != name}
        self._write(who, {name: None, **rest}, rest, "json", prefix)

    @rule(who=writers, sent=some(), wrong=refused, prefix=prefixes)
    def write_what_is_wrong(
        self, who: str, sent: Kept, wrong: Kept, prefix: str
    ) -> None:
        """Write something wrong among others; nothing is stored."""
        actor = self.actor(who).using(prefix=prefix)
        write(actor, {**sent, **wrong}).refused(400, 102)

    @rule(who=st.sampled_from(PEOPLE), prefix=prefixes)
    def read(self, who: str, prefix: str) -> None:
        """Read in any version; the third has what there was."""
        shown = shown_as(prefix, new(self.actor(who).using(prefix=prefix)))
        agree(shown, self.models[who], f"to {who} at /api{prefix}")

    @invariant()
    def the_store_is_the_model(self) -> None:
        """The two users have what they wrote; other tests read the other format."""
        for who in PEOPLE[:2]:
            agree(new(self.actor(who)), self.models[who], f"to {who}")

    def _write(self, who: str, sent: Kept, kept: Kept, place: str, prefix: str) -> None:
        """Send `sent`, of which `kept` has to be kept."""
        model = self.models[who]
        reply = write(self.actor(who).using(prefix=prefix), sent, place).expect(200)
        model |= kept
        agree(shown_as(prefix, reply.data), model)


@clause("HT-PREF-20")
def test_two_views_of_lists(target: Target) -> None:
    """The parsed text of the old format equals the value of the new one, always."""
    play(TwoViewsOfLists, target)


@clause("HT-PREF-21")
def test_two_views_of_the_rest(target: Target) -> None:
    """For all other preferences both formats have the same keys and values."""
    play(TwoViewsOfTheRest, target)


@clause("HT-PREF-28")
def test_histories_of_preferences(target: Target) -> None:
    """After any history each version answers what a plain dictionary predicts."""
    play(Preferences, target)
