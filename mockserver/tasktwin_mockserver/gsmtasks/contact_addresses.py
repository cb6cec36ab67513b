"""Contact addresses: a contact at an address, no pair of them twice in an account.

Published at https://gsmtasks.com under Contact Addresses.
"""

from typing import Any

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.gsmtasks import places
from tasktwin_mockserver.gsmtasks.forms import Form
from tasktwin_mockserver.gsmtasks.records import Account, Client, ContactAddress
from tasktwin_mockserver.gsmtasks.shapes import Made
from tasktwin_mockserver.gsmtasks.sight import found, listed, require_manager
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld


@operation("listContactAddresses")
def list_contact_addresses(call: Call, world: GSMtasksWorld) -> list[ContactAddress]:
    """Every contact address of the caller's accounts."""
    return listed(call, world, world.contact_addresses)


@operation("getContactAddress")
def get_contact_address(call: Call, world: GSMtasksWorld) -> ContactAddress:
    """One contact address."""
    return found(call, world, world.contact_addresses)


@operation("createContactAddress")
def create_contact_address(call: Call, world: GSMtasksWorld) -> Made:
    """Keep a contact at an address."""
    form = Form(call, world)
    account = form.managed_account()
    made = ContactAddress(
        **world.stamps(call.write, ContactAddress),
        account=account,
        contact=places.contact(form.sent["contact"]),
        address=places.address(form.sent["address"]),
        **form.id("client", Client),
    )
    _refuse_twin(form, made)
    return Made(call.write.put(world.contact_addresses, made))


@operation("updateContactAddress")
def update_contact_address(call: Call, world: GSMtasksWorld) -> ContactAddress:
    """Change a contact address; what is sent empty stays as well."""
    row = found(call, world, world.contact_addresses)
    require_manager(call, world, row.account)
    form = Form(call, world, row.account)
    form.keep("account", Account, row.account)
    changes: dict[str, Any] = {"updated_at": call.write.stamp}
    changes |= form.id("client", Client) | place_changes(form)
    changed = replace(row, **changes)
    _refuse_twin(form, changed)
    return call.write.put(world.contact_addresses, changed)


def place_changes(form: Form) -> dict[str, Any]:
    """The contact and the address that were sent, unless they are empty."""
    sent = form.values("contact", "address")
    ways = {"contact": places.contact, "address": places.address}
    return {name: ways[name](value) for name, value in sent.items() if value}


def _refuse_twin(form: Form, row: ContactAddress) -> None:
    for other in form.world.contact_addresses.where("account", row.account):
        same = (other.contact, other.address) == (row.contact, row.address)
        if same and other.id != row.id:
            form.wrong("address", "This contact is known at this address.")
    form.hold()
