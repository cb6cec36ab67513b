"""Where files are fetched, and what is served there."""

from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import BOUNDARY
from tasktwin_contract.clauses import clause
from tasktwin_contract.hitask import raw
from tasktwin_contract.hitask.examples import PLAIN_TEXT
from tasktwin_contract.hitask.guards import guarded
from tasktwin_contract.hitask.levels import every_way, from_level, ladder
from tasktwin_contract.hitask.steps import NO_ID, private
from tasktwin_contract.hitask.uploads import fetched, upload, uploaded, url_of
from tasktwin_contract.hitask.writes import shared
from tasktwin_contract.rows import certain
from tasktwin_contract.target import Target
from tasktwin_contract.wire import File

NOT_FOUND = 404
ANYTHING = "application/octet-stream"
ODD = f" --{BOUNDARY}--\r\n--{BOUNDARY[:-1]}\r\n\0\xff".encode("latin-1")
KINDS = {
    "text/plain": "text/plain",
    "image/svg+xml": "image/svg+xml",
    "text/html; charset=utf-8": "text/html",
    "application/vnd.api+json": "application/vnd.api+json",
    "IMAGE/PNG": "image/png",
    "": ANYTHING,
    "nothing": ANYTHING,
    "text/ /plain": ANYTHING,
}


def bodies() -> st.SearchStrategy[bytes]:
    """Bytes of any kind, but for what ends the part that carries them."""
    ends = f"--{BOUNDARY}".encode()
    return st.binary(max_size=200).filter(lambda data: ends not in data)


@clause("HT-FILE-12")
@pytest.mark.parametrize("who", ["owner", "member", "colleague"])
def test_what_the_url_comes_with(target: Target, who: str) -> None:
    """getFileUrl answers content_type, mime_type and url."""
    with target.world() as world:
        parent = shared(world.owner, member=10, colleague=20)
        file = uploaded(world.owner, parent_id=parent["id"])
        reply = getattr(world, who).call("getFileUrl", id=file["id"]).expect(200)
        told = (reply["content_type"], reply["mime_type"], reply["url"])
        assert all(isinstance(text, str) and text for text in told), told


@clause("HT-FILE-13")
@given(data=bodies())
def test_the_bytes_come_back(target: Target, data: bytes) -> None:
    """The url serves the bytes that were uploaded, whatever they are."""
    with target.world() as world:
        sent = File(data, "anything.bin", ANYTHING)
        assert fetched(world.owner, uploaded(world.owner, sent)) == data


@clause("HT-FILE-13")
@pytest.mark.parametrize(
    "data",
    [
        b"",
        certain(b"\r\n"),
        b"\r\n\r\n",
        ODD,
        b'{"password": 1}',
        bytes(range(256)) * 300,
    ],
    ids=["nothing", "a line", "lines", "boundaries", "JSON", "many"],
)
def test_odd_bytes_come_back(target: Target, data: bytes) -> None:
    """The url serves the bytes that were uploaded, also odd ones, and none."""
    with target.world() as world:
        file = uploaded(world.owner, File(data, "odd.txt", "text/plain"))
        assert fetched(world.owner, file) == data


@clause("HT-FILE-14")
@pytest.mark.parametrize("kind", KINDS)
def test_the_type_of_a_file(target: Target, kind: str) -> None:
    """Its type is the one that came with it, else application/octet-stream."""
    with target.world() as world:
        file = uploaded(world.owner, replace(PLAIN_TEXT, media_type=kind))
        reply = world.owner.call("getFileUrl", id=file["id"]).expect(200)
        assert (reply["content_type"], reply["mime_type"]) == (KINDS[kind],) * 2
        served = world.fetch(reply["url"]).expect(200)
        assert served.media_type == KINDS[kind]


@clause("HT-FILE-15")
def test_the_address_of_a_file(target: Target) -> None:
    """The url is absolute, leads to the world of the file, and needs no session."""
    with target.world() as world, target.world() as other:
        url = url_of(world.owner, uploaded(world.owner))
        theirs = url_of(
            other.owner, uploaded(other.owner, replace(PLAIN_TEXT, data=b""))
        )
        assert url.startswith(("http://", "https://"))
        assert f"{world.prefix}/" in url
        assert world.fetch(url).expect(200).body == PLAIN_TEXT.data
        assert other.fetch(theirs).expect(200).body == b""


@clause("HT-FILE-31")
@pytest.mark.parametrize("host", ['"a"', "<b>", "a/b", "a?b", "a@b", "a:b", "a#b"])
def test_hosts_that_are_none(target: Target, host: str) -> None:
    """What the header Host says is no part of the url where it is no host."""
    with target.world() as world:
        named = {"id": uploaded(world.owner)["id"]}
        reply = raw.send(world.owner, "getFileUrl", named, headers=(("Host", host),))
        url = str(reply.expect(200)["url"])
        assert host not in url
        assert url.startswith(("http://", "https://"))
        assert f"{world.prefix}/" in url


@clause("HT-FILE-16")
@pytest.mark.parametrize("name", ["page.html", "über 漢.txt", 'a"b; c.txt', "a%20b"])
def test_files_are_nothing_to_run(target: Target, name: str) -> None:
    """A file is an attachment under its name, with nosniff, and sandboxed."""
    with target.world() as world:
        sent = File(b"<script>", name.replace('"', "%22"), "text/html")
        file = uploaded(world.owner, sent)
        headers = world.fetch(url_of(world.owner, file)).expect(200).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in headers["content-security-policy"]
        kind, _, rest = headers["content-disposition"].partition(";")
        assert kind == "attachment"
        assert unquote(rest.rpartition("UTF-8''")[2]) == file["title"]


@clause("HT-FILE-17")
def test_files_that_are_not_there(target: Target) -> None:
    """The url of a deleted or archived file is 404; restored it serves the bytes."""
    with target.world() as world:
        top = world.owner.item()
        file = uploaded(world.owner, parent_id=top["id"])
        url = url_of(world.owner, file)
        world.owner.call("archiveItem", id=top["id"]).arranged()
        assert world.fetch(url).status == NOT_FOUND
        world.owner.call("restoreItem", id=top["id"]).arranged()
        assert world.fetch(url).expect(200).body == PLAIN_TEXT.data
        world.owner.call("deleteItem", guid=top["guid"]).arranged()
        assert world.fetch(url).status == NOT_FOUND


@clause("HT-FILE-20")
@every_way
def test_urls_from_10(target: Target, way: str) -> None:
    """Whoever has 10 or more on a file gets its url."""
    with ladder(target, way) as steps:
        for attempt in steps.attempts(guarded("getFileUrl"), from_level(10)):
            attempt.accepted()


@clause("HT-FILE-21")
def test_urls_of_files_that_are_not_seen(target: Target) -> None:
    """The url of a file that the caller does not see is 404 and code 1."""
    with target.world() as world:
        parent = private(world.member)
        files = [uploaded(world.member), uploaded(world.member, parent_id=parent["id"])]
        for number in (NO_ID, *(file["id"] for file in files)):
            for actor in (world.owner, world.colleague, world.outsider, world.personal):
                actor.call("getFileUrl", id=number).refused(404, 1)


@clause("HT-FILE-22")
@pytest.mark.parametrize("category", [0, 1, 2, 4, 5])
def test_urls_of_what_is_no_file(target: Target, category: int) -> None:
    """The url of an item that is no uploaded file is 404 and code 1."""
    with target.world() as world:
        item = world.owner.item(category=category)
        world.owner.call("getFileUrl", id=item["id"]).refused(404, 1)


@clause("HT-FILE-23")
def test_the_url_of_nothing(target: Target) -> None:
    """getFileUrl without id is refused with 400 and code 4."""
    with target.world() as world:
        world.owner.call("getFileUrl").refused(400, 4)


@clause("HT-FILE-29")
def test_files_with_the_same_bytes(target: Target) -> None:
    """Of two files with the same bytes each has its own url, and outlives the other."""
    with target.world() as world:
        first, second = uploaded(world.owner), uploaded(world.member)
        urls = [url_of(world.owner, first), url_of(world.member, second)]
        assert urls[0] != urls[1]
        world.owner.call("deleteItem", guid=first["guid"]).arranged()
        assert world.fetch(urls[1]).expect(200).body == PLAIN_TEXT.data
        assert world.fetch(urls[0]).status == NOT_FOUND
        upload(world.owner).expect(200)
        assert fetched(world.member, second) == PLAIN_TEXT.data
