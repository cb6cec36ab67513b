"""The Notes mock: what the kernel needs of an API, in one file."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias

from tasktwin_mockserver import api, world
from tasktwin_mockserver.api import Answer, Caller, Download, operation
from tasktwin_mockserver.exchange import Request
from tasktwin_mockserver.refusal import Refusal
from tasktwin_mockserver.tables import Table
from tasktwin_mockserver.world import Settings, Write
from tasktwin_schemas import Operation

PEOPLE = ("writer", "reader")
STATUSES = {"path": HTTPStatus.NOT_FOUND, "method": HTTPStatus.METHOD_NOT_ALLOWED}


class UnknownTokenError(Exception):
    """Nobody is known by this token."""


@dataclass(frozen=True)
class Note:
    """One note of somebody's."""

    id: int
    owner: str
    text: str


class NotesWorld(world.World):
    """A world of Notes."""

    def build(self) -> None:
        """Make the empty tables."""
        self.notes: Table[int, Note] = self._table(
            "notes", Table(lambda note: note.id, owner=lambda note: note.owner)
        )


Call: TypeAlias = api.Call[str]


@operation("listNotes")
def list_notes(call: Call, world: NotesWorld) -> list[Note]:
    """The caller's notes, oldest first."""
    return [*world.notes.where("owner", call.user)]


@operation("addNote")
def add_note(call: Call, world: NotesWorld) -> Answer:
    """Write a note."""
    note = Note(call.write.next("note"), call.user, call.parameters["text"])
    call.write.put(world.notes, note)
    return Answer(_shown(note), status=HTTPStatus.CREATED)


def _shown(note: Note) -> dict[str, Any]:
    return {"id": note.id, "text": note.text}


class Notes:
    """The API as the kernel sees it."""

    name = "notes"
    states = ()
    operations: Mapping[str, Any] = {
        "listNotes": list_notes,
        "addNote": add_note,
    }

    def world(self, seed: int, settings: Settings) -> NotesWorld:
        """A world with its cast and nothing else."""
        return NotesWorld(seed, settings)

    def cast(self, world: NotesWorld) -> dict[str, Any]:
        """The people of a world, with what it takes to be them."""
        people = enumerate(PEOPLE)
        return {"actors": {who: {"token": world.token("t", n)} for n, who in people}}

    def admit(self, version: int | None) -> None:
        """There are no versions."""

    def client(self, world: NotesWorld, request: Request) -> str | None:
        """Who a request counts for."""
        return request.header("X_TOKEN")

    def identify(
        self, world: NotesWorld, operation: Operation, request: Request, write: Write
    ) -> Caller[str]:
        """Who asks. Raises `UnknownTokenError`."""
        for name, facts in self.cast(world)["actors"].items():
            if facts["token"] == request.header("X_TOKEN"):
                return Caller(name)
        raise UnknownTokenError

    def download(self, world: NotesWorld, token: str) -> Download | None:
        """There are no files."""
        return None

    def shape(self, call: Call, world: NotesWorld, result: object) -> Answer:
        """What an operation returned, as it is sent."""
        if isinstance(result, Answer):
            return result
        assert isinstance(result, list)
        return Answer([_shown(note) for note in result])

    def refuse(self, refusal: Exception, request: Request) -> Answer | None:
        """The envelope of a refusal; None for what is none."""
        if isinstance(refusal, UnknownTokenError):
            return Answer({"error": "who are you?"}, status=HTTPStatus.UNAUTHORIZED)
        if not isinstance(refusal, Refusal):
            return None
        status = STATUSES.get(refusal.kind, HTTPStatus.BAD_REQUEST)
        words = f"{refusal.parameter}: {refusal.kind}"
        return Answer({"error": words}, status=status)

    def fault(self, status: int, code: int | None, request: Request) -> Answer:
        """The envelope of a refusal that a script asks for."""
        return Answer({"error": "by script"}, status=status)

    def crash(self, request: Request) -> Answer:
        """The envelope of an error in the mock itself."""
        return Answer({"error": "broken"}, status=HTTPStatus.INTERNAL_SERVER_ERROR)


API = Notes()
