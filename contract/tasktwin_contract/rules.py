"""What the operations of an API touch, as data.

Each suite has a table `RULES` in its module `touches`. By it a live server is kept from
harm: a call that the table does not know, or whose parameters name what the run did not
make, is never sent there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

PERSON = "person"


@dataclass(frozen=True)
class Names:
    """What a parameter names: things of `kind`, by their ids or keys.

    Where its value is a list of objects, `within` is the key of each that names one.
    With `harmless`, a pattern of what names nobody, people are named by what they are
    called, a login or an address, and not by their ids.
    """

    kind: str
    within: str | None = None
    harmless: str | None = None


@dataclass(frozen=True)
class Rule:
    """What one operation touches.

    `names` are the parameters that name things, `makes` the kind of thing that it
    makes, `keyed` whether the client chooses its key. `marks` is the parameter that
    carries the run's mark, `words` one with a list of words that carry it too, each by
    itself. `needs` are what has to be lent for it, as clauses have
    them. `removes` says that what it names has gone after a success,
    `hides` that it may no longer be found, though it is there.
    """

    names: Mapping[str, Names] = field(default_factory=dict)
    makes: str | None = None
    keyed: bool = True
    marks: str | None = None
    words: str | None = None
    needs: tuple[str, ...] = ()
    removes: bool = False
    hides: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of thing that tests make.

    `key` is the parameter, and the field, with the key that the client chooses, None
    where the server alone does; `mark` the field that can carry the run's mark.
    `listing` is the operation that lists such things, `removal` the one that removes
    one, named by `removed_by`, and `revival` brings back what was hidden; None where
    such things go with others. Those that are `implied` come with others as well, so
    that what is listed with the run's mark is its own. `above` are the fields that name
    what a thing hangs on, `owner` the field with its owner's id, where it has one.
    Things of `people` are what somebody is to another: their key is an address, tests
    see the run's actors among them, and whoever is of the same team is never made nor
    removed. What is `mutual` the other one has as well.
    """

    key: str | None = None
    mark: str | None = None
    listing: str | None = None
    removal: str | None = None
    removed_by: str = "id"
    revival: str | None = None
    implied: bool = False
    above: tuple[str, ...] = ()
    owner: str | None = None
    people: bool = False
    mutual: bool = False


@dataclass(frozen=True)
class Account:
    """What of an actor's account `write` changes, and `read` tells beforehand.

    `fields` are the parameters of `write` and what `read` calls them; without it the
    whole object that `read` answers is what `write` takes. `login` is the parameter
    that changes by what the actor signs in. Where `write` cannot put things back,
    `undo` is the operation that does, unless `read` told of them as in `lasting`.
    """

    read: str
    write: str
    fields: Mapping[str, str] | None = None
    login: str | None = None
    undo: str | None = None
    lasting: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Rules:
    """What a suite says of its API to those who go about a live server.

    `lists` are the operations whose answers hold things, by the kind; of them tests see
    what their own world made, and those for which `common` has a field of that value.
    `sign_in`, which answers a `session`, and `sign_out` touch sessions of the run's
    own; None where there are but tokens. `probe` asks who a session belongs to.
    `version` is what may stand before the path of an operation. Answers with a status
    of `limits` or a code of `limit_codes` tell of limits and of what stands in between.
    `administrator` is the actor who may do all that a team's members may not.
    `nowhere` are ids that nothing has. `retired` is the code that says that a
    deprecated operation is served no more. `unique` are the parameters whose values
    nobody else may have, by the code that refuses one in use; in `unique_in_team` those
    that only the `team` shares, which these actors are. Where lists have an envelope,
    their things stand in its `entries`.
    """

    kinds: Mapping[str, Kind]
    operations: Mapping[str, Rule]
    lists: Mapping[str, str]
    common: Mapping[str, Mapping[str, object]]
    accounts: tuple[Account, ...]
    sign_in: str | None
    sign_out: str | None
    probe: str
    version: str
    limits: frozenset[int]
    limit_codes: frozenset[int]
    nowhere: frozenset[str]
    retired: int | None
    unique: Mapping[int, str]
    unique_in_team: frozenset[str]
    team: frozenset[str]
    cursor: str | None = None
    session: str = "session_id"
    entries: str | None = None
    administrator: str = "owner"

    def listed(self, data: Any) -> Any:
        """What an answer lists, out of its envelope; all of it where it has none."""
        if self.entries is None or not isinstance(data, dict):
            return data
        return data.get(self.entries, data)


@cache
def rules_of(api: str) -> Rules:
    """The rules of an API's suite."""
    rules: Rules = import_module(f"tasktwin_contract.{api}.touches").RULES
    return rules
