"""The credential baked into a PNG picture: an ``iTXt`` chunk, found by walking the chunks.

Pixels are never decoded, so a picture of any size costs what its file costs. Leaves out what the text means.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from pathways.badges.errors import BadgeFileError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: Keywords of Open Badges 3.0 and 2.0.
KEYWORDS = (b"openbadgecredential", b"openbadges")
MAX_CHUNKS = 20_000


def baked_in_png(data: bytes, *, most: int) -> bytes:
    """The text of the one credential in a picture.

    Parameters
    ----------
    data : bytes
        The file.
    most : int
        Longest text, in bytes, also after inflating.

    Returns
    -------
    bytes

    Raises
    ------
    BadgeFileError
        If chunks do not fit together or fail their checksum, nothing is baked in, two credentials are, or the text is too long.
    """
    found = [chunk for kind, chunk in _chunks(data) if kind == b"iTXt" and bytes(chunk[:80]).split(b"\0")[0] in KEYWORDS]
    if not found:
        raise BadgeFileError("nothing_baked", "The picture holds no credential. Expected an iTXt chunk named openbadgecredential.")
    if len(found) > 1:
        text = f"The picture holds {len(found)} credentials. Expected one: ask for a new copy from the issuer."
        raise BadgeFileError("two_credentials", text)
    return _text(bytes(found[0]), most)


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    if not data.startswith(SIGNATURE):
        raise _broken("it does not start as a PNG file does")
    view, place, count = memoryview(data), len(SIGNATURE), 0
    kind = b""
    while kind != b"IEND":
        if place + 12 > len(data):
            raise _broken("it ends before its last chunk")
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 8 + length
        if end + 4 > len(data):
            claim = f"a chunk claims {length:,} bytes, more than the file holds"
            raise _broken(claim)
        if count == 0 and (kind, length) != (b"IHDR", 13):
            raise _broken("its first chunk is no header")
        if zlib.crc32(view[place + 4 : end]) != struct.unpack_from(">I", data, end)[0]:
            which = f"the checksum of chunk {count + 1} is wrong"
            raise _broken(which)
        count += 1
        if count > MAX_CHUNKS:
            many = f"it has more than {MAX_CHUNKS:,} chunks"
            raise _broken(many)
        yield kind, view[place + 8 : end]
        place = end + 4


def _text(chunk: bytes, most: int) -> bytes:
    _, _, rest = chunk.partition(b"\0")
    parts = rest[2:].split(b"\0", 2)
    if len(rest) < 2 or len(parts) != 3:
        raise _broken("the chunk that holds the credential has no text")
    if rest[0] == 0:
        content = parts[2]
    elif rest[:2] == b"\x01\x00":
        content = _inflated(parts[2], most)
    else:
        raise _broken("the chunk that holds the credential is packed in an unknown way")
    if len(content) > most:
        raise BadgeFileError("too_large", f"The credential in the picture is longer than {most:,} bytes, the most that is read.")
    return content


def _inflated(packed: bytes, most: int) -> bytes:
    """At most one byte more than is read: a megabyte can unpack to a gigabyte."""
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(packed, most + 1)
    except zlib.error:
        raise _broken("the credential in it does not unpack") from None
    if len(content) <= most and not unpacker.eof:
        raise _broken("the credential in it ends too early")
    return content


def _broken(what: str) -> BadgeFileError:
    return BadgeFileError("broken_png", f"The picture is damaged: {what}. Download it again from where the badge was issued.")
