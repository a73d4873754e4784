"""Compressed lists of bits, as Bitstring Status List and StatusList2021 publish them, read without ever holding more than a little.

A list of a few kilobytes may unpack to gigabytes, so it is unpacked piece by piece and given up at a bound.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from pathways.badges.keys import decode_base64url
from pathways.errors import PathwaysError

#: The least a list must hold so that asking for it does not tell whose badge is looked at.
MIN_BITS = 131_072
#: The most that is unpacked: 64 million badges.
MAX_BYTES = 8 * 1024 * 1024
_PIECE = 64 * 1024


@dataclass
class StatusListError(PathwaysError):
    """A list of bits that cannot be read."""

    text: str

    def __str__(self) -> str:
        """What is wrong with it."""
        return self.text


@dataclass(frozen=True, slots=True)
class Bit:
    """One bit of a list, and how many the list has."""

    is_set: bool
    of: int


def read_bit(encoded: Any, index: int) -> Bit:
    """Read one bit of a list.

    Parameters
    ----------
    encoded : object
        What stands as ``encodedList``: base64url of a gzip stream, with the multibase prefix ``u`` or, as of 2021, without.
    index : int
        From 0, the highest bit of the first byte.

    Returns
    -------
    Bit

    Raises
    ------
    StatusListError
        If it is not such a list, unpacks beyond the bound, or is shorter than the index.
    """
    size, found = 0, None
    for piece in _unpacked(_packed(encoded)):
        place = index // 8 - size
        if 0 <= place < len(piece):
            found = bool(piece[place] >> (7 - index % 8) & 1)
        size += len(piece)
        if size > MAX_BYTES:
            text = f"The list of badges that no longer hold unpacks to more than {MAX_BYTES:,} bytes."
            raise StatusListError(text)
    if found is None:
        text = f"The list has {size * 8:,} places, and the badge says it is at place {index:,}."
        raise StatusListError(text)
    return Bit(found, size * 8)


def _packed(encoded: Any) -> bytes:
    try:
        # A gzip stream starts with 1f 8b, which in base64url is "H4s": a leading "u" can only be the prefix.
        return decode_base64url(encoded.removeprefix("u").rstrip("=") if isinstance(encoded, str) else encoded)
    except ValueError as error:
        raise StatusListError("The list is not base64url text.") from error


def _unpacked(packed: bytes) -> Any:
    stream = zlib.decompressobj(wbits=31)
    try:
        while not stream.eof:
            piece = stream.decompress(packed, _PIECE)
            if not piece and not stream.eof:
                raise StatusListError("The list breaks off.")
            packed = stream.unconsumed_tail
            yield piece
    except zlib.error as error:
        raise StatusListError("The list is not a gzip stream.") from error
