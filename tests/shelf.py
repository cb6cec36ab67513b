"""In each API a kind of thing with a name, as its people make, rename and list it."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from tasktwin_contract.actors import Actor
from tasktwin_contract.wire import File, Request
from tasktwin_schemas import operations

Ask = Callable[..., Any]


class Desk:
    """What an actor needs of a world to write a request."""

    def __init__(self, api: str, name: str) -> None:
        self.api, self.prefix = api, f"/~{name}"


class Shelf:
    """Things of one API in one world.

    `ask` calls an operation, by its id and parameters, as the `owner`, and answers its
    data. The `guest` is somebody else; `looking` is a call for which one has to be
    signed in, `leaving` what ends a session, where there are such.
    """

    api, owner, guest = "", "", ""
    looking, leaving = "", ""
    removes = True
    files_are_things = False

    def __init__(self, ask: Ask) -> None:
        self.ask = ask

    def make(self, key: str, name: str) -> Any:
        """The id of a new thing; its key stays whatever its name is."""
        raise NotImplementedError

    def rename(self, number: Any, name: str) -> None:
        """Give the thing of that id another name."""
        raise NotImplementedError

    def remove(self, number: Any) -> None:
        """Have the thing of that id be gone, in an API that `removes` them."""
        raise NotImplementedError

    def listed(self) -> dict[str, tuple[Any, str]]:
        """The id and the name of everything that is there, by its key."""
        raise NotImplementedError

    def upload(self, key: str, file: File) -> Any:
        """The id of a new file, which in some API is a thing with that key."""
        raise NotImplementedError

    def bytes_of(self, number: Any, get: Callable[[str], bytes]) -> bytes:
        """Those of the file of that id; `get` is for an address that is told."""
        raise NotImplementedError


class HiTask(Shelf):
    """Items."""

    api, owner, guest = "hitask", "owner", "member"
    looking, leaving = "getUser", "logout"
    files_are_things = True

    def make(self, key: str, name: str) -> Any:
        return self.ask("createItem", guid=key, title=name)["id"]

    def rename(self, number: Any, name: str) -> None:
        self.ask("updateItem", id=number, title=name)

    def remove(self, number: Any) -> None:
        self.ask("deleteItem", guid=number)

    def listed(self) -> dict[str, tuple[Any, str]]:
        rows = self.ask("listItems") or ()
        return {row["guid"]: (row["id"], row["title"]) for row in rows}

    def upload(self, key: str, file: File) -> Any:
        return self.ask("uploadFile", guid=key, file=file)["id"]

    def bytes_of(self, number: Any, get: Callable[[str], bytes]) -> bytes:
        return get(urlsplit(self.ask("getFileUrl", id=number)["url"]).path)


class GSMtasks(Shelf):
    """Tasks, which nobody removes."""

    api, owner, guest = "gsmtasks", "manager", "worker"
    looking = "listAccounts"
    removes = False

    @cached_property
    def _place(self) -> Mapping[str, Any]:
        account = self.ask("listAccounts")[0]["url"]
        return {"account": account, "address": {"raw_address": "1 Example Street"}}

    def make(self, key: str, name: str) -> Any:
        words = {"external_id": key, "description": name}
        return self.ask("createTask", **words, **self._place)["id"]

    def rename(self, number: Any, name: str) -> None:
        self.ask("patchTask", id=number, description=name)

    def listed(self) -> dict[str, tuple[Any, str]]:
        return {
            row["external_id"]: (row["id"], row["description"])
            for row in self.ask("listTasks")
        }

    def upload(self, key: str, file: File) -> Any:
        return self.ask("createFileUpload", file=file)["id"]

    def bytes_of(self, number: Any, get: Callable[[str], bytes]) -> bytes:
        address = self.ask("getFileUpload", id=number)["file"]
        name = address.rpartition("/")[2]
        data: bytes = self.ask("downloadFile", id=number, name=name)
        return data


class FivePm(Shelf):
    """Tasks, with files on a message of theirs."""

    api, owner, guest = "fivepm", "admin", "user"
    looking, leaving = "authenticationGetAuthorizedUser", "authenticationSignOut"

    def __init__(self, ask: Ask) -> None:
        super().__init__(
            lambda name, /, **words: ask(name, **{"retType": "json"} | words)
        )

    def make(self, key: str, name: str) -> Any:
        words = {"task[description]": key, "task[name]": name}
        return self.ask("tasksAdd", **words)["id"]

    def rename(self, number: Any, name: str) -> None:
        self.ask("tasksUpdate", **{"task[id]": number, "task[name]": name})

    def remove(self, number: Any) -> None:
        self.ask("tasksRemove", id=number)

    def listed(self) -> dict[str, tuple[Any, str]]:
        return {
            row["description"]: (row["id"], row["name"])
            for row in self.ask("tasksGetList")["items"]
            if row["description"]
        }

    def upload(self, key: str, file: File) -> Any:
        words = {"files[1][name]": file.name, "files[1][file]": file}
        added = self.ask("activityAttachFiles", activityId=self._message, **words)
        return added["items"][0]["id"]

    def bytes_of(self, number: Any, get: Callable[[str], bytes]) -> bytes:
        data: bytes = self.ask("activityDownloadFile", id=number)
        return data

    @cached_property
    def _message(self) -> Any:
        task = self.ask("tasksAdd", **{"task[name]": "files"})["id"]
        words = {"taskId": task, "type": "msg", "text": "files"}
        named = {f"activity[{name}]": word for name, word in words.items()}
        return self.ask("activityAdd", **named)["id"]


SHELVES: Mapping[str, type[Shelf]] = {
    kind.api: kind for kind in (HiTask, GSMtasks, FivePm)
}


def written(
    api: str,
    world: str,
    facts: Mapping[str, str],
    operation_id: str,
    parameters: Mapping[str, Any],
) -> Request:
    """A call in the world of that name, by whom those `facts` are known."""
    actor = Actor(Desk(api, world), None, facts)  # type: ignore[arg-type]
    return actor.request(operations(api)[operation_id], parameters)
