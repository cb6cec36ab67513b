"""Titles and words carry the mark of a run; what is shown of it carries no secret."""

import json
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktwin_contract.marks import Mark, is_marked
from tasktwin_contract.redaction import Redaction, in_shell
from tasktwin_contract.wire import Request


@given(title=st.text(max_size=300))
def test_a_mark_comes_off_as_it_went_on(title: str) -> None:
    """Whatever title is marked is the same again without the mark, and never longer."""
    mark = Mark("0123abcd")
    marked = mark.on(title)
    assert is_marked(marked) == (len(title.strip()) > 0 and len(title) <= 237)
    assert mark.off(marked.encode(errors="replace")) == title.encode(errors="replace")
    assert len(marked) <= max(255, len(title))


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        (["a", "b c", 5], ["M a", "M b c", 5]),
        ('["a", ""]', '["M a", ""]'),
        ("a, b", "M a,M b"),
        ("", ""),
        ("[a", "[a"),
        (7, 7),
    ],
)
def test_words_are_marked_one_by_one(words: Any, marked: Any) -> None:
    """Of a list of words each one is marked, however the list is written."""
    mark = Mark("0123abcd")
    wanted = json.dumps(marked).replace("M ", mark.text)
    assert json.dumps(mark.on_each(words)) == wanted


@given(secret=st.text(st.characters(exclude_categories=["Cs"]), min_size=4))
def test_secrets_are_cut(secret: str) -> None:
    """A secret is cut however it is written, and in a shell line is a variable."""
    redaction = Redaction()
    redaction.add(secret, "KEY")
    for form in (secret, json.dumps(secret), quote_plus(secret), repr(secret)):
        assert redaction.text(f"<{form}>").strip("<'\">") == "$KEY"
    hidden = redaction.request(Request("GET", "/", (("a", secret),), (), b""))
    assert hidden.query == (("a", "{{KEY}}"),)
    assert in_shell("curl '{{KEY}}' \"%7B%7BKEY%7D%7D\"") == (
        "curl ''\"$KEY\"'' \"$KEY\""
    )
