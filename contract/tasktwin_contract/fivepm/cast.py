"""The people whom tests of 5pm know, and what they do to prepare a test."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, Self

from tasktwin_contract import actors
from tasktwin_contract.clauses import judging
from tasktwin_contract.failures import ClauseBrokenError, NotJudgedError
from tasktwin_contract.reply import Object, Reply
from tasktwin_contract.wire import File, Pairs

ACTORS = ("admin", "user", "colleague", "external", "client")
"""In the order in which one of them stands in where there is no admin."""

KEYS = ("login", "password")
"""What it takes to be one of them."""

LEVELS = {"admin": 0, "user": 100, "colleague": 100, "external": 150, "client": 200}

FORMS = ("xml", "json")

CONTROLLERS = {
    "project": "projects",
    "task": "tasks",
    "user": "users",
    "activity": "activity",
    "group": "projectsgroups",
}
LISTS = {
    "project": "projectsGetList",
    "task": "tasksGetList",
    "user": "usersGetAll",
    "activity": "activityGetList",
    "group": "projectsgroupsGetAll",
    "file": "activityGetFilesList",
}
PLAIN: Mapping[str, Mapping[str, Any]] = {
    "project": {"name": "prepared"},
    "task": {"name": "prepared"},
    "user": {"firstName": "Prepared"},
    "activity": {"type": "msg"},
    "group": {"name": "prepared"},
}


@dataclass(frozen=True, repr=False)
class Actor(actors.Actor):
    """Somebody with projects and tasks.

    `form` is the form of answers that is asked for, xml or json; where it is None they
    take turns, so that whatever a test looks at is looked at in both. A live server is
    asked for JSON, in which what is not the run's own can be left out of its lists.
    """

    form: str | None = None

    def call(self, operation_id: str, /, **parameters: Any) -> Reply:
        """Call an operation, and ask for an answer in the actor's form."""
        return super().call(operation_id, **{"retType": self._form, **parameters})

    @property
    def _form(self) -> str:
        turn = self.world.seed + len(self.world.history)
        own = self.world.target.own
        return self.form or (FORMS[turn % len(FORMS)] if own else "json")

    @property
    def carried(self) -> tuple[Pairs, Pairs]:
        """How the actor says who it is; `session_by="password"` is without session."""
        if self.session_by != "password":
            return super().carried
        return (), (("login", self.login), ("password", self.password))

    def signed_in(self) -> Self:
        """The same person with a session of its own. Raises `NotJudgedError`."""
        reply = self.world.nobody.call(
            "authenticationSignIn", login=self.login, password=self.password
        )
        return self.with_session(str(reply.arranged()["sessionId"]))

    def add(self, noun: str, /, **fields: Any) -> Reply:
        """Call add with just these attributes."""
        return self.call(f"{CONTROLLERS[noun]}Add", **bracketed(noun, fields))

    def change(self, noun: str, number: object, /, **fields: Any) -> Reply:
        """Call update for what has that id."""
        named = bracketed(noun, {"id": str(number), **fields})
        return self.call(f"{CONTROLLERS[noun]}Update", **named)

    def remove(self, noun: str, number: object) -> Reply:
        """Call remove for what has that id."""
        return self.call(f"{CONTROLLERS[noun]}Remove", id=str(number))

    def get(self, noun: str, number: object) -> Reply:
        """Call getById."""
        return self.call(f"{CONTROLLERS[noun]}GetById", id=str(number))

    def page(self, noun: str, /, **words: Any) -> Reply:
        """Call the list of such things; what is no word of paging is a filter."""
        return self.call(LISTS[noun], **filtered(words))

    def attach(self, activity: object, /, *files: File) -> Reply:
        """Call attachFiles with the names that the files have."""
        return self.call("activityAttachFiles", activityId=activity, **parts(*files))

    def made(self, noun: str, /, **fields: Any) -> Object:
        """What add makes of these attributes. Raises `NotJudgedError`."""
        reply = self.add(noun, **{**PLAIN[noun], **fields}).arranged()
        if not str(reply["id"]).isdecimal():
            raise NotJudgedError(f"what was added has no id: {reply.summary}")
        return _object(reply)

    def stored(self, noun: str, number: object) -> Object:
        """What has that id. Raises `NotJudgedError` where it is not answered."""
        return _object(self.get(noun, number).arranged())

    def shown(self, noun: str, number: object) -> Object:
        """What has that id. Demands that it is answered."""
        return _object(self.get(noun, number).expect(200))

    def listed(self, noun: str, /, **words: Any) -> "Listed":
        """What the list holds, by id. Demands that it is answered."""
        return Listed(entries(self.page(noun, **words).expect(200)))

    def all_projects(self) -> "Listed":
        """Every project, by id. Demands that getAll answers them."""
        return Listed(entries(self.call("projectsGetAll").expect(200)))

    def attached(self, activity: object, /, *files: File) -> list[Object]:
        """What attaching answers. Raises `NotJudgedError`."""
        return entries(self.attach(activity, *files).arranged())


class Listed(dict[str, Object]):
    """What a list holds, by id."""

    def __init__(self, items: Iterable[Object]) -> None:
        super().__init__({item["id"]: item for item in items})

    def __missing__(self, number: str) -> NoReturn:
        raise ClauseBrokenError(f"{number} in the list", f"{[*self]}")


def entries(reply: Reply) -> list[Object]:
    """The objects that a list holds, in its order."""
    with judging("FP-LIST-01"):
        items = reply["items"]
        if not isinstance(items, list) or any(not isinstance(i, dict) for i in items):
            raise ClauseBrokenError("a list of objects", reply.summary)
    return [Object(one) for one in items]


def _object(reply: Reply) -> Object:
    if not isinstance(reply.data, dict):
        raise ClauseBrokenError("an object", reply.summary)
    return Object(reply.data)


def bracketed(noun: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as they are named in a request."""
    return {f"{noun}[{name}]": value for name, value in fields.items()}


PAGING = ("offset", "count", "loadTeam", "withFiles", "withNames", "retType")


def filtered(words: Mapping[str, Any]) -> dict[str, Any]:
    """Words of a list as they are named in a request."""
    return {
        name if name in PAGING else f"filter[{name}]": value
        for name, value in words.items()
    }


def parts(*files: File, start: int = 1, step: int = 1) -> dict[str, Any]:
    """Files as attachFiles takes them, numbered from `start` on."""
    found: dict[str, Any] = {}
    for index, file in enumerate(files):
        number = start + index * step
        found[f"files[{number}][name]"] = file.name
        found[f"files[{number}][file]"] = File(file.data, "part", file.media_type)
    return found
