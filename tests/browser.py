"""The console in a real browser: Debian's chromium, with its own driver.

Nothing is downloaded for it; where the two are not installed the tests are skipped.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import requests

pytest.importorskip("selenium", reason="selenium is not installed")

from selenium import webdriver
from selenium.common import JavascriptException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from tasktwin_mockserver.server import MockServer

# Selenium's names too: nobody else asks whether it is installed, and may import it.
__all__ = [
    "HOSTILE",
    "MEMBER",
    "SECONDS",
    "Console",
    "JavascriptException",
    "Keys",
    "chromium",
    "consoles",
    "needed",
]

BROWSER, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--window-size=1400,1600",
)
SECONDS = 30  # until something has to be seen
MOST_TABS = 60
MEMBER = 1004
RUN = "window.hacked = (window.hacked || 0) + 1"
# What the page is answered to a GET is kept from it where the address has a text in it.
HOLD = """
const [text] = arguments, real = window.fetch;
const released = new Promise((go) => { window.release = go; });
window.asked = [];
window.fetch = async (address, options) => {
  const { method } = options;
  const answer = await real(address, options);
  const said = await answer.json();
  window.asked.push(`${method} ${address}`);
  if (method === "GET" && address.includes(text)) await released;
  return { ok: answer.ok, status: answer.status, json: async () => said };
};
"""
HOSTILE = (
    f"<img src=x onerror='{RUN}'>",
    f"<script>{RUN}</script>",
    f"\"'><svg onload='{RUN}'>",
    f"javascript:{RUN}",
    "</pre></summary><iframe srcdoc='<script>parent.hacked=1</script>'>",
)

needed = pytest.mark.skipif(
    not (BROWSER.exists() and DRIVER.exists()),
    reason=f"{BROWSER} and {DRIVER} are not installed: chromium, chromium-driver",
)


class Console:
    """The page as somebody uses it who looks at `server`."""

    def __init__(self, driver: webdriver.Chrome, server: MockServer) -> None:
        self.driver = driver
        self.server = server

    def open(self) -> None:
        """Go to the page, and wait until it shows a world."""
        self.driver.get(f"{self.server.url}/__admin/")
        self.until(self.tree)

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until that is so."""
        wait = WebDriverWait(self.driver, SECONDS, poll_frequency=0.05)
        wait.until(lambda _: condition(), f"failed: {self.text('failed')}")

    def script(self, text: str, *values: object) -> Any:
        """Run something in the page."""
        return self.driver.execute_script(text, *values)

    def get(self, name: str) -> WebElement:
        """The element with that id."""
        return self.driver.find_element("id", name)

    def text(self, name: str) -> str:
        """What the element with that id says."""
        found: str = self.script(
            "return document.getElementById(arguments[0]).innerText", name
        )
        return found

    def log(self) -> list[int]:
        """The numbers of the requests that the log shows."""
        rows: list[str] = self.script(
            "return [...document.querySelectorAll('#log .at')]"
            ".map((one) => one.textContent)"
        )
        return [int(row.split()[0]) for row in rows]

    def tree(self) -> list[str]:
        """The lines of the tree that are seen."""
        rows: list[str] = self.script(
            "return [...document.querySelectorAll('#tree .row')]"
            ".filter((row) => row.checkVisibility()).map((row) => row.innerText)"
        )
        return rows

    def choose(self, name: str, value: str) -> None:
        """Choose something of a list."""
        Select(self.get(name)).select_by_value(value)

    def fill(self, name: str, value: str) -> None:
        """Write into a field, and send its form."""
        field = self.get(name)
        field.clear()
        field.send_keys(value, Keys.ENTER)

    def hold(self, text: str) -> None:
        """Keep the answers to GET of addresses with this text until `release`."""
        self.script(HOLD, text)

    def answered(self, request: str) -> int:
        """How many answers there were, since `hold`, to what begins so."""
        asked: list[str] = self.script("return window.asked")
        return sum(one.startswith(request) for one in asked)

    def release(self) -> None:
        """Let go of the answers that were kept; the page has seen them then."""
        self.script("window.release()")

    def press(self, *keys: str) -> None:
        """Press keys where the focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def back(self, times: int = 1) -> None:
        """Press Tab with Shift, which leads back."""
        keys = [Keys.TAB] * times
        chain = ActionChains(self.driver).key_down(Keys.SHIFT)
        chain.send_keys(*keys).key_up(Keys.SHIFT).perform()

    def focus(self) -> tuple[str, str]:
        """The id, and the label or else the text, of what has the focus."""
        name, label = self.script(
            "const one = document.activeElement;"
            "return [one.id, one.ariaLabel ?? one.innerText]"
        )
        return name, label

    def tab_to(self, name: str) -> None:
        """Press Tab until the focus is there."""
        for _ in range(MOST_TABS):
            if self.focus()[0] == name:
                return
            self.press(Keys.TAB)
        raise AssertionError(f"no Tab leads to {name}")

    # What a client of the mock does meanwhile.

    def controls(self, method: str, path: str, **words: Any) -> Any:
        """What the mock's controls say."""
        url = f"{self.server.url}/__admin{path}"
        return requests.request(method, url, timeout=SECONDS, **words).json()

    def actor(self, name: str, world: str = "default") -> dict[str, str]:
        """Somebody of the cast."""
        people: dict[str, dict[str, str]]
        people = self.controls("GET", f"/worlds/{world}")["actors"]
        return people[name]

    def ask(self, method: str, path: str, **words: Any) -> requests.Response:
        """What the API answers to the owner."""
        session = {"x-hi-session": self.actor("owner")["session_id"]}
        headers = session | words.pop("headers", {})
        url = f"{self.server.url}{path}"
        return requests.request(method, url, headers=headers, timeout=SECONDS, **words)

    def item(self, title: str, **fields: Any) -> int:
        """Have the owner make an item; its id."""
        sent = {"guid": str(uuid.uuid4()), "title": title, **fields}
        answer = self.ask("POST", "/api/item", json=sent)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["id"])


@contextmanager
def chromium() -> Iterator[webdriver.Chrome]:
    """A browser that shows nothing on a screen, and leaves no files behind."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    for switch in SWITCHES:
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with TemporaryDirectory(prefix="tasktwin-") as folder:
        service = Service(str(DRIVER), env={**os.environ, "TMPDIR": folder})
        with webdriver.Chrome(options=options, service=service) as driver:
            yield driver


@contextmanager
def consoles(driver: webdriver.Chrome) -> Iterator[Callable[..., Console]]:
    """Makes consoles, of which the browser has nothing to complain in the end.

    What a server refuses it notes too; that is no complaint about the page.
    """
    servers: list[MockServer] = []

    def make(api: str = "hitask", **words: Any) -> Console:
        server = MockServer(api, **words)
        server.start()
        servers.append(server)
        return Console(driver, server)

    yield make
    noted = driver.get_log("browser")  # type: ignore[no-untyped-call]
    driver.get("about:blank")
    for server in servers:
        server.stop()
    assert [one for one in noted if one["source"] != "network"] == []
