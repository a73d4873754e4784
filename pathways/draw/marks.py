"""Writing elements: escaping, safe addresses, numbers. What XML and HTML share."""

from __future__ import annotations

import re
from html import escape

from pathways.draw.text import plain

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.\-]*):")


def quoted(text: str) -> str:
    """Text safe between tags and inside attributes, on one line, without characters XML cannot carry.

    Examples
    --------
    >>> quoted('R & D <1> "x"')
    'R &amp; D &lt;1&gt; &quot;x&quot;'
    """
    return escape(plain(text), quote=True).replace("&#x27;", "&#39;")


def safe_address(href: str | None) -> str | None:
    """An address that only leads to a page: http, https or relative. Anything else (a script, a data address) is no address.

    Examples
    --------
    >>> safe_address("/credentials/x"), safe_address(" JavaScript:alert(1)")
    ('/credentials/x', None)
    """
    if href is None:
        return None
    # Browsers skip spaces and control characters inside a scheme, so the check does too.
    tight = "".join(character for character in plain(href) if not character.isspace())
    scheme = _SCHEME.match(tight)
    if not tight or (scheme and scheme[1].casefold() not in ("http", "https")):
        return None
    return tight


def element(name: str, content: str | None = None, /, **attributes: str | float | None) -> str:
    """An element; ``content`` is markup already, attribute values are escaped here. ``aria_hidden`` becomes ``aria-hidden``."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{number(value) if isinstance(value, int | float) else quoted(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}/>" if content is None else f"<{name}{written}>{content}</{name}>"


def number(value: float) -> str:
    """A coordinate, to a tenth.

    Examples
    --------
    >>> number(3.0), number(2.25), number(-0.01)
    ('3', '2.2', '0')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
