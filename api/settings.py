"""Environment to one frozen :class:`Settings`; nothing else in this project reads the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from platformdirs import user_cache_path, user_data_path

from pathways.errors import PathwaysError

MEBIBYTE = 1024 * 1024
DATABASES = frozenset({"postgresql", "postgres", "postgresql+pg8000"})
"""How the address of a database may begin."""
SignIn = Literal["local", "required", "anyone"]


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
    sign_in : str or None
        Who may ask (``PATHWAYS_SIGN_IN``): ``local`` whoever is at this machine, ``required`` only who signs in, ``anyone``
        strangers too, who get no role. None: ``local`` where only this machine can reach ``host``, else ``required``.
    secret_file : Path or None
        File of 32 bytes that signs sessions, keys and the audit log (``PATHWAYS_SECRET_FILE``; by default ``secret.key`` in
        ``data``).
    session_hours : int
        How long a person stays signed in (``PATHWAYS_SESSION_HOURS``).
    requests_per_minute : int
        Requests one key or person may send, 0 for any number (``PATHWAYS_REQUESTS_PER_MINUTE``).
    oidc_issuer, oidc_client_id, oidc_client_secret_file
        The OpenID provider that people sign in with (``PATHWAYS_OIDC_ISSUER``, ``PATHWAYS_OIDC_CLIENT_ID``,
        ``PATHWAYS_OIDC_CLIENT_SECRET_FILE``).
    oidc_institution : str or None
        Where somebody the provider vouches for joins as a learner; None: only people whom an administrator added are let in
        (``PATHWAYS_OIDC_INSTITUTION``).
    fetch : bool
        Whether what badges point at may be fetched (``PATHWAYS_FETCH``; off).
    pinned_keys : Path or None
        File of public keys that an administrator vouches for, by issuer (``PATHWAYS_PINNED_KEYS``).
    precedents : Path or None
        Folder of recorded matches that the matcher looks at (``PATHWAYS_PRECEDENTS``; by default those kept by training here).
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
    sign_in: SignIn | None = None
    secret_file: Path | None = None
    session_hours: int = 12
    requests_per_minute: int = 600
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret_file: Path | None = None
    oidc_institution: str | None = None
    fetch: bool = False
    pinned_keys: Path | None = None
    precedents: Path | None = None


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
        sign_in=_sign_in(given, "PATHWAYS_SIGN_IN"),
        secret_file=_folder(given, "PATHWAYS_SECRET_FILE"),
        session_hours=_whole(given, "PATHWAYS_SESSION_HOURS", 12, 1, 720),
        requests_per_minute=_whole(given, "PATHWAYS_REQUESTS_PER_MINUTE", 600, 0, 1_000_000),
        oidc_issuer=_issuer(given, "PATHWAYS_OIDC_ISSUER"),
        oidc_client_id=given.get("PATHWAYS_OIDC_CLIENT_ID"),
        oidc_client_secret_file=_folder(given, "PATHWAYS_OIDC_CLIENT_SECRET_FILE"),
        oidc_institution=given.get("PATHWAYS_OIDC_INSTITUTION"),
        fetch=_switch(given, "PATHWAYS_FETCH"),
        pinned_keys=_folder(given, "PATHWAYS_PINNED_KEYS"),
        precedents=_folder(given, "PATHWAYS_PRECEDENTS"),
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


def _switch(given: Mapping[str, str], name: str) -> bool:
    text = given.get(name, "off")
    if text not in {"on", "off"}:
        raise SettingError(name, text, "on or off")
    return text == "on"


def _sign_in(given: Mapping[str, str], name: str) -> SignIn | None:
    text = given.get(name)
    match text:
        case None | "local" | "required" | "anyone":
            return text
        case _:
            raise SettingError(name, text, "local, required or anyone")


def _issuer(given: Mapping[str, str], name: str) -> str | None:
    text = given.get(name)
    if text is None:
        return None
    parts = urlsplit(text)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"})
    if not (is_safe and parts.hostname):
        raise SettingError(name, text, "the https address of an OpenID provider")
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
