"""Badge files named on the command line: read from disk, checked offline, and turned into entries of a record."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from api.badge_service import Held, check_files, checker, end_of, fetcher, hold
from api.console.exits import OptionError
from api.pinned_keys import pinned_keys
from api.settings import read_settings
from pathways.badges.allow import parse_moment
from pathways.badges.entities import Fetch, Fetched
from pathways.badges.errors import FetchError, NotThereError
from pathways.badges.read import MAX_PICTURE
from pathways.badges.resolve import Index
from pathways.badges.transcript import read_transcript
from pathways.errors import QuestionError, UnknownIdError, nearest_ids
from pathways.text_files import MAX_BYTES

if TYPE_CHECKING:
    from api.world import World
    from pathways.record import EarnedCredential, LearnerRecord

MAX_ANSWER = 1024 * 1024


class Responses:
    """Local files that answer in place of the network; at any other address there is nothing.

    Parameters
    ----------
    index : Path
        JSON: an object from addresses to files, named as seen from the index; or a list of objects with ``serve_as`` and ``file``
        (perhaps under ``cases``).

    Raises
    ------
    OptionError
        If it is neither.
    """

    def __init__(self, index: Path) -> None:
        try:
            value = json.loads(index.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            message = f"--responses {index}: not a JSON file that can be read ({str(error)[:80]})."
            raise OptionError(message) from None
        self._files = {url: index.parent / name for url, name in _pairs(value, index)}

    def __call__(self, url: str) -> Fetched:
        """The file's content, at most a megabyte of it.

        Raises
        ------
        FetchError
            If no file stands for the address, or it cannot be read.
        """
        # A fragment names a part of the page, and is never sent.
        page = url.partition("#")[0]
        path = self._files.get(url) or self._files.get(page)
        if path is None:
            raise NotThereError(url, "no file stands for this address")
        try:
            with path.open("rb") as file:
                content = file.read(MAX_ANSWER + 1)
        except OSError as error:
            raise FetchError(url, f"{path.name}: {error.strerror}") from None
        if len(content) > MAX_ANSWER:
            raise FetchError(url, f"the answer is longer than {MAX_ANSWER:,} bytes")
        kind = "application/json" if path.suffix in {".json", ".jsonld"} else "application/octet-stream"
        return Fetched(content, kind, page)


def contents(names: Iterable[str]) -> Iterator[tuple[str, bytes | OSError]]:
    """Files one after the other: as much of each as is ever read of a badge, and one byte more, so that a longer one is told."""
    for name in names:
        try:
            with Path(name).open("rb") as file:
                content = file.read(MAX_PICTURE + 1)
        except OSError as error:
            yield name, error
        else:
            yield name, content


def instant(text: str | None) -> datetime:
    """The instant to judge dates at: a day alone is its first instant in UTC; by default now, or the end of ``PATHWAYS_TODAY``.

    Raises
    ------
    OptionError
        If the text names no day and no instant.
    """
    if text is not None:
        found = parse_moment(text)
        if found is None:
            message = f"--now: {text[:40]!r} is no day or instant. Expected 2026-11-21 or 2026-11-21T10:00:00Z."
            raise OptionError(message)
        return found
    today = read_settings(os.environ).today
    return datetime.now(UTC) if today is None else end_of(today)


def network() -> Fetch | None:
    """The network as the environment allows it: none, unless ``PATHWAYS_FETCH`` is on."""
    return fetcher(read_settings(os.environ))


def pins() -> Mapping[str, tuple[str, ...]]:
    """Keys that an administrator vouches for, as the environment names them."""
    return pinned_keys(read_settings(os.environ))


def entries_of(files: dict[str, str | None], world: World) -> tuple[EarnedCredential, ...]:
    """What badge files add to a record; each that does not count, or asks which credential it is, is told on stderr.

    Raises
    ------
    QuestionError
        If not one of the badges counts.
    UnknownIdError
        If a confirmed id is not in the catalog.
    """
    for item in filter(None, files.values()):
        if item not in world.catalog.credentials:
            raise UnknownIdError(item[:100], "credential", nearest_ids(item, world.catalog.credentials))
    fetch = network()
    checked = check_files(contents(files), checker(end_of(world.today), fetch=fetch, pinned=pins()), fetch)
    confirmed = {name: item for name, item in files.items() if item}
    held = hold(checked, world, confirmed=confirmed)
    for badge in held:
        for words in _told(badge, world):
            typer.echo(words, err=True)
    counted = tuple(badge.entry for badge in held if badge.entry is not None)
    if not counted:
        raise QuestionError("None of the badge files given with --have counts; the reasons stand above.")
    return counted


def record_of_transcript(path: Path, world: World) -> LearnerRecord:
    """The record in a transcript; courses that do not count are told on stderr.

    Raises
    ------
    DataError
        If it cannot be read; it names every problem.
    """
    with path.open("rb") as file:
        found = read_transcript(file.read(MAX_BYTES + 1), name=path.name, index=Index(world.catalog.credentials))
    for note in found.notes:
        typer.echo(f"{path.name}: {note}", err=True)
    return found.record


def _told(held: Held, world: World) -> list[str]:
    """One badge for the person at the terminal: what it counts as, or why not, or which credentials to choose from."""
    file, found, entry = held.checked.file, held.resolution, held.entry
    items = world.catalog.credentials
    if entry is None:
        return [f"{file}: does not count: {held.why_not}"]
    if found.credential_id is not None:
        return [f"{file}: {items[found.credential_id].name} ({found.why}), {entry.verification}"]
    words = [f'{file}: "{entry.name}" counts as a skill ({found.why}), {entry.verification}']
    words += [
        f"  perhaps {items[one.id].name}: {one.why} ({one.score:.2f}). To confirm: --have {file}={one.id}"
        for one in found.candidates
    ]
    return words


def _pairs(value: Any, index: Path) -> list[tuple[str, str]]:
    listed = value.get("cases") if isinstance(value, dict) and isinstance(value.get("cases"), list) else value
    if isinstance(listed, list) and all(isinstance(item, dict) for item in listed):
        pairs = [(item["serve_as"], item.get("file")) for item in listed if "serve_as" in item]
    else:
        pairs = list(listed.items()) if isinstance(listed, dict) else [("", None)]
    if not all(isinstance(url, str) and isinstance(name, str) for url, name in pairs):
        message = f"--responses {index}: expected an object from addresses to files, or a list with serve_as and file."
        raise OptionError(message)
    return pairs
