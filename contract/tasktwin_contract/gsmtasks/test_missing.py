"""What a new record needs."""

import pytest

from tasktwin_contract.clauses import clause
from tasktwin_contract.gsmtasks.bodies import LEFT_OUT, SHOWN, body
from tasktwin_contract.gsmtasks.examples import OPERATIONS
from tasktwin_contract.gsmtasks.laws import names
from tasktwin_contract.gsmtasks.nouns import CREATED, NOUNS, OF_ACCOUNT
from tasktwin_contract.target import Target


def lacking(target: Target, noun: str, field: str) -> None:
    """Demand that a record is not made without a field, and made with it."""
    with target.world() as world:
        sent = body(world.manager, noun, {})
        before = world.manager.listed(noun)
        kept = {name: v for name, v in sent.items() if name != field}
        world.manager.bare(noun, **kept).refused(400)
        assert world.manager.listed(noun) == before
        world.manager.bare(noun, **sent).expect(200, 201)


@clause("GT-FIELD-07")
@pytest.mark.parametrize("noun", OF_ACCOUNT)
def test_without_an_account(target: Target, noun: str) -> None:
    """Creating without account is refused with 400."""
    lacking(target, noun, "account")


@clause("GT-FIELD-08")
def test_a_client_without_a_name(target: Target) -> None:
    """Creating a client without a name is refused with 400."""
    lacking(target, "client", "name")


@clause("GT-FIELD-09")
def test_a_user_without_an_email(target: Target) -> None:
    """Creating a user without an e-mail is refused with 400."""
    lacking(target, "user", "email")


@clause("GT-FIELD-10")
def test_a_signature_without_a_task(target: Target) -> None:
    """Creating a signature without a task is refused with 400."""
    lacking(target, "signature", "task")


@clause("GT-FIELD-11")
@pytest.mark.parametrize("noun", ["document", "signature"])
def test_without_a_file(target: Target, noun: str) -> None:
    """Creating a document or a signature without file_upload is refused with 400."""
    lacking(target, noun, "file_upload")


@clause("GT-FIELD-12")
@pytest.mark.parametrize("field", ["user", "is_manager", "is_worker"])
def test_an_incomplete_role(target: Target, field: str) -> None:
    """Creating a role without user, is_manager or is_worker is refused with 400."""
    lacking(target, "role", field)


@clause("GT-FIELD-13")
def test_a_task_without_an_address(target: Target) -> None:
    """Creating a task without an address is refused with 400."""
    lacking(target, "task", "address")


@clause("GT-FIELD-14")
@pytest.mark.parametrize("field", ["contact", "address"])
def test_an_incomplete_contact_address(target: Target, field: str) -> None:
    """Creating a contact address without contact or address is refused with 400."""
    lacking(target, "contact_address", field)


@clause("GT-FIELD-15")
@pytest.mark.parametrize(
    "field",
    [
        "tasks",
        "active_from",
        "active_until",
        "active_states",
        *SHOWN,
        "max_zoom_level",
    ],
)
def test_an_incomplete_tracker(target: Target, field: str) -> None:
    """Creating a tracker without any field of its table is refused with 400."""
    lacking(target, "tracker", field)


@clause("GT-FIELD-16")
@pytest.mark.parametrize("field", ["assignee", "tasks"])
def test_an_incomplete_route(target: Target, field: str) -> None:
    """Creating a route optimisation without assignee or tasks is refused with 400."""
    lacking(target, "route", field)


@clause("GT-FIELD-17")
def test_uploading_nothing(target: Target) -> None:
    """Uploading without a file is refused with 400."""
    lacking(target, "file_upload", "file")


@clause("GT-FIELD-18")
@pytest.mark.parametrize("field", ["visible_to_worker", "visible_to_client"])
def test_an_incomplete_document(target: Target, field: str) -> None:
    """Creating a document without saying who sees it is refused with 400."""
    lacking(target, "document", field)


@clause("GT-FIELD-19")
def test_a_signature_without_a_signer(target: Target) -> None:
    """Creating a signature without a signer is refused with 400."""
    lacking(target, "signature", "signer")


@clause("GT-FIELD-20")
@pytest.mark.parametrize(
    ("noun", "field"),
    [
        (noun, name)
        for noun in CREATED
        for name, parameter in OPERATIONS[NOUNS[noun].create].parameters.items()
        if parameter.required
    ],
)
def test_the_missing_field_is_named(target: Target, noun: str, field: str) -> None:
    """A refusal for a field that is missing names that field."""
    with target.world() as world:
        sent = body(world.manager, noun, {field: LEFT_OUT})
        names(world.manager.bare(noun, **sent), field)
