"""The key that signs sessions, API keys and the audit log: made once, kept beside the store, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from api.settings import Settings
from api.store.errors import StoreError

FILE = "secret.key"
LENGTH = 32


def key_of(settings: Settings) -> bytes:
    """The key that settings name: a file of their own, which several machines can share, else the one in the data folder.

    Raises
    ------
    StoreError
        If it cannot be read, or is not a key.
    """
    if settings.secret_file is None:
        return secret_key(settings.data or settings.home)
    return _read(settings.secret_file)


def secret_key(folder: Path) -> bytes:
    """The key of a data folder; the first caller makes it, also when several processes start at once.

    Parameters
    ----------
    folder : Path
        Where plans and records are kept.

    Returns
    -------
    bytes of length 32

    Raises
    ------
    StoreError
        If it can be neither read nor written, or is not a key.
    """
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
    except OSError as error:
        raise StoreError(path, str(error)) from error
    return _read(path)


def _read(path: Path) -> bytes:
    try:
        key = path.read_bytes()
    except OSError as error:
        raise StoreError(path, str(error)) from error
    if len(key) != LENGTH:
        raise StoreError(path, f"a key of {LENGTH} bytes was expected, {len(key)} were found; remove the file to get a new one")
    return key


def _make(path: Path) -> None:
    """Write a key under another name, then link it: nobody ever reads half a key, and the first of several wins."""
    fresh = path.with_name(f"{FILE}.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(secrets.token_bytes(LENGTH))
        try:
            os.link(fresh, path)
        except FileExistsError:
            return
    finally:
        fresh.unlink()
