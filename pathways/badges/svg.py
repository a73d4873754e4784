"""The credential baked into an SVG picture, read as a stream: no tree is built, no entity expanded, no address opened.

A DOCTYPE is refused, except the plain one that drawing programs write (a public name, no declarations of its own), which is cut
out unread. Leaves out what the text means.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException

from pathways.badges.errors import BadgeFileError
from pathways.badges.markup import Names, stream

#: Elements of Open Badges 3.0 and 2.0 that hold the credential as text, or a token in the attribute ``verify``.
ELEMENTS = ("{https://purl.imsglobal.org/ob/v3p0}credential", "{http://openbadges.org}assertion")
MAX_DEPTH = 200
_PLAIN_DOCTYPE = re.compile(
    rb"""\A(\s*(?:<\?xml[^<>]*\?>)?(?:\s|<!--(?:[^-]|-(?!-))*-->)*)"""
    rb"""<!DOCTYPE\s+svg(?:\s+(?:PUBLIC\s+"[^"<>\[\]]*"\s*|SYSTEM\s*)"[^"<>\[\]]*")?\s*>"""
)


def baked_in_svg(data: bytes, *, most: int) -> bytes:
    """The text of the one credential in a picture.

    Parameters
    ----------
    data : bytes
        The file.
    most : int
        Longest text, in bytes.

    Returns
    -------
    bytes

    Raises
    ------
    BadgeFileError
        If it is not XML, declares a document type or entities, is nested without end, or holds no credential or two.
    """
    target = _Target(most)
    try:
        stream(_PLAIN_DOCTYPE.sub(rb"\1", data, count=1).lstrip(), target)
    except BadgeFileError:
        raise
    except DefusedXmlException:
        text = "The picture declares a document type or entities, which could reach for other files. It was not read."
        raise BadgeFileError("forbidden_xml", text) from None
    except (ParseError, ValueError, LookupError) as error:
        raise BadgeFileError("broken_svg", f"The picture is not XML that can be read: {str(error)[:100]}.") from None
    if len(target.found) > 1:
        text = f"The picture holds {len(target.found)} credentials. Expected one: ask for a new copy from the issuer."
        raise BadgeFileError("two_credentials", text)
    if not target.found:
        text = "The picture holds no credential. Expected an element openbadges:credential or openbadges:assertion."
        raise BadgeFileError("nothing_baked", text)
    return target.found[0].strip().encode("utf-8", "surrogatepass")


class _Target:
    """Receives the parser's events and keeps the text of credentials."""

    def __init__(self, most: int) -> None:
        self.found: list[str] = []
        self._names = Names()
        self._most = most
        self._depth = 0
        self._inside: list[str] | None = None
        self._length = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._names.saw(tag, attributes)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise BadgeFileError("too_deep", f"The picture nests elements more than {MAX_DEPTH} deep. It was not read.")
        if self._inside is not None:
            raise BadgeFileError("broken_svg", "The credential in the picture holds elements. Expected text.")
        if tag in ELEMENTS:
            self._inside, self._length = [], 0
            # A hosted assertion of 2.0 carries its address in the attribute and the assertion as text.
            self.data(attributes.get("verify", ""))

    def end(self, tag: str) -> None:
        self._depth -= 1
        if tag in ELEMENTS and self._inside is not None:
            self.found.append(_one_of(self._inside))
            self._inside = None

    def data(self, text: str) -> None:
        if self._inside is not None:
            self._length += len(text)
            if self._length > self._most:
                message = f"The credential in the picture is longer than {self._most:,} characters, the most that is read."
                raise BadgeFileError("too_large", message)
            self._inside.append(text)

    def close(self) -> None:
        """Nothing is left to do."""


def _one_of(parts: list[str]) -> str:
    """The text of the element where it has any, else the attribute ``verify``, which always comes first."""
    verify, text = parts[0], "".join(parts[1:])
    return text if text.strip() else verify
