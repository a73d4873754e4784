"""Environment to one frozen :class:`Settings`; nothing else in this project reads the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from pathways.errors import PathwaysError

MEBIBYTE = 1024 * 1024
DATABASES = frozenset({"postgresql", "postgres", "postgresql+pg8000"})
"""How the address of a database may begin."""


@dataclass
class SettingError(PathwaysError):
    """A setting that cannot be read."""

    name: str
    found: str
    expected: str

    def __str__(self) -> str:
        """Name the variable, what it holds and what it should hold."""
        return f"{self.name}: found {self.found[:80]!r}, expected {self.expected}."


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set from outside.

    Parameters
    ----------
    home : Path
        Where caches are kept (``PATHWAYS_HOME``; by default the user's cache folder).
    catalog : Path or None
        Folder of catalog files to read instead of the bundled ones (``PATHWAYS_CATALOG``).
    weights : Path or None
        Folder of encoder weights to read instead of the bundled ones (``PATHWAYS_WEIGHTS``).
    host, port : str, int
        Where ``pathways serve`` listens (``PATHWAYS_HOST``, ``PATHWAYS_PORT``).
    max_body_bytes : int
        Longest request body (``PATHWAYS_MAX_BODY_BYTES``).
    workers : int
        Answers computed at the same time in one process (``PATHWAYS_WORKERS``).
    today : date or None
        Answer as of this day instead of the present one, so that a run can be repeated (``PATHWAYS_TODAY``).
    data : Path or None
        Where plans are kept (``PATHWAYS_DATA``; by default ``PATHWAYS_HOME`` where that is set, else the user's data folder).
        None stands for ``home``.
    database : str or None
        Address of a PostgreSQL database to keep everything in instead of a file under ``data`` (``PATHWAYS_DATABASE``).
    """

    home: Path
    catalog: Path | None = None
    weights: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    max_body_bytes: int = MEBIBYTE
    workers: int = 2
    today: date | None = None
    data: Path | None = None
    database: str | None = field(default=None, repr=False)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read settings from environment variables; an empty one counts as not set.

    Parameters
    ----------
    environment : mapping of str to str
        Usually ``os.environ``.

    Returns
    -------
    Settings

    Raises
    ------
    SettingError
        If a number or date is none, or is out of range.

    Examples
    --------
    >>> read_settings({"PATHWAYS_HOME": "cache", "PATHWAYS_PORT": "9000"}).port
    9000
    """
    given = {name: value for name, value in environment.items() if name.startswith("PATHWAYS_") and value}
    return Settings(
        home=Path(given["PATHWAYS_HOME"]) if "PATHWAYS_HOME" in given else _default_home(),
        catalog=_folder(given, "PATHWAYS_CATALOG"),
        weights=_folder(given, "PATHWAYS_WEIGHTS"),
        host=given.get("PATHWAYS_HOST", "127.0.0.1"),
        port=_whole(given, "PATHWAYS_PORT", 8000, 0, 65_535),
        max_body_bytes=_whole(given, "PATHWAYS_MAX_BODY_BYTES", MEBIBYTE, 1024, 1024 * MEBIBYTE),
        workers=_whole(given, "PATHWAYS_WORKERS", 2, 1, 256),
        today=_day(given, "PATHWAYS_TODAY"),
        data=_folder(given, "PATHWAYS_DATA") or _folder(given, "PATHWAYS_HOME") or user_data_path("pathways"),
        database=_database(given, "PATHWAYS_DATABASE"),
    )


def _default_home() -> Path:
    return user_cache_path("pathways")


def _folder(given: Mapping[str, str], name: str) -> Path | None:
    return Path(given[name]) if name in given else None


def _database(given: Mapping[str, str], name: str) -> str | None:
    text = given.get(name)
    scheme, mark, rest = (text or "").partition("://")
    if text is not None and not (mark and rest and scheme in DATABASES):
        # The address may hold a password, so the message shows no more than how it begins.
        raise SettingError(name, f"{scheme[:20]}...", "an address such as postgresql+pg8000://user@host/database")
    return text


def _whole(given: Mapping[str, str], name: str, default: int, lowest: int, highest: int) -> int:
    text = given.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 16 and lowest <= int(text) <= highest):
        raise SettingError(name, text, f"a whole number from {lowest} to {highest}")
    return int(text)


def _day(given: Mapping[str, str], name: str) -> date | None:
    text = given.get(name)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingError(name, text, "a day such as 2026-11-21") from error
