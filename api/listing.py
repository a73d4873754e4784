"""Lists of the catalog: filters, pages and opaque cursors.

A cursor names the last item seen and the data version, so a page never skips or repeats an item; after a change of data it is
refused instead of pointing somewhere else.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import TypeVar

from api.audit_schemas import CredentialFilter, PageIn, TargetFilter, TargetOut
from api.errors import InputError, InputProblem
from api.renewal_bodies import renewal_targets
from pathways.catalog.entities import Catalog
from pathways.credential import Credential
from pathways.errors import QuestionError
from pathways.places import Place, binds, parse_place

T = TypeVar("T")


def chosen(catalog: Catalog, wanted: CredentialFilter) -> list[Credential]:
    """Credentials that every filter lets through, in catalog order.

    Raises
    ------
    InputError
        If the place is none.
    """
    exact = {name: value for name in ("type", "subject", "issuer", "status") if (value := getattr(wanted, name)) is not None}
    here = None if wanted.place is None else place_of(wanted.place, "?place")
    return [
        item
        for item in catalog.credentials.values()
        if all(str(getattr(item, name)).casefold() == value.casefold() for name, value in exact.items())
        and (here is None or binds(item.place, here))
        and has_words(item.text + " " + item.issuer + " " + item.id, wanted.q)
    ]


def chosen_targets(catalog: Catalog, wanted: TargetFilter) -> list[Credential]:
    """Credentials whose own list is in the catalog, filtered: those of the state asked for first, then in catalog order."""
    here = None if wanted.place is None else place_of(wanted.place, "?place")
    found = [
        item
        for item in catalog.credentials.values()
        if catalog.has_requirements(item.id)
        and (wanted.type is None or item.type == wanted.type.casefold())
        and (here is None or binds(item.place, here))
        and has_words(f"{item.name} {item.issuer} {item.subject} {item.id}", wanted.q)
    ]
    return found if here is None else sorted(found, key=lambda item: not is_local(item, here))


def is_local(item: Credential, here: Place) -> bool:
    """Whether a credential is of the very state somebody works in, not of the whole nation or of nowhere."""
    return here.state is not None and item.place.state == here.state


def place_of(text: str, pointer: str) -> Place:
    """A place, or a problem at its pointer."""
    try:
        return parse_place(text)
    except QuestionError as error:
        raise InputError((InputProblem(pointer, str(error)),)) from error


def has_words(text: str, words: str | None) -> bool:
    """Whether every word occurs, whatever its case."""
    folded = text.casefold()
    return words is None or all(word in folded for word in words.casefold().split())


def page(rows: Sequence[T], wanted: PageIn, *, version: str, key: Callable[[T], str]) -> tuple[list[T], str | None]:
    """One page of rows and the cursor of the next, None on the last.

    Parameters
    ----------
    rows : sequence
        All rows, filtered, in a fixed order.
    wanted : PageIn
        Limit and cursor.
    version : str
        Data version the cursor is good for.
    key : callable
        A row's id.

    Raises
    ------
    InputError
        If the cursor is not one of this list, or is from another data version.
    """
    start = 0
    if wanted.cursor is not None:
        start = _after(wanted.cursor, [key(row) for row in rows], version)
    part = list(rows[start : start + wanted.limit])
    more = start + len(part) < len(rows)
    return part, _cursor(key(part[-1]), version) if more else None


def _cursor(last: str, version: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([version, last]).encode()).decode().rstrip("=")


def _after(cursor: str, ids: Sequence[str], version: str) -> int:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made_for, last = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if made_for != version:
            raise InputError((InputProblem("?cursor", "The data has changed since this cursor was made. Start again without it."),))
        return ids.index(last) + 1
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        detail = "This is not a cursor of this list. Use next_cursor of the page before, with the same filters."
        raise InputError((InputProblem("?cursor", detail),)) from error


def chosen_renewals(catalog: Catalog, wanted: TargetFilter) -> list[TargetOut]:
    """Renewals whose load is in the catalog, filtered, by state."""
    here = None if wanted.place is None else place_of(wanted.place, "?place")
    return [
        body
        for body in renewal_targets(catalog)
        if wanted.type in {None, "renewal"}
        and (here is None or here.state == body.id.partition(":")[2])
        and has_words(f"{body.name} {body.id}", wanted.q)
    ]
