"""Where the data files stand, and how they are read."""

import json
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent


class UnknownApiError(LookupError):
    """There is no contract of that name; `APIS` lists those there are."""

    def __init__(self, api: str) -> None:
        super().__init__(f"there is no contract of an API called {api!r}")


def path(api: str, name: str) -> Path:
    """The file `name` of `api`. Raises `UnknownApiError`."""
    folder = ROOT / api
    if not api.isidentifier() or not folder.is_dir():
        raise UnknownApiError(api)
    return folder / name


@cache
def load(api: str, name: str) -> Any:
    """The parsed file `name` of `api`, shared by all who ask."""
    return json.loads(path(api, name).read_text(encoding="utf-8"))
