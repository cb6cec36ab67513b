"""Texts that a client may write, and texts that XML cannot carry."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tasktwin_contract.strategies import VISIBLE, titles

MARKUP = (
    "<b>bold</b>",
    "</name>",
    "</response>",
    "&amp;",
    "&",
    "&lt;script&gt;",
    "&#13;",
    "&#x0;",
    "&nbsp;",
    "&unknown;",
    "<!-- -->",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?xml version='1.0'?>",
    '<!DOCTYPE x [<!ENTITY e "text">]>',
    "&e;",
    "\"'",
    "%5B%5D+%26",
    "\\u003c\\n",
)
"""What means something in XML, in JSON or in a form."""

SPACES = (" ", "\t", "\n", "\r", "\r\n", "\x85", "\u2028", "\u00a0")

ODD = "\r\n\t <a b='c'>&amp;&#10;]]>\r\u2028\x85\x7f\ue000\ufffd\U0010ffff \r"
"""What stands at the edges of what XML 1.0 can carry."""

FORBIDDEN = "".join(
    chr(code) for code in (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF)
)
"""The characters that UTF-8 has and XML 1.0 has not."""


def _carried(character: str) -> bool:
    return character not in FORBIDDEN


CARRIED = st.characters(codec="utf-8").filter(_carried)


def texts(most: int = 60) -> SearchStrategy[str]:
    """Texts of all that XML carries, with what means something there; never empty."""
    part = (
        st.sampled_from(MARKUP) | st.sampled_from(SPACES) | st.text(CARRIED, max_size=8)
    )
    whole = st.lists(part, max_size=5).map("".join).map(lambda text: text[:most])
    return st.builds("{}{}".format, whole, VISIBLE) | st.builds(
        "{}{}".format, VISIBLE, whole
    )


def marked() -> SearchStrategy[str]:
    """Texts of markup."""
    parts = st.lists(st.sampled_from(MARKUP) | titles(6), min_size=1, max_size=4)
    return parts.map("".join)


def white() -> SearchStrategy[str]:
    """Texts with white space anywhere."""
    spaces = st.lists(st.sampled_from(SPACES), max_size=3).map("".join)
    return st.builds("{}{}{}{}{}".format, spaces, VISIBLE, spaces, VISIBLE, spaces)


def broken() -> SearchStrategy[str]:
    """Texts with a character that XML 1.0 cannot carry."""
    text = titles(6)
    return st.builds("{}{}{}".format, text, st.sampled_from(FORBIDDEN), text)
