"""The console in a browser, by the keyboard alone."""

from .browser import MEMBER, Console, Keys, needed

pytestmark = needed


def test_without_a_mouse(console: Console) -> None:
    """By the keyboard alone: choose somebody, walk the tree, keep and restore."""
    parent = console.item("Garden", permissions=[{"principal": MEMBER, "level": 50}])
    console.item("Paint the fence", parent=parent)
    console.open()
    console.tab_to("actor")
    console.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    console.until(lambda: console.text("viewer") == "member")
    console.until(lambda: "50 (complete)" in "".join(console.tree()))
    console.press(Keys.TAB, Keys.TAB, Keys.TAB)
    assert console.focus()[1].startswith("user member")
    console.press(Keys.ARROW_DOWN)
    assert console.focus()[1].startswith("item Garden")
    assert '"title": "Garden"' in console.text("chosen")
    console.press(Keys.ARROW_RIGHT)
    assert console.focus()[1].startswith("item Paint the fence")
    console.press(Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    assert len(console.tree()) == 2
    console.press(Keys.END, Keys.HOME, Keys.ARROW_UP)
    assert console.focus()[1].startswith("user member")
    console.press(Keys.END, Keys.ENTER)
    assert len(console.tree()) == 3
    console.item("Weeds", parent=parent)
    console.until(lambda: len(console.tree()) == 4)
    assert console.focus()[1].startswith("item Garden"), "the focus stays"
    console.tab_to("snapshot-name")
    console.press("four", Keys.ENTER)
    console.until(lambda: "four" in console.text("snapshots"))
    console.item("More weeds", parent=parent)
    console.until(lambda: len(console.tree()) == 5)
    console.press(Keys.TAB, Keys.TAB)
    assert console.focus()[1] == "Restore four"
    console.press(Keys.ENTER)
    console.until(lambda: len(console.tree()) == 4)
    assert console.text("said") == "The world is as it was at four."


def test_a_request_is_opened(console: Console) -> None:
    """Enter opens a request of the log, Tab goes on into it, and Enter closes it."""
    console.item("Call back")
    console.open()
    console.until(lambda: console.log() == [1])
    console.tab_to("log-clear")
    console.press(Keys.TAB)
    assert "POST /api/item" in console.focus()[1]
    console.press(Keys.ENTER, Keys.TAB)
    assert '"title": "Call back"' in console.focus()[1]
    console.item("Call again")
    console.until(lambda: console.log() == [2, 1])
    assert '"title": "Call back"' in console.focus()[1], "the focus stays"
    console.back()
    console.press(Keys.ENTER)
    assert '"title"' not in console.text("log")
    console.tab_to("log-clear")
    console.press(Keys.ENTER)
    console.until(lambda: console.text("said") == "The log is empty.")
    console.until(lambda: console.log() == [])
    assert console.focus()[0] == "log-clear"


def test_a_script_is_added_and_dropped(console: Console) -> None:
    """A fault script is chosen, written, sent with Enter, and dropped with another."""
    console.open()
    console.tab_to("fault-operation")
    console.press(Keys.ARROW_DOWN, Keys.TAB, "503, ok", Keys.ENTER)
    console.until(lambda: "503" in console.text("faults"))
    (script,) = console.controls("GET", "/faults")
    first = console.controls("GET", "/contract")["operations"][0]["id"]
    assert script == {"operation": first, "steps": [503, "ok"], "left": [503, "ok"]}
    assert console.focus()[0] == "fault-steps"
    console.press(Keys.TAB, Keys.TAB, Keys.ENTER)
    console.until(lambda: console.text("faults") == "")
    assert console.controls("GET", "/faults") == []
    assert console.focus()[0] == "faults-clear"


def test_the_clock_stands_and_is_turned(console: Console) -> None:
    """The clock is frozen, turned, set and let run without the focus going away."""
    console.open()
    console.tab_to("freeze")
    console.press(Keys.ENTER)
    console.until(lambda: console.text("runs") == "stands still")
    assert console.focus() == ("freeze", "Let it run")
    console.press(Keys.TAB, Keys.TAB, Keys.TAB, "2030-01-01T00:00:00Z", Keys.ENTER)
    console.until(lambda: console.text("now") == "2030-01-01T00:00:00.000000Z")
    assert console.focus()[0] == "moment"
    console.back(2)
    console.press("90.5", Keys.ENTER)
    console.until(lambda: console.text("now") == "2030-01-01T00:01:30.500000Z")
    assert console.focus()[0] == "seconds"
    console.back()
    console.press(Keys.SPACE)
    console.until(lambda: console.text("runs") == "runs")
    assert console.controls("GET", "/clock")["frozen"] is False
