"""A report's file."""

import os
from pathlib import Path

import pytest

from tasktwin_contract.report import draft


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """An older report is there until the new one is, and no draft stays behind."""
    path = tmp_path / "report.json"
    path.write_text("old", encoding="utf-8")
    draft.check(path)
    assert path.read_text(encoding="utf-8") == "old"
    draft.write(path, "new \u00e9")
    assert path.read_text(encoding="utf-8") == "new \u00e9"
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the last step fails, the older report stays and the draft goes."""
    path = tmp_path / "report.json"
    path.write_text("old", encoding="utf-8")

    def replace(*arguments: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(OSError, match="space"):
        draft.write(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """A report that is a link is written where the link points to."""
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "report.json")
    draft.write(link, "new")
    assert link.is_symlink()
    assert (tmp_path / "report.json").is_file()


@pytest.mark.parametrize(
    "name", ["", "none/report.json", "file/report.json", "x" * 255]
)
def test_a_report_that_cannot_be_written_is_found_out(
    name: str, tmp_path: Path
) -> None:
    """A folder, a missing folder, or a name that is too long is refused beforehand."""
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r".") as caught:
        draft.check(tmp_path / name)
    assert caught.value.strerror


def test_a_device_is_never_replaced() -> None:
    """A report goes into a file: /dev/null would be replaced by one."""
    with pytest.raises(FileExistsError, match="it is not a file"):
        draft.check(Path(os.devnull))
