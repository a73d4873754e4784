"""In which language a page speaks: asked for in the address, chosen before, or preferred by the browser.

Strings are English in the templates and translated from ``api/locale/LANGUAGE.po``. What comes from the catalog and the reasons
computed from it stay English, and are marked so for screen readers.
"""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.core import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.requests import Request

FOLDER = Path(__file__).parents[1] / "locale"
LANGUAGES = {"en": "English", "es": "Español"}
DEFAULT = "en"
COOKIE = "lang"
#: Pages of an educator: their strings are translated whole, a test sees to it. Others are English, so that none is half of each.
TRANSLATED = frozenset(
    f"{name}.html"
    for name in (
        "home", "next", "badges", "credential", "credentials", "target", "targets", "help", "accessibility", "problem",
        "about_problem",
    )
)  # fmt: skip
_spoken: ContextVar[str] = ContextVar("spoken", default=DEFAULT)


def language_of(request: Request) -> str:
    """Code of the language to answer in.

    Parameters
    ----------
    request : Request

    Returns
    -------
    str
        A key of ``LANGUAGES``.
    """
    for asked in (request.query_params.get(COOKIE), request.cookies.get(COOKIE)):
        if asked in LANGUAGES:
            return str(asked)
    return negotiate_locale(_preferred(request.headers.get("accept-language", "")), list(LANGUAGES), sep="-") or DEFAULT


def speak(language: str) -> None:
    """Translate what is rendered from here on, in this thread or task, into ``language``."""
    _spoken.set(language)


def spoken() -> str:
    """The language in use."""
    return _spoken.get()


def translate(text: str) -> str:
    """``text`` in the language in use, or as it is where nobody translated it."""
    return _catalog(spoken()).gettext(text)


def translate_count(one: str, many: str, count: int) -> str:
    """The form of a sentence that fits a count."""
    return _catalog(spoken()).ngettext(one, many, count)


def _preferred(header: str) -> list[str]:
    """Languages of an ``Accept-Language`` header, most wanted first, each followed by its base language.

    Examples
    --------
    >>> _preferred("es-MX,es;q=0.8,en;q=0.5")
    ['es-MX', 'es', 'es', 'es', 'en', 'en']
    """
    weighed: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:500].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            share = float(weight or 1)
        except ValueError:
            continue
        if tag and share > 0:
            weighed.append((-share, place, tag))
    return [form for _, _, tag in sorted(weighed) for form in (tag, tag.partition("-")[0])]


@cache
def _catalog(language: str) -> gettext.NullTranslations:
    """Translations, compiled once from the text file people edit."""
    path = FOLDER / f"{language}.po"
    if not path.is_file():
        return gettext.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as opened:
        entries: Any = read_po(opened, locale=language)
    write_mo(compiled, entries)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
