"""Clients: those for whom an account works.

Published at https://gsmtasks.com under Clients.
"""

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.gsmtasks.forms import Form
from tasktwin_mockserver.gsmtasks.names import slug_of
from tasktwin_mockserver.gsmtasks.records import Account, Client
from tasktwin_mockserver.gsmtasks.shapes import Made
from tasktwin_mockserver.gsmtasks.sight import found, listed, require_manager
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld


@operation("listClients")
def list_clients(call: Call, world: GSMtasksWorld) -> list[Client]:
    """Every client of the caller's accounts."""
    return listed(call, world, world.clients)


@operation("getClient")
def get_client(call: Call, world: GSMtasksWorld) -> Client:
    """One client."""
    return found(call, world, world.clients)


@operation("createClient")
def create_client(call: Call, world: GSMtasksWorld) -> Made:
    """Make a client."""
    form = Form(call, world)
    account = form.managed_account()
    form.hold()
    words = form.values("name", "archived") | {"slug": slug_of(form.sent["name"])}
    client = Client(**world.stamps(call.write, Client), account=account, **words)
    return Made(call.write.put(world.clients, client))


@operation("updateClient")
def update_client(call: Call, world: GSMtasksWorld) -> Client:
    """Change a client; the slug stays what it was at the beginning."""
    client = found(call, world, world.clients)
    require_manager(call, world, client.account)
    form = Form(call, world, client.account)
    form.keep("account", Account, client.account)
    form.hold()
    changes = form.values("name", "archived") | {"updated_at": call.write.stamp}
    return call.write.put(world.clients, replace(client, **changes))
