"""Which names were meant, where somebody asks for one that there is not."""

from collections.abc import Iterable
from difflib import get_close_matches

MOST_LISTED = 12


def known(name: str, names: Iterable[str]) -> str:
    """Those of `names` that are near to `name`, or all where they are few."""
    listed = list(names)
    near = get_close_matches(name, listed)
    if not near:
        fold = {one.lower(): one for one in listed}
        near = [fold[one] for one in get_close_matches(name.lower(), fold)]
    if near:
        return f"; near it: {', '.join(near)}"
    return f"; there is {', '.join(listed)}" if 0 < len(listed) <= MOST_LISTED else ""
