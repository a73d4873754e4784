"""What pages share: rendering in the pool, template filters, a form with its errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from api.console.words import fact_words, further_uses, ledger_words
from api.errors import InputProblem, from_validation
from api.identity.asker import Asker
from api.pages.language import COOKIE as LANGUAGE_COOKIE
from api.pages.language import DEFAULT, LANGUAGES, TRANSLATED, language_of, speak, spoken, translate, translate_count
from api.pages.session import form_token, keep
from api.schemas import FactOut, StepOut
from pathways.errors import SEARCH_HINT
from pathways.units import unit_words

Form = dict[str, str]


def environment(folder: Path) -> Environment:
    """Templates of a folder: everything escaped, a name nobody passed is an error, and the few functions they need."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(translate, translate_count, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(spoken=spoken, in_language=in_language, form_token=form_token, who_asks=who_asks)
    made.filters.update(
        host=host, unique_sources=unique_sources, facts_of=facts_of, upper_first=upper_first, head=head, plural=plural,
        address=address, fact_words=fact_words, ledger_words=ledger_words, further_uses=further_uses, asks_to_search=asks_to_search,
    )  # fmt: skip
    return made


def host(address: str) -> str:
    """Host of a web address, which is what a reader recognizes.

    Examples
    --------
    >>> host("https://www.example.org/a/b?c")
    'example.org'
    """
    return (urlsplit(address).hostname or address).removeprefix("www.")


def address(query: Iterable[tuple[str, str]]) -> str:
    """The part of an address behind the question mark, without empty fields.

    Examples
    --------
    >>> address([("goal", "teach reading"), ("by", "")])
    'goal=teach+reading'
    """
    return urlencode([(name, value) for name, value in query if value])


def upper_first(text: str) -> str:
    """A sentence's first letter as a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def plural(unit: str) -> str:
    """Name of a unit for any count but one.

    Examples
    --------
    >>> plural("item"), plural("PDP")
    ('items', 'PDP')
    """
    return unit_words(unit, 2)


def head(text: str) -> str:
    """The start of a described list, without the list: its parts stand below it.

    Examples
    --------
    >>> head("at least 2 of: A; B; C")
    'At least 2 of:'
    """
    start, colon, _ = text.partition(": ")
    return upper_first(start + colon.strip() if colon else text)


def facts_of(step: StepOut) -> list[FactOut]:
    """Every fact a step rests on."""
    value = step.value_here
    groups: list[Sequence[FactOut]] = [step.facts, *(reason.facts for reason in step.reasons)]
    groups += [part.facts for part in step.missing]
    groups += [warning.facts for warning in step.warnings]
    groups += [ledger.facts for ledger in (value.renewal, value.pay, value.degree)]
    return [fact for group in groups for fact in group]


def asks_to_search(messages: Iterable[str]) -> bool:
    """Whether a message sends the reader to the catalog, which a page can link to."""
    return any(SEARCH_HINT in message for message in messages)


def unique_sources(facts: Iterable[FactOut]) -> list[FactOut]:
    """Facts that name a page, each page once."""
    found: dict[str, FactOut] = {}
    for fact in facts:
        if fact.source_url is not None:
            found.setdefault(fact.source_url, fact)
    return list(found.values())


def form_of(request: Request, names: Sequence[str]) -> Form:
    """What a person typed, by field; several values of one field are joined by spaces."""
    return {name: " ".join(request.query_params.getlist(name)).strip() for name in names}


def stated(form: Form, *, lists: Iterable[str] = (), texts: Iterable[str] = ()) -> dict[str, Any]:
    """The fields that are filled in, as a request takes them; lists are split at spaces and commas."""
    found: dict[str, Any] = {name: form[name].replace(",", " ").split() for name in lists if form[name]}
    return found | {name: form[name] for name in texts if form[name]}


def amounts(text: str) -> list[str]:
    """Amounts with their units, separated by commas.

    Examples
    --------
    >>> amounts("48 PDP, 3 semester")
    ['48 PDP', '3 semester']
    """
    return [part.strip() for part in text.split(",") if part.strip()]


def by_field(problems: Iterable[InputProblem]) -> dict[str, str]:
    """Problems by the field they belong to, the first of each field."""
    found: dict[str, str] = {}
    for problem in problems:
        name = problem.pointer.lstrip("/?").partition("/")[0] or "goal"
        found.setdefault(name, problem.detail)
    return found


def refused(error: ValidationError) -> dict[str, str]:
    """What a schema refused, by field."""
    return by_field(from_validation(error.errors(include_url=False), ()))


def who_asks(request: Request) -> Asker | None:
    """Whoever asks, where the page had to know."""
    return getattr(request.state, "asker", None)


def in_language(request: Request, code: str) -> str:
    """Address of the page that is shown, in another language; a form's answer leads back to where the form stood."""
    return str(request.url.include_query_params(lang=code).replace(scheme="", netloc=""))


def render(request: Request, template: str, context: Mapping[str, Any], status: int = 200) -> Response:
    """One page, in the reader's language, with the cookies it needs."""
    in_all = template in TRANSLATED
    language = language_of(request) if in_all else DEFAULT
    speak(language)
    loading = request.app.state.loading
    version = loading.world.catalog.version if loading.world is not None else ""
    page: Response = request.app.state.templates.TemplateResponse(
        request, template, {"version": version, "here": "", "languages": LANGUAGES if in_all else {}, **context}, status_code=status
    )
    page.headers["Content-Language"] = language
    page.headers.append("Vary", "Accept-Language, Cookie")
    if in_all and request.query_params.get(LANGUAGE_COOKIE) == language:
        page.set_cookie(LANGUAGE_COOKIE, language, max_age=31_536_000, samesite="lax", httponly=True, path="/")
    return keep(request, page)
