"""What a request says of itself."""

import pytest
from werkzeug.test import EnvironBuilder

from tasktwin_mockserver.exchange import Request


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("mock.example:81", "http://mock.example:81"),
        ("[::1]:81", "http://[::1]:81"),
        ("mock.example/x?", "http://here.example:80"),
        (None, "http://here.example:80"),
    ],
)
def test_the_address_of_a_world(host: str | None, address: str) -> None:
    """A world has the address by which the client asks, where that is one."""
    environ = EnvironBuilder(base_url="http://here.example:80").get_environ()
    del environ["HTTP_HOST"]
    if host is not None:
        environ["HTTP_HOST"] = host
    request = Request(environ)
    request.prefix = "/~twin"
    assert request.address == f"{address}/~twin"
