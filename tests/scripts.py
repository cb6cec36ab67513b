"""The scripts of folders that are no packages, as modules."""

import importlib
import sys
from pathlib import Path
from types import ModuleType


def script(name: str, *folders: Path) -> ModuleType:
    """The module `name`, which finds what it imports in `folders`."""
    before = sys.path.copy()
    sys.path[:0] = map(str, folders)
    try:
        return importlib.import_module(name)
    finally:
        sys.path[:] = before
