"""`python -m tests.api.messages`: read every string of the pages, rewrite api/locale/pathways.pot, merge it into each translation.

The translations are then edited by hand: ``api/locale/LANGUAGE.po``. A new string has an empty translation and is shown in English.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from api.pages.language import TRANSLATED

ROOT = Path(__file__).parents[2]
API = ROOT / "api"
LOCALE = API / "locale"
POT = LOCALE / "pathways.pot"
METHODS = [("pages/**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"extensions": "jinja2.ext.i18n", "trimmed": "true", "silent": "false"}}
#: Templates that stand inside those of an educator, and what else of the program says something on them.
INSIDE = ("templates/base.html", "templates/parts.html", "templates/answer.html", "templates/way.html")
CODE = ("pages/badges.py", "pages/next_page.py", "pages/browse.py", "pages/forms.py", "pages/shown.py")
EDUCATOR = frozenset(f"api/{name}" for name in (*(f"templates/{page}" for page in TRANSLATED), *INSIDE, *CODE))


def messages() -> Catalog:
    """Every string of the pages with the files it stands in, in a lasting order."""
    found = Catalog(project="pathways", fuzzy=False)
    rows = extract_from_dir(str(API), method_map=METHODS, options_map=OPTIONS)
    for name, _line, text, _comments, context in sorted(rows, key=lambda row: (row[0], row[1])):
        found.add(text, locations=[(f"api/{Path(name).as_posix()}", 0)], context=context)
    return found


def written(catalog: Catalog) -> str:
    """A catalog as text, without what changes from day to day: line numbers and the time."""
    out = BytesIO()
    write_po(out, catalog, width=120, include_lineno=False, omit_header=True)
    return out.getvalue().decode()


def merged(language: str, template: Catalog) -> str:
    """A translation with the strings of now: new ones empty, former ones left out, nothing guessed."""
    path = LOCALE / f"{language}.po"
    known = Catalog(locale=language)
    if path.is_file():
        with path.open("rb") as opened:
            known = read_po(opened, locale=language)
    known.update(template, no_fuzzy_matching=True, update_creation_date=False)
    known.obsolete.clear()
    head = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: {language}\\n"\n'
    plural = f'"Plural-Forms: {known.plural_forms}\\n"\n\n'
    return head + plural + written(known)


def main() -> int:
    """Rewrite the template and merge it."""
    LOCALE.mkdir(exist_ok=True)
    template = messages()
    POT.write_text(written(template), encoding="utf-8")
    for path in sorted({LOCALE / "es.po", *LOCALE.glob("*.po")}):
        path.write_text(merged(path.stem, template), encoding="utf-8")
    print(f"{len(template)} strings; translations: {', '.join(path.stem for path in sorted(LOCALE.glob('*.po')))}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
