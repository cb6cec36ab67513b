"""Files: how they are uploaded, what is known of them, and who gets the bytes."""

from base64 import b64encode
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.gsmtasks.bodies import data_url, file_in_json
from tasktwin_contract.gsmtasks.laws import challenged, has_fields, names
from tasktwin_contract.gsmtasks.states import named
from tasktwin_contract.gsmtasks.stock import download, fetch
from tasktwin_contract.gsmtasks.uploads import GIF, KINDS, WAYS, picture, upload
from tasktwin_contract.reply import Object
from tasktwin_contract.rows import certain
from tasktwin_contract.target import Target, World
from tasktwin_contract.wire import File

GIF += b"\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
every_way = pytest.mark.parametrize("way", WAYS)


@clause("GT-FILE-01", "GT-FILE-02")
@every_way
def test_fields_of_files(target: Target, way: str) -> None:
    """An uploaded file has every field of its table; size is a number."""
    with target.world() as world:
        made = upload(world.manager, way, b"four")
        listed = world.manager.listed("file_upload")[made["id"]]
        for file in (made, listed, world.manager.shown("file_upload", made)):
            has_fields("file_upload", file)
            assert type(file["size"]) is int
            assert type(file["is_image"]) is bool


@clause("GT-FILE-03", "GT-FILE-05", "GT-FILE-08")
@given(data=st.binary(max_size=300))
def test_uploading_in_json(target: Target, data: bytes) -> None:
    """A file that was uploaded as a data URL is served byte by byte."""
    with target.world() as world:
        with judging("GT-FILE-03"):
            made = upload(world.manager, "json", data)
        with judging("GT-FILE-05"):
            assert made["size"] == len(data)
        assert download(world.manager, made["file"]).expect(200).body == data


@clause("GT-FILE-04", "GT-FILE-05", "GT-FILE-08")
@given(data=st.binary(max_size=300))
def test_uploading_a_form(target: Target, data: bytes) -> None:
    """A file that was uploaded as a part of a form is served byte by byte."""
    with target.world() as world:
        with judging("GT-FILE-04"):
            made = upload(world.manager, "multipart", data)
        with judging("GT-FILE-05"):
            assert made["size"] == len(data)
        assert download(world.manager, made["file"]).expect(200).body == data


@clause("GT-FILE-03", "GT-FILE-04", "GT-FILE-05", "GT-FILE-08")
@pytest.mark.parametrize("size", [0, 1, 2, 3, 1000, 100_000])
def test_both_ways_alike(target: Target, size: int) -> None:
    """The same bytes uploaded in either way are the same file."""
    data = bytes(n * 7 % 256 for n in range(size))
    with target.world() as world:
        made = [upload(world.manager, way, data) for way in WAYS]
        for file in made:
            with judging("GT-FILE-05"):
                assert file["size"] == size
            assert download(world.manager, file["file"]).expect(200).body == data
        assert made[0]["is_image"] == made[1]["is_image"]
        assert made[0]["file"] != made[1]["file"]


@clause("GT-FILE-03")
@pytest.mark.parametrize(
    "head",
    [
        "data:;base64",
        "data:text/plain;charset=utf-8;base64",
        "data:application/pdf;base64",
    ],
)
def test_heads_of_data_urls(target: Target, head: str) -> None:
    """A data URL has whatever media type, with parameters or none."""
    with target.world() as world:
        contents = f"{head},{b64encode(b'bytes').decode()}"
        file = {"name": "a.bin", "contents": contents}
        made = world.manager.made("file_upload", file=file)
        assert download(world.manager, made["file"]).expect(200).body == b"bytes"


@clause("GT-FILE-06", "GT-FILE-07")
@every_way
@pytest.mark.parametrize("form", KINDS)
@pytest.mark.parametrize("said", [True, False, None])
def test_pictures(target: Target, way: str, form: str, said: bool | None) -> None:
    """is_image is true of GIF, JPEG and PNG, whatever was sent for it."""
    more = {} if said is None else {"is_image": said}
    with target.world() as world:
        data = picture(form)
        made = upload(world.manager, way, data, f"p.{form}", KINDS[form], **more)
        with judging("GT-FILE-07" if said is False else "GT-FILE-06"):
            assert made["is_image"] is True
        assert world.manager.shown("file_upload", made)["is_image"] is True
        misnamed = upload(world.manager, way, data, "p.txt", "text/plain", **more)
        assert misnamed["is_image"] is True


@clause("GT-FILE-06", "GT-FILE-07")
@every_way
@pytest.mark.parametrize(
    "data",
    [b"", b"GIF", b"\x89PNG", b"no picture", b"<svg/>", b"%PDF-1.4", b"x" + GIF],
)
@pytest.mark.parametrize("said", [True, None])
def test_no_pictures(target: Target, way: str, data: bytes, said: bool | None) -> None:
    """is_image is false of anything else, whatever was sent for it."""
    more = {} if said is None else {"is_image": said}
    with target.world() as world:
        made = upload(world.manager, way, data, "p.png", "image/png", **more)
        assert made["is_image"] is False


@clause("GT-FILE-07")
@pytest.mark.parametrize(("kind", "is_one"), [(b"WEBP", True), (b"WAVE", False)])
def test_pictures_in_a_container(target: Target, kind: bytes, is_one: bool) -> None:
    """is_image is true of WebP, and of nothing else that begins with RIFF."""
    with target.world() as world:
        data = b"RIFF\x1a\0\0\0" + kind + b"VP8L\x0d\0\0\0"
        assert upload(world.manager, "json", data)["is_image"] is is_one


@clause("GT-FILE-08")
@pytest.mark.parametrize("name", ["manager", "worker", "stranger"])
def test_the_address_of_a_file(target: Target, name: str) -> None:
    """file is an address that answers the bytes, with the token."""
    with target.world() as world:
        actor = getattr(world, name)
        made = upload(actor, "json", b"mine")
        reply = fetch(actor, made["file"])
        assert (reply.status, reply.body) == (200, b"mine")


@clause("GT-FILE-09")
@every_way
def test_files_without_a_token(target: Target, way: str) -> None:
    """file is refused with 401 without a token."""
    with target.world() as world:
        made = upload(world.manager, way, b"secret")
        reply = download(world.nobody, made["file"])
        challenged(reply)
        if b"secret" in reply.body:
            raise ClauseBrokenError("a refusal without the bytes", reply.summary)


@clause("GT-FILE-10")
@every_way
@pytest.mark.parametrize("name", ["load.txt", "a", "Best.jpg", "x.tar.gz", "A-1_b"])
def test_names_of_files(target: Target, way: str, name: str) -> None:
    """The address of a file ends in its name."""
    with target.world() as world:
        made = upload(world.manager, way, b"x", name)
        assert made["file"].rpartition("/")[2] == name


@clause("GT-FILE-08", "GT-FILE-10")
@pytest.mark.parametrize("name", ["two words.txt", "käsi.txt", "100%.txt", "a?b#c.txt"])
@every_way
def test_odd_names(target: Target, name: str, way: str) -> None:
    """A file of whatever name is served at its address."""
    with target.world() as world:
        made = upload(world.manager, way, b"odd", name)
        last = unquote(made["file"].rpartition("/")[2])
        assert last == name
        reply = fetch(world.manager, made["file"])
        assert (reply.status, reply.body) == (200, b"odd")


@clause("GT-FILE-08")
@every_way
def test_files_under_other_names(target: Target, way: str) -> None:
    """At another name than the file's nothing is served."""
    with target.world() as world:
        made = upload(world.manager, way, b"x", "a.txt")
        for name in ("b.txt", "A.TXT", "a.tx", "a.txt."):
            place = {"id": made["id"], "name": name}
            world.manager.call("downloadFile", **place).refused(404)


@clause("GT-FILE-11")
@every_way
@pytest.mark.parametrize("kind", ["text/plain", "image/gif", "text/html", "a/b"])
def test_how_files_are_served(target: Target, way: str, kind: str) -> None:
    """A file is answered as the media type it was sent with, to be saved."""
    with target.world() as world:
        made = upload(world.manager, way, b"<b>x</b>", "x.html", kind)
        headers = download(world.manager, made["file"]).expect(200).headers
        assert headers["content-type"].partition(";")[0].strip() == kind
        assert headers["content-disposition"].startswith("attachment")


@clause("GT-FILE-12")
@pytest.mark.parametrize(
    "rest",
    ["A", "AAA", "A===", certain("%%%%"), "AAAA=A", "ÄÄÄÄ", "AA AA!", "=AAA"],
)
def test_base64_that_is_none(target: Target, rest: str) -> None:
    """Base64 that cannot be decoded is refused with 400 on file."""
    with target.world() as world:
        file = {"name": "a.txt", "contents": f"data:text/plain;base64,{rest}"}
        names(world.manager.post("file_upload", file=file), "file")
        assert world.manager.listed("file_upload") == {}


@clause("GT-FILE-13")
@pytest.mark.parametrize(
    "contents",
    [
        "",
        "AAAA",
        "data:text/plain,hello",
        "data:text/plain;base64",
        "text/plain;base64,AAAA",
        "http://example.com/a.txt",
        "xdata:;base64,AAAA",
    ],
)
def test_contents_that_are_no_data_url(target: Target, contents: str) -> None:
    """Contents that are no data URL in Base64 are refused with 400 on file."""
    with target.world() as world:
        file = {"name": "a.txt", "contents": contents}
        names(world.manager.post("file_upload", file=file), "file")
        assert world.manager.listed("file_upload") == {}


@clause("GT-FILE-14")
@every_way
@pytest.mark.parametrize(
    "name", ["/etc/a.txt", "C:\\files\\a.txt", "../../a.txt", "x/y\\a.txt"]
)
def test_names_with_folders(target: Target, way: str, name: str) -> None:
    """The name is what stands after the last slash or backslash."""
    with target.world() as world:
        file: Any = file_in_json(b"x", name)
        if way == "multipart":
            file = File(b"x", name.replace("\\", "\\\\"), "text/plain")
        made = world.manager.made("file_upload", file=file)
        assert made["file"].rpartition("/")[2] == "a.txt"


@clause("GT-FILE-14")
@pytest.mark.parametrize("name", ["", "/", "a/", "a\\", " ", "x/ ", "..", "x/."])
def test_names_that_are_none(target: Target, name: str) -> None:
    """A name with nothing after the last slash is refused with 400 on file."""
    with target.world() as world:
        file = {"name": name, "contents": data_url(b"x")}
        names(world.manager.post("file_upload", file=file), "file")


@clause("GT-FILE-15")
@every_way
@pytest.mark.parametrize("name", ["manager", "worker", "both", "stranger"])
def test_who_uploaded(target: Target, way: str, name: str) -> None:
    """created_by is who uploaded it."""
    with target.world() as world:
        actor = getattr(world, name)
        assert upload(actor, way, b"x")["created_by"] == actor.user


@clause("GT-FIELD-17")
@pytest.mark.parametrize("file", [{}, {"name": "a"}, {"contents": "data:;base64,"}])
def test_half_a_file(target: Target, file: dict[str, str]) -> None:
    """A file without a name, or without contents, is refused with 400."""
    with target.world() as world:
        names(world.manager.post("file_upload", file=file), "file")


PEOPLE = ("manager", "worker", "second_worker", "both", "stranger")


def seers(world: World, file: Object) -> set[str]:
    """Those who see an uploaded file, each in all ways or in none."""
    found = set()
    for name in PEOPLE:
        actor = getattr(world, name)
        seen = actor.sees("file_upload", file)
        status = download(actor, file["file"]).expect(200, 404).status
        assert seen == (status == 200), name
        found |= {name} if seen else set()
    return found


@clause("GT-FILE-16")
@pytest.mark.parametrize("name", PEOPLE)
def test_who_sees_a_file_that_hangs_on_nothing(target: Target, name: str) -> None:
    """An uploaded file that nothing is made of is seen by who uploaded it."""
    with target.world() as world:
        assert seers(world, upload(getattr(world, name), "json", b"x")) == {name}


@clause("GT-FILE-16")
@pytest.mark.parametrize("noun", ["document", "signature", "hidden"])
@pytest.mark.parametrize("maker", ["manager", "worker"])
def test_who_sees_a_file_of_a_task(target: Target, noun: str, maker: str) -> None:
    """An uploaded file is seen by who sees what is made of it, bytes and all."""
    with target.world() as world:
        task = world.manager.make("task", assignee=named(world.worker))
        actor = getattr(world, maker)
        file = upload(actor, "json", b"x")
        more = {"visible_to_worker": False} if noun == "hidden" else {}
        words = {"task": task["url"], "file_upload": file["url"], **more}
        actor.made("signature" if noun == "signature" else "document", **words)
        wanted = {"manager", "both", maker}
        wanted |= set() if noun == "hidden" else {"worker"}
        assert seers(world, file) == wanted
        world.manager.act("assign", task, assignee=named(world.second_worker))
        moved = (wanted - {"worker"}) | {maker}
        moved |= set() if noun == "hidden" else {"second_worker"}
        assert seers(world, file) == moved
