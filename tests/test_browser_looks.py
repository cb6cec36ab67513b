"""The console in a browser: looks that overlap with others, and with what is done."""

from .browser import Console, needed

pytestmark = needed


def test_looks_at_the_log_overlap(console: Console) -> None:
    """Of two looks at the log that find the same news, none takes away the rest."""
    console.item("Call back")
    console.item("Call back")
    console.open()
    console.until(lambda: console.log() == [2, 1])
    console.get("pause").click()
    console.item("Call back")
    console.hold("/requests?")
    console.get("freeze").click()
    console.until(lambda: console.answered("GET /__admin/snapshots?") == 1)
    console.get("freeze").click()
    console.until(lambda: console.answered("GET /__admin/snapshots?") == 2)
    console.release()
    console.get("pause").click()
    console.item("Call back")
    console.until(lambda: console.log()[:1] == [4])
    assert console.log() == [4, 3, 2, 1]


def test_a_world_is_made_meanwhile(console: Console) -> None:
    """A list of worlds that was asked for before one was made does not leave it."""
    console.open()
    console.get("pause").click()
    console.hold("/worlds?")
    console.get("freeze").click()
    console.until(lambda: console.answered("GET /__admin/worlds?") == 1)
    console.fill("world-name", "twin")
    console.until(lambda: console.text("said") == "The world twin is made.")
    console.release()
    assert console.text("failed") == ""
    console.until(lambda: console.text("url").endswith("/~twin"))


def test_a_world_is_chosen_meanwhile(console: Console) -> None:
    """What was asked about a world is not shown as another's that is chosen by then."""
    console.controls("POST", "/worlds", json={"name": "twin"})
    console.controls("POST", "/snapshots", json={"name": "four"})
    console.controls("POST", "/faults", json={"steps": [503]})
    console.controls("PATCH", "/settings", json={"strict": True})
    console.open()
    console.until(lambda: "four" in console.text("snapshots"))
    console.get("pause").click()
    console.hold("world=default")
    console.get("freeze").click()
    console.until(lambda: console.answered("GET /__admin/snapshots?world=default"))
    console.choose("world", "twin")
    console.until(lambda: console.text("url").endswith("/~twin"))
    console.release()
    console.until(lambda: console.answered("GET /__admin/snapshots?world=twin"))
    console.until(lambda: console.text("snapshots") == "")
    assert console.text("faults") == ""
    assert console.text("runs") == "runs"
    assert not console.get("strict").is_selected()


def test_a_world_is_dropped_meanwhile(console: Console) -> None:
    """That a world is gone is no failure of a look once another one is chosen."""
    console.controls("POST", "/worlds", json={"name": "twin"})
    console.open()
    console.choose("world", "twin")
    console.until(lambda: console.text("url").endswith("/~twin"))
    console.controls("DELETE", "/worlds/twin")
    console.hold("world=twin")
    console.until(lambda: console.answered("GET /__admin/clock?world=twin"))
    console.choose("world", "default")
    console.until(lambda: not console.text("url").endswith("/~twin"))
    console.release()
    assert console.text("failed") == ""
