"""The JSON-LD contexts this program knows, shipped with it and pinned by checksum; none is ever fetched.

``README.md`` in this folder gives source, license and checksum of each.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def pinned() -> dict[str, dict[str, str]]:
    """Address of each known context to its file and sha256."""
    found: dict[str, dict[str, str]] = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
    return found


@cache
def context(address: str) -> dict[str, Any]:
    """Read one pinned context.

    Parameters
    ----------
    address : str
        One of :func:`pinned`.

    Returns
    -------
    dict
        The context document.

    Raises
    ------
    KeyError
        If the address is not pinned.
    ValueError
        If the file is not the one that was pinned: a broken installation, never the fault of a badge.
    """
    entry = pinned()[address]
    content = (FOLDER / entry["file"]).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != entry["sha256"]:
        message = f"{entry['file']}: found sha256 {found}, expected {entry['sha256']}; install pathways again."
        raise ValueError(message)
    document: dict[str, Any] = json.loads(content)
    return document
