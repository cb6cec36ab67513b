"""Files of activities."""

from email.message import Message
from typing import Any

import pytest
from hypothesis import example as by_example
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.actors import BOUNDARY, Actor
from tasktwin_contract.clauses import clause, judging
from tasktwin_contract.failures import only
from tasktwin_contract.fivepm.cast import entries, parts
from tasktwin_contract.fivepm.steps import a_file, download, everything, new
from tasktwin_contract.fivepm.texts import marked
from tasktwin_contract.reply import Object
from tasktwin_contract.strategies import titles
from tasktwin_contract.target import Target, World
from tasktwin_contract.wire import File

ODD = f" --{BOUNDARY}--\r\n--{BOUNDARY[:-1]}\r\n\0\xff".encode("latin-1")
BYTES = {
    "nothing": b"",
    "a line": b"\r\n",
    "lines": b"\r\n\r\n--",
    "boundaries": ODD,
    "JSON": b'{"password": 1}',
    "XML": b"<!DOCTYPE x [<!ENTITY e 'x'>]><x>&e;</x>",
    "many": bytes(range(256)) * 300,
}
NAMES = (
    'a"b.txt',
    "a\\b.txt",
    "a;b=c.txt",
    "a\r\nX-Evil: 1\r\n.txt",
    "a\nb.txt",
    "../../etc/passwd",
    "C:\\Windows\\x.txt",
    "/etc/passwd",
    "é🗂 日本.txt",
    "%0d%0a.txt",
    "..",
    ".",
    "a/",
    "'",
    "<b>.txt",
    "a" * 300,
)


def bodies() -> st.SearchStrategy[bytes]:
    """Bytes of any kind, but for what ends the part that carries them."""
    ends = f"--{BOUNDARY}".encode()
    return st.binary(max_size=200).filter(lambda data: ends not in data)


def a_note(world: World, **fields: Any) -> str:
    """The id of a new activity. Raises `NotJudgedError`."""
    number: str = new(world.admin, "activity", **fields)["id"]
    return number


def attached(actor: Actor, note: str, *files: File) -> list[Object]:
    """What attaching these files answers."""
    return entries(actor.attach(note, *files).expect(200))


def told_name(disposition: str) -> str | None:
    """The name of a file as a Content-Disposition tells it, folders and all."""
    message = Message()
    message["Content-Disposition"] = disposition
    return message.get_filename()


@clause("FP-FILE-01")
@given(data=bodies(), name=titles(40))
def test_what_a_file_has(target: Target, data: bytes, name: str) -> None:
    """A file has an id, a name, its size in bytes, and the activityId."""
    with target.world() as world:
        note = a_note(world)
        file = only(attached(world.admin, note, a_file(data, name)))
        listed = world.admin.listed("file", activityId=note)
        shown = only(world.admin.shown("activity", note)["files"])
        for one in (file, listed[file["id"]], shown):
            facts = (one["name"], one["size"], one["activityId"])
            assert facts == (name, len(data), int(note))
            assert one["id"] == file["id"]


@clause("FP-FILE-02", "FP-FILE-03")
@pytest.mark.parametrize("name", ["cups.txt", "Cups & saucers.pdf", "no-dot", "é日本🗂"])
def test_names_of_files(target: Target, name: str) -> None:
    """Files are attached under the names files[n][name], not that of the part."""
    with target.world() as world:
        words = {
            "files[1][name]": name,
            "files[1][file]": File(b"x", "another.bin", "image/png"),
        }
        note = a_note(world)
        reply = world.admin.call("activityAttachFiles", activityId=note, **words)
        named = [one["name"] for one in entries(reply.expect(200))]
        with judging("FP-FILE-02"):
            assert named == [name]
            file = only(world.admin.shown("activity", note)["files"])
            assert file["name"] == name


@clause("FP-FILE-04", "FP-FILE-05")
@given(
    number=st.integers(1, 4), start=st.integers(0, 20), step=st.sampled_from((1, 2, 7))
)
@by_example(number=3, start=9, step=1)
@by_example(number=3, start=2, step=9)
def test_the_order_of_files(target: Target, number: int, start: int, step: int) -> None:
    """Attaching answers the new files in the order of their numbers, gaps or none."""
    with target.world() as world:
        note = a_note(world)
        first = attached(world.admin, note, a_file(name="first"))[0]["id"]
        files = [a_file(f"{n}".encode(), f"{n}.txt") for n in range(number)]
        words = parts(*files, start=start, step=step)
        shuffled = dict(reversed(words.items()))
        reply = world.admin.call("activityAttachFiles", activityId=note, **shuffled)
        made = entries(reply.expect(200))
        assert [one["name"] for one in made] == [file.name for file in files]
        numbers = [int(one["id"]) for one in made]
        assert numbers == sorted(numbers)
        for one, file in zip(made, files, strict=True):
            assert download(world.admin, one["id"]).expect(200).body == file.data
        shown = world.admin.shown("activity", note)["files"]
        assert [one["id"] for one in shown] == [first, *map(str, numbers)]


@clause("FP-FILE-06")
@pytest.mark.parametrize(
    "words",
    [
        {},
        {"files[1][name]": "a.txt"},
        {"files[1][file]": a_file()},
        {**parts(a_file(), a_file()), "files[2][name]": None},
        {**parts(a_file(), a_file()), "files[1][file]": None},
        {"files[][name]": "a.txt", "files[][file]": a_file()},
        {"files[x][name]": "a.txt", "files[x][file]": a_file()},
        {"files[1][name]": " ", "files[1][file]": a_file()},
        {"files[1][name]": "a.txt", "files[2][file]": a_file()},
        {"files[1][name]": "a.txt", "files[1][file]": "no part of a file"},
    ],
)
def test_half_a_file(target: Target, words: dict[str, Any]) -> None:
    """A number without a name or a part, or none, is 400; nothing is attached."""
    with target.world() as world:
        note = a_note(world)
        before = everything(world)
        admin = world.admin.using(via="multipart")
        admin.call("activityAttachFiles", activityId=note, **words).refused(400)
        assert everything(world) == before


@clause("FP-FILE-07", "FP-FILE-08")
def test_lists_of_files(target: Target) -> None:
    """The list of files has those of the project, task or activity that is sent."""
    with target.world() as world:
        admin = world.admin
        one, other = (admin.made("project")["id"] for _ in "ab")
        task = admin.made("task", projectId=one)["id"]
        places = ({"projectId": one}, {"taskId": task}, {"projectId": other})
        notes = [admin.made("activity", **place)["id"] for place in places]
        again = admin.made("activity", taskId=task)["id"]
        files = [attached(admin, n, a_file())[0]["id"] for n in (*notes, again)]
        on_project, on_task, elsewhere, on_task_again = files
        with judging("FP-FILE-07"):
            of_one = {on_project, on_task, on_task_again}
            assert {*admin.listed("file", projectId=one)} == of_one
            assert [*admin.listed("file", projectId=other)] == [elsewhere]
        assert [*admin.listed("file", taskId=task)] == [on_task, on_task_again]
        assert [*admin.listed("file", activityId=again)] == [on_task_again]
        both = {"projectId": one, "activityId": notes[0]}
        assert [*admin.listed("file", **both)] == [on_project]
        assert not admin.listed("file", projectId=other, taskId=task)


@clause("FP-FILE-09")
@given(data=bodies())
def test_the_bytes_come_back(target: Target, data: bytes) -> None:
    """Fetching a file answers the bytes that were sent."""
    with target.world() as world:
        file = only(attached(world.admin, a_note(world), a_file(data)))
        assert download(world.admin, file["id"]).expect(200).body == data


@clause("FP-FILE-09")
@pytest.mark.parametrize("data", BYTES.values(), ids=[*BYTES])
def test_odd_bytes_come_back(target: Target, data: bytes) -> None:
    """Fetching a file answers the bytes that were sent, odd ones too, and none."""
    with target.world() as world:
        note = a_note(world)
        made = attached(world.admin, note, a_file(data), a_file(b"other"), a_file(data))
        for file, sent in zip(made, (data, b"other", data), strict=True):
            assert download(world.admin, file["id"]).expect(200).body == sent
            assert file["size"] == len(sent)


@clause("FP-FILE-10")
@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "", "application/json"])
def test_how_a_file_is_answered(target: Target, kind: str) -> None:
    """A file is answered as an attachment, as bytes of no type, with nosniff."""
    with target.world() as world:
        sent = File(b"<script>", "folder/cups.html", kind)
        file = only(attached(world.admin, a_note(world), sent))
        headers = download(world.admin, file["id"]).expect(200).headers
        assert headers.get("content-type") == "application/octet-stream"
        assert headers.get("x-content-type-options") == "nosniff"
        disposition = headers.get("content-disposition", "")
        assert disposition.startswith("attachment;")
        assert told_name(disposition) == "cups.html"


@clause("FP-FILE-10", "FP-FILE-11")
@pytest.mark.parametrize("name", NAMES)
def test_names_break_no_header(target: Target, name: str) -> None:
    """The name of a file cannot break the header it stands in, whatever it holds."""
    _is_safe(target, name)


@clause("FP-FILE-11")
@given(name=marked() | st.text(st.sampled_from("a\r\n\";=\\/'%é\t ,"), min_size=1))
def test_any_name_breaks_no_header(target: Target, name: str) -> None:
    """The name of a file cannot break the header, of whatever characters it is."""
    _is_safe(target, f"{name}x")


def _is_safe(target: Target, name: str) -> None:
    with target.world() as world:
        file = only(attached(world.admin, a_note(world), a_file(b"x", name)))
        assert file["name"] == name
        reply = download(world.admin, file["id"]).expect(200)
        assert "x-evil" not in reply.headers
        disposition = reply.headers.get("content-disposition", "")
        assert disposition.startswith("attachment;")
        assert not {"\r", "\n", "\0"} & {*disposition}
        told = told_name(disposition) or ""
        assert not {"/", "\\"} & {*told}, disposition
        assert reply.body == b"x"


@clause("FP-FILE-12")
@pytest.mark.parametrize(
    "name",
    [
        "activityRemoveFile",
        "activityRemoveFileByGet",
        "activityRemoveFileAtGet",
        "activityRemoveFileAtGetByPost",
    ],
)
def test_a_file_that_was_removed(target: Target, name: str) -> None:
    """A file that was removed is in no list and is not found."""
    with target.world() as world:
        project = world.admin.made("project")["id"]
        note = world.admin.made("activity", projectId=project)["id"]
        (gone,) = attached(world.admin, note, a_file(b"gone"))
        (kept,) = attached(world.admin, note, a_file(b"kept", "kept.txt"))
        world.admin.call(name, id=gone["id"]).expect(200)
        download(world.admin, gone["id"]).refused()
        world.admin.call(name, id=gone["id"]).refused()
        assert download(world.admin, kept["id"]).expect(200).body == b"kept"
        for words in ({"activityId": note}, {"projectId": project}, {}):
            listed = world.admin.listed("file", **words)
            assert gone["id"] not in listed
            assert kept["id"] in listed
        shown = world.admin.shown("activity", note)["files"]
        assert [one["id"] for one in shown] == [kept["id"]]


@clause("FP-FILE-13")
def test_files_of_one_name(target: Target) -> None:
    """Files of one name are files of their own."""
    with target.world() as world:
        note = a_note(world)
        made = attached(world.admin, note, a_file(b"1"), a_file(b"2"))
        made += attached(world.admin, note, a_file(b"3"))
        assert len({file["id"] for file in made}) == len(made)
        world.admin.call("activityRemoveFile", id=made[1]["id"]).expect(200)
        for file, data in ((made[0], b"1"), (made[2], b"3")):
            assert download(world.admin, file["id"]).expect(200).body == data
        download(world.admin, made[1]["id"]).refused()


@clause("FP-FILE-03", "FP-FILE-09")
@given(rows=st.lists(st.tuples(bodies(), titles(12)), min_size=1, max_size=4))
def test_several_files(target: Target, rows: list[tuple[bytes, str]]) -> None:
    """Each number's bytes are the ones that came in its own part."""
    with target.world() as world:
        note = a_note(world)
        made = attached(world.admin, note, *(a_file(*row) for row in rows))
        found = [
            (download(world.admin, file["id"]).expect(200).body, file["name"])
            for file in made
        ]
        assert found == rows
