"""Where the store is, in one address, and what can be seen of it without a database library.

Leaves out everything that opens it for good: :mod:`api.store.database`.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from api.settings import Settings

FILE = "local.sqlite"
LOCAL = "local"
"""The institution of a machine without sign-in."""
_SQLITE = "sqlite:///"
_VERSIONS = Path(__file__).parent / "migrations" / "versions"


@dataclass(frozen=True, slots=True)
class Location:
    """One store.

    Parameters
    ----------
    url : str
        As SQLAlchemy writes it; may hold a password, so it is never shown.
    """

    url: str

    def __repr__(self) -> str:
        return f"Location({self.name})"

    @property
    def path(self) -> Path | None:
        """The file, where the store is one."""
        return Path(self.url.removeprefix(_SQLITE)) if self.url.startswith(_SQLITE) else None

    @property
    def name(self) -> Path | str:
        """The file, or the database server without user and password: what messages show."""
        if self.path is not None:
            return self.path
        parts = urlsplit(self.url)
        return (
            f"{parts.scheme.partition('+')[0]}://{parts.hostname or 'socket'}{f':{parts.port}' if parts.port else ''}{parts.path}"
        )


def location_of(where: Settings | Path | str) -> Location:
    """The store that settings, a file or an address name.

    Examples
    --------
    >>> location_of(Path("here/local.sqlite")).url
    'sqlite:///here/local.sqlite'
    """
    if isinstance(where, Settings):
        where = where.database if where.database is not None else (where.data or where.home) / FILE
    if isinstance(where, Path):
        return Location(_SQLITE + str(where))
    scheme, mark, rest = where.partition("://")
    return Location(f"postgresql+pg8000{mark}{rest}" if scheme in {"postgresql", "postgres"} else where)


def head() -> str:
    """The newest version of the tables that this program knows: the name of the last migration file."""
    return known()[-1]


def known() -> tuple[str, ...]:
    """The versions of the tables in their order: one file each, ordered by name."""
    return tuple(sorted(path.stem for path in _VERSIONS.glob("[0-9]*.py")))


def peek(path: Path, question: str) -> int | None:
    """One number out of an SQLite store, without a database library; None where there is no such file or table.

    For what every command must know before it decides whether to open the store at all.
    """
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"file:{path.resolve().as_posix()}?mode=ro", uri=True, timeout=1.0)) as opened:
            row = opened.execute(question).fetchone()
    except sqlite3.Error:
        return None
    return None if row is None or row[0] is None else int(row[0])
