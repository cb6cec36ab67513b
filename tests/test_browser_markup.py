"""The console in a browser: nothing that was sent runs."""

import pytest

from .browser import HOSTILE, Console, JavascriptException, needed

pytestmark = needed


def test_nothing_that_was_sent_runs(console: Console) -> None:
    """Markup in titles, texts, names, queries, headers and paths is shown as text."""
    for text in HOSTILE:
        console.item(text, message=text)
        console.ask("PUT", "/api/user", json={"firstName": text, "lastName": text})
        headers = {"User-Agent": text, "Accept": text}
        query = {text: text, "title": text}
        console.ask("GET", "/api/item", params=query, headers=headers)
        console.ask("GET", f"/{text}")
    console.open()
    asked = 4 * len(HOSTILE)
    entries = "return document.querySelectorAll('#log > li').length"
    console.until(lambda: console.script(entries) == asked)
    console.script(
        "for (const one of document.querySelectorAll('details')) one.open = true"
    )
    page = console.script("return document.body.innerText")
    tree = "\n".join(console.tree())
    for text in HOSTILE:
        assert text in tree
        assert page.count(text) > 3
    for number in range(len(HOSTILE)):
        console.script(
            "document.querySelectorAll('[role=treeitem]')[arguments[0]].focus()",
            number + 1,
        )
        assert '"message"' in console.text("chosen")
    strange = "return document.querySelectorAll('body :is(img,script,svg,iframe)')"
    assert console.script(f"{strange}.length") == 0
    assert console.script("return window.hacked") is None


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
