"""The console in a browser, by the keyboard alone."""

from .browser import MEMBER, Console, Keys, needed

pytestmark = needed
MOST = 200  # requests that the log shows
# The focus stays where it is: the page stands still or follows, looks at all of it.
PAUSE = "document.getElementById('pause').click()"
LOOK = "document.getElementById('actor').dispatchEvent(new Event('change'))"


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


def test_a_world_is_made_and_dropped(console: Console) -> None:
    """A world is made with Enter; once it is dropped the focus is where to go on."""
    console.open()
    console.tab_to("world-name")
    console.press("twin", Keys.ENTER)
    console.until(lambda: console.text("url").endswith("/~twin"))
    assert console.focus()[0] == "world-name"
    console.back()
    assert console.focus()[0] == "drop"
    console.press(Keys.ENTER)
    console.until(lambda: console.text("said") == "The world twin is dropped.")
    console.until(lambda: not console.get("drop").is_enabled())
    assert console.focus()[0] == "world"
    assert [one["name"] for one in console.controls("GET", "/worlds")] == ["default"]


def test_snapshots_are_dropped(console: Console) -> None:
    """From a snapshot that is dropped the focus goes to the next, then to the form."""
    for name in ("four", "five", "six"):
        console.controls("POST", "/snapshots", json={"name": name})
    console.open()
    console.until(lambda: "six" in console.text("snapshots"))
    console.tab_to("snapshot-name")
    console.press(*[Keys.TAB] * 5)
    assert console.focus()[1] == "Drop five"
    console.press(Keys.ENTER)
    console.until(lambda: console.focus()[1] == "Drop six")
    console.press(Keys.ENTER)
    console.until(lambda: console.focus()[1] == "Drop four")
    console.controls("POST", "/snapshots", json={"name": "seven"})
    console.script(LOOK)
    console.until(lambda: "seven" in console.text("snapshots"))
    assert console.focus()[1] == "Drop four", "the focus stays"
    console.controls("DELETE", "/snapshots/seven")
    console.script(LOOK)
    console.until(lambda: "seven" not in console.text("snapshots"))
    console.press(Keys.ENTER)
    console.until(lambda: console.focus()[0] == "snapshot-name")


def test_the_log_goes_away(console: Console) -> None:
    """From a request that is not shown any more the focus goes on near by."""
    console.item("Call back")
    console.open()
    console.until(lambda: console.log() == [1])
    console.tab_to("log-clear")
    console.press(Keys.TAB)
    console.script(PAUSE)
    console.controls("DELETE", "/requests")
    console.item("Call again")
    console.script(PAUSE)
    console.until(lambda: console.log() == [2])
    assert "POST /api/item" in console.focus()[1]
    console.controls("DELETE", "/requests")
    console.until(lambda: console.log() == [])
    assert console.focus()[0] == "log-operation"


def test_the_oldest_request_goes_away(console: Console) -> None:
    """Where the log is full, the focus goes from the oldest request to the next."""
    for _ in range(MOST):
        console.ask("GET", "/api/nothing")
    console.open()
    console.until(lambda: console.log()[-1:] == [1])
    console.script("document.querySelector('#log > :last-child summary').focus()")
    console.ask("GET", "/api/nothing")
    console.until(lambda: console.log()[-1:] == [2])
    assert console.focus()[1].startswith("2 ")


def test_the_tree_goes_away(console: Console) -> None:
    """From a record that is not seen any more the focus goes on to one that is."""
    parent = console.item("Garden")
    console.item("Paint the fence", parent=parent)
    number = console.item("Weeds")
    console.open()
    console.script("document.querySelector('[role=treeitem]').focus()")
    console.press(Keys.ARROW_DOWN, Keys.ARROW_LEFT, Keys.ARROW_DOWN)
    assert console.focus()[1].startswith("item Weeds")
    console.ask("PUT", "/api/item", json={"id": number, "parent": parent})
    console.until(lambda: len(console.tree()) == 2)
    assert console.focus()[1].startswith("user")
    accounts = {"accounts": {"owner": "terminated"}}
    console.controls("PATCH", "/settings", json=accounts)
    console.script(LOOK)
    console.until(lambda: console.tree() == [])
    assert console.focus()[0] == "actor"
