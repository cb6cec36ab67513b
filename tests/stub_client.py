"""A client of a world that a test was lent."""

import requests

from tasktwin_mockserver.stub import Stub

GUID = "9769a9f9-726c-4ec8-a920-be16193c26a6"
SECONDS = 10


def create(world: Stub, session: requests.Session | None = None) -> requests.Response:
    """An item, made by a client."""
    return (session or requests).post(
        f"{world.url}/api/item",
        headers=world.owner.headers,
        json={"guid": GUID, "title": "Call back"},
        timeout=SECONDS,
    )
