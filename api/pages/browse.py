"""The home page, credentials and targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, get_args
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from api import service
from api.answering import compute, world_of
from api.audit_schemas import (
    AuditOut,
    CredentialFilter,
    CredentialOut,
    CredentialPageOut,
    OneLetterOut,
    SummaryOut,
    TargetFilter,
    TargetOut,
    TargetPageOut,
)
from api.errors import InputError
from api.identity.asker import Asker
from api.identity.gate import asker
from api.letters import letters_of_audit
from api.pages.badges import said
from api.pages.kept import Kept, kept_by, record_of
from api.pages.shown import Form, amounts, by_field, form_of, refused, render, stated
from api.pages.stack import Stack, stack_of
from api.schemas import AuditIn
from api.world import World
from pathways.credential import CredentialType

router = APIRouter(include_in_schema=False)
Who = Annotated[Asker, Depends(asker)]
TYPES = list(get_args(CredentialType))
FILTERS = ("q", "type", "place", "cursor")


@dataclass(frozen=True, slots=True)
class HomePage:
    """What ``home.html`` shows."""

    credentials: int


@dataclass(frozen=True, slots=True)
class ListPage:
    """What ``credentials.html`` and ``targets.html`` show."""

    form: Form
    errors: dict[str, str]
    types: list[str]
    rows: list[SummaryOut] | list[TargetOut] | None
    next_url: str


@dataclass(frozen=True, slots=True)
class CredentialPage:
    """What ``credential.html`` shows."""

    item: CredentialOut


@dataclass(frozen=True, slots=True)
class TargetPage:
    """What ``target.html`` shows."""

    title: str
    action: str
    form: Form
    errors: dict[str, str]
    kept: Kept
    said: str
    audit: AuditOut | None
    stack: Stack | None
    letters: list[OneLetterOut]


@router.get("/")
async def home(request: Request) -> Response:
    """Three doors."""
    return render(request, "home.html", {"page": HomePage(len(world_of(request).catalog.credentials)), "here": "home"})


@router.get("/credentials")
async def credentials(request: Request) -> Response:
    """Search and filter."""
    return await _listed(request, "credentials", CredentialFilter, TYPES)


@router.get("/targets")
async def targets(request: Request) -> Response:
    """What one can work toward."""
    return await _listed(request, "targets", TargetFilter, [*TYPES, "renewal"])


@router.get("/credentials/{credential_id}")
async def credential(request: Request, credential_id: str) -> Response:
    """One credential."""
    item = await compute(request, service.credential, credential_id)
    return render(request, "credential.html", {"page": CredentialPage(item), "here": "credentials"})


@router.get("/targets/{target_id}")
async def target(request: Request, target_id: str, who: Who) -> Response:
    """One target against a record: a dated audit, point by point, made to print."""
    form = form_of(request, ("have", "place", "license", "progress"))
    title = await compute(request, service.target_name, target_id)
    kept = await kept_by(request, who)
    errors: dict[str, str] = {}
    found = None
    stack = None
    try:
        found, stack = await compute(request, _audit, target_id, form, kept)
    except ValidationError as error:
        errors = refused(error)
    except InputError as error:
        errors = by_field(error.problems)
    page = TargetPage(
        title=title,
        action=f"/targets/{quote(target_id, safe='')}",
        form=form,
        errors=errors,
        kept=kept,
        said=said(kept),
        audit=found,
        stack=stack,
        letters=[] if found is None else letters_of_audit(found),
    )
    return render(request, "target.html", {"page": page, "here": "targets"}, 422 if errors else 200)


def _audit(world: World, target_id: str, form: Form, kept: Kept) -> tuple[AuditOut, Stack | None]:
    fields = stated(form, lists=("have",), texts=("place", "license"))
    record = record_of(kept, world, fields.get("have", []))
    found = service.audit(world, AuditIn(target=target_id, progress=amounts(form["progress"]), record=record, **fields))
    return found, stack_of(found, None)


async def _listed(request: Request, noun: str, schema: type[CredentialFilter] | type[TargetFilter], types: list[str]) -> Response:
    form = form_of(request, FILTERS)
    errors: dict[str, str] = {}
    rows: Any = None
    cursor = None
    try:
        found = await compute(request, _page, schema(**stated(form, texts=FILTERS)))
        rows, cursor = found.items, found.next_cursor
    except ValidationError as error:
        errors = refused(error)
    except InputError as error:
        errors = by_field(error.problems)
    query = {name: value for name, value in form.items() if value and name != "cursor"} | {"cursor": cursor or ""}
    page = ListPage(form, errors, types, rows, f"/{noun}?{urlencode(query)}" if cursor else "")
    return render(request, f"{noun}.html", {"page": page, "here": noun}, 422 if errors else 200)


def _page(world: World, wanted: CredentialFilter | TargetFilter) -> CredentialPageOut | TargetPageOut:
    return service.credentials(world, wanted) if isinstance(wanted, CredentialFilter) else service.targets(world, wanted)
