"""Files that a person asks for: whole or not at all, links stay links, devices stay devices, private files private."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from api.console.deliver import save
from api.console.exits import OptionError

REPORT = "You hold LETRS Unit 1.\n"


def test_a_saved_file_holds_the_text_and_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    save(tmp_path / "report.txt", "earlier", quiet=True)
    save(tmp_path / "report.txt", REPORT, quiet=True)
    assert [(file.name, file.read_text(encoding="utf-8")) for file in tmp_path.iterdir()] == [("report.txt", REPORT)]


def test_a_link_stays_a_link_and_its_file_gets_the_text(tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text("earlier", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(kept)
    save(tmp_path / "link.txt", REPORT, quiet=True)
    assert (tmp_path / "link.txt").is_symlink()
    assert kept.read_text(encoding="utf-8") == REPORT


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    save(pipe, REPORT, quiet=True)
    reader.join(10)
    assert read == [REPORT]
    assert pipe.is_fifo()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="this system has no /dev/full")
def test_a_full_disk_is_said(tmp_path: Path) -> None:
    (tmp_path / "full").symlink_to("/dev/full")
    with pytest.raises(OptionError, match="No space left"):
        save(tmp_path / "full", REPORT, quiet=True)
    assert Path("/dev/full").is_char_device()


@pytest.mark.parametrize(("mask", "mode"), [(0o077, 0o600), (0o022, 0o644)])
def test_a_new_file_has_the_permissions_the_person_asks_of_every_new_file(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        save(tmp_path / "report.txt", REPORT, quiet=True)
    finally:
        os.umask(before)
    assert (tmp_path / "report.txt").stat().st_mode & 0o777 == mode


def test_a_private_file_stays_private_when_it_is_written_again(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text("earlier", encoding="utf-8")
    file.chmod(0o600)
    save(file, REPORT, quiet=True)
    assert file.stat().st_mode & 0o777 == 0o600
