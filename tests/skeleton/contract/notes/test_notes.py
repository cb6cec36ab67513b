"""Notes: written, listed, and kept apart."""

import pytest
from hypothesis import given
from schemathesis import GenerationMode

from tasktwin_contract.clauses import clause
from tasktwin_contract.exploration import explore
from tasktwin_contract.strategies import titles
from tasktwin_contract.target import Target
from tasktwin_schemas import operations


@clause("NT-NOTE-01")
@given(text=titles(140))
def test_a_note_is_kept(target: Target, text: str) -> None:
    """A note has an id and the text that was written."""
    with target.world() as world:
        made = world.writer.call("addNote", text=text).expect(201)
        assert made["text"] == text
        assert world.writer.call("listNotes").expect(200).data == [made.data]


@clause("NT-NOTE-02")
def test_notes_are_ones_own(target: Target) -> None:
    """The list holds the caller's own notes and no others."""
    with target.world() as world:
        world.writer.call("addNote", text="mine").arranged()
        assert world.reader.call("listNotes").expect(200).data == []


@clause("NT-ERROR-01")
def test_a_refusal_has_the_envelope(target: Target) -> None:
    """A refusal is an object with the text error."""
    with target.world() as world:
        assert isinstance(world.nobody.call("listNotes").refused(401)["error"], str)


@clause("NT-ANSWER-01")
@clause("NT-ANSWER-02")
@clause("NT-ANSWER-03")
@pytest.mark.parametrize("name", operations("notes"))
def test_documented_requests(target: Target, name: str, cases: int) -> None:
    """A request that the document allows is answered as the document says."""
    explore(target, name, GenerationMode.POSITIVE, cases)


@clause("NT-ERROR-02")
@pytest.mark.parametrize("name", operations("notes"))
def test_other_requests(target: Target, name: str, cases: int) -> None:
    """A request that the document does not allow never makes the server fail."""
    explore(target, name, GenerationMode.NEGATIVE, cases)
