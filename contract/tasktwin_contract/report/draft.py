"""A report's file: it holds the whole report, or what it held before."""

import errno
import os
from pathlib import Path


def check(path: Path) -> None:
    """Raise `OSError` where no report can be written to `path`."""
    draft = _beside(path)
    draft.touch()
    draft.unlink()


def write(path: Path, text: str) -> None:
    """Write `text` to `path`, whole or not at all. Raises `OSError`."""
    draft = _beside(path)
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path.resolve())
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _beside(path: Path) -> Path:
    """A file beside `path`, which must not be anything else than a file."""
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise FileExistsError(errno.EEXIST, "it is not a file")
    return path.with_name(f".{path.name}.{os.getpid()}")
