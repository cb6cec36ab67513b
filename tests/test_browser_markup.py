"""The console in a browser: nothing that was sent runs."""

import json
from collections.abc import Callable

import pytest

from tasktwin_schemas import APIS

from .browser import HOSTILE, Console, JavascriptException, needed
from .hostile_clients import KINDS, send

pytestmark = needed
OPEN = "for (const one of document.querySelectorAll('details')) one.open = true"
STRANGE = "return document.querySelectorAll('body :is(img,script,svg,iframe)').length"
# What the page tells of each record that is chosen.
CHOSEN = """
const told = [];
for (const one of document.querySelectorAll('[role=treeitem]')) {
  one.focus();
  told.push(document.getElementById('chosen').innerText);
}
return told.join("");
"""


def nothing_ran(console: Console) -> bool:
    """Whether the page has no element but its own, and ran none of the texts."""
    hacked = console.script("return window.hacked")
    return hacked is None and console.script(STRANGE) == 0


def refusal(console: Console, step: object, written: str) -> str:
    """What the page, as the mock, says of a step that there is not, `written` there."""
    sent = {"steps": [step]}
    error: str = console.controls("POST", "/faults", json=sent)["error"]
    console.fill("fault-steps", written)
    console.until(lambda: error[1:] in console.text("failed"))
    return error


@pytest.mark.parametrize("api", APIS)
def test_nothing_that_was_sent_runs(made: Callable[..., Console], api: str) -> None:
    """Markup in names, texts, files, parameters, headers and paths is shown as text."""
    console = made(api)
    for text in HOSTILE:
        send(console, api, text)
    sent = console.controls("GET", "/requests/count")["count"]
    viewer, kinds = KINDS[api]
    console.open()
    console.choose("actor", viewer)
    console.until(lambda: console.text("viewer") == viewer)
    console.until(lambda: len(console.log()) == sent)
    console.script(OPEN)
    log = " ".join(console.text("log").split())
    tree = "\n".join(console.tree())
    chosen = console.script(CHOSEN)
    for text in HOSTILE:
        assert all(f"{kind} {text}" in tree for kind in kinds)
        quoted = json.dumps(text)
        assert log.count(f'"User-Agent": {quoted}') >= 4
        assert f'"name": {quoted}, "media_type"' in log, "a file"
        assert f"GET /{text} no operation" in log
        assert f"unknown-parameter: {text}" in log
        assert quoted in chosen
    assert nothing_ran(console)


@pytest.mark.parametrize("api", APIS)
def test_nothing_that_was_refused_runs(made: Callable[..., Console], api: str) -> None:
    """Markup in the steps of a script is refused, and told of as text."""
    console = made(api)
    console.open()
    for text in HOSTILE:
        assert repr(text) in refusal(console, text, text)
        step = {text: text}
        assert text in refusal(console, step, json.dumps(step))
    assert nothing_ran(console)


def test_not_even_markup_by_force_runs(console: Console) -> None:
    """Were there a hole in the page, its policy would still have nothing run."""
    console.open()
    for force in (
        "document.body.innerHTML = arguments[0]",
        "document.body.insertAdjacentHTML('beforeend', arguments[0])",
        "document.createElement('script').textContent = arguments[0]",
    ):
        with pytest.raises(JavascriptException):
            console.script(force, HOSTILE[0])
    assert console.script("return window.hacked") is None
    console.driver.get_log("browser")  # type: ignore[no-untyped-call]
