"""Errors of badges that a person can act on."""

from __future__ import annotations

from dataclasses import dataclass

from pathways.errors import PathwaysError


@dataclass
class FetchError(PathwaysError):
    """An address that gave no answer: refused before connecting, unreachable, too slow, too large, or not found."""

    url: str
    reason: str

    def __str__(self) -> str:
        """Name the address and what happened."""
        return f"{self.url[:200]} could not be fetched: {self.reason}"


@dataclass
class NotThereError(FetchError):
    """An address that was reached and has not what was asked for: trying again is no use."""


@dataclass
class BadgeFileError(PathwaysError):
    """A file, or a part of one, that cannot be read as a badge: a stable code and what was found, expected and to do."""

    code: str
    text: str

    def __str__(self) -> str:
        """What is wrong, in a sentence."""
        return self.text
