"""Which of the things held are ids, and which are badge files. Imports nothing, so that ids alone cost nothing more."""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path

#: Endings that make a name a file even where there is none, so that a wrong path is not called an unknown id.
SUFFIXES = frozenset({".json", ".jwt", ".jws", ".png", ".svg", ".1ob", ".jsonld"})


def split_have(have: Sequence[str], known: Container[str]) -> tuple[list[str], dict[str, str | None]]:
    """Separate ids from badge files.

    Parameters
    ----------
    have : sequence of str
        Ids (``ID``, ``ID*N``), files, or ``FILE=ID`` where a person says which credential a badge is.
    known : container of str
        Ids of the catalog: one is never a file.

    Returns
    -------
    list of str, dict of str to str or None
        The ids, and the files with the id confirmed for each.
    """
    files: dict[str, str | None] = {}
    ids: list[str] = []
    for text in have:
        name, equals, item = text.rpartition("=")
        if text not in known and _is_file(text):
            files[text] = None
        elif equals and _is_file(name):
            files[name] = item.strip()
        else:
            ids.append(text)
    return ids, files


def _is_file(text: str) -> bool:
    path = Path(text)
    try:
        return path.is_file() or (path.suffix.casefold() in SUFFIXES and "*" not in text)
    except (OSError, ValueError):
        return False
