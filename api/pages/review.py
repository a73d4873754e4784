"""``/review``: the evaluator's queue, badge beside course with its evidence, a decision with its reason, what is approved.

A form carries the entity tag it was made for; a stale one gets a page with both decisions and changes nothing. Shortcuts of one key
are off until a person switches them on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from anyio import to_thread
from fastapi import APIRouter, Depends
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api import review_service
from api.answering import compute
from api.errors import InputError
from api.identity.asker import Asker
from api.identity.gate import needs
from api.match_service import proposer
from api.pages.forms import Posted, go_to, posted
from api.pages.shown import Form, by_field, form_of, refused, render, stated
from api.review.errors import StaleMatchError
from api.review.state import REASON_CODES
from api.review_schemas import (
    ArticulationsOut,
    BulkIn,
    BulkOut,
    DecisionIn,
    DecisionOut,
    MatchesIn,
    MatchFilter,
    MatchOut,
    MatchPageOut,
)
from api.review_service import Desk
from api.routes.matches import desk_of

router = APIRouter(include_in_schema=False)
Evaluator = Annotated[Asker, Depends(needs("evaluator", "administrator", what="see and decide matches"))]
FILTERS = ("state", "order", "least", "most", "words", "cursor")
SHORTCUTS = "shortcuts"
YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class QueuePage:
    """What ``review.html`` shows."""

    form: Form
    errors: dict[str, str]
    queue: MatchPageOut | None
    next_url: str
    courses: int
    said: str
    bulk: BulkOut | None
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchPage:
    """What ``review_match.html`` shows."""

    match: MatchOut
    form: Form
    errors: dict[str, str]
    codes: tuple[str, ...]
    queue: list[MatchOut]
    left: int
    shortcuts: bool
    next_url: str


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """What ``review_conflict.html`` shows."""

    match: MatchOut
    yours: Form
    theirs: DecisionOut | None


@dataclass(frozen=True, slots=True)
class TablePage:
    """What ``review_table.html`` shows."""

    table: ArticulationsOut
    unused: bool


@router.get("/review")
async def review(request: Request, who: Evaluator) -> Response:
    """The queue with its filters."""
    return await _queue(request, who)


@router.post("/review")
async def act(request: Request, who: Evaluator) -> Response:
    """Courses from a file, matches put on the queue, or a bulk decision: counted first, then decided."""
    sent = await posted(request, max_files=1)
    try:
        match sent.text("do"):
            case "courses":
                files = sent.files("file")
                if not files:
                    return await _queue(request, who, errors={"file": "Choose a CSV file first."})
                name = files[0].name or "courses.csv"
                imported = await compute(
                    request, lambda world: review_service.import_file(desk_of(request, who, world), files[0].content, name)
                )
                return await _queue(request, who, said=imported.text)
            case "match":
                wanted = MatchesIn(badges=sent.text("badges").replace(",", " ").split())
                propose = proposer(request.app.state.identity.settings)
                made = await compute(
                    request, lambda world: review_service.make_matches(desk_of(request, who, world), wanted, propose)
                )
                return await _queue(request, who, said=" ".join([made.text, *made.abstained]))
            case _:
                return await _bulk(request, who, sent)
    except ValidationError as error:
        return await _queue(request, who, errors=refused(error))
    except InputError as error:
        return await _queue(request, who, errors=by_field(error.problems))


@router.get("/review/table")
async def table(request: Request, who: Evaluator) -> Response:
    """What is approved, with reason, person, date and use."""
    unused = request.query_params.get("unused") == "yes"
    found = await compute(request, lambda world: review_service.articulations(desk_of(request, who, world), unused=unused))
    return render(request, "review_table.html", {"page": TablePage(found, unused), "here": "review"})


@router.get("/review/shortcuts")
async def shortcuts(request: Request, who: Evaluator) -> Response:
    """Switch one-key shortcuts on or off for this browser."""
    on = request.query_params.get("on") == "yes"
    back = request.query_params.get("back", "")
    answer = RedirectResponse(f"/review/{quote(back, safe='')}" if back else "/review", 303)
    answer.set_cookie(SHORTCUTS, "on" if on else "off", max_age=YEAR, samesite="lax", httponly=True, path="/review")
    return answer


@router.get("/review/{match_id}")
async def one(request: Request, match_id: str, who: Evaluator) -> Response:
    """Badge beside course, the evidence, and the decision."""
    return await _match(request, who, match_id)


@router.post("/review/{match_id}")
async def decide(request: Request, match_id: str, who: Evaluator) -> Response:
    """One decision; then the next open match."""
    sent = await posted(request)
    form = {name: sent.text(name) for name in (*_FIELDS, "kind")}
    try:
        changes = {name: form[name] for name in ("credits", "min_grade", "expires_on", "conditions") if form[name]}
        kind = form["kind"]
        fields: dict[str, Any] = {"kind": kind, "reason": form["reason"], "reason_code": form["reason_code"] or None}
        if kind == "approve_changed":
            fields["changes"] = changes
        if kind in {"uphold", "overturn"} and form["settles"].isdigit():
            fields["settles"] = int(form["settles"])
        wanted = DecisionIn.model_validate({key: value for key, value in fields.items() if value is not None})
        decided = await compute(
            request, lambda world: review_service.decide(desk_of(request, who, world), match_id, [sent.text("tag")], wanted)
        )
    except StaleMatchError:
        now = await compute(request, lambda world: review_service.match(desk_of(request, who, world), match_id))
        theirs = now.history[-1] if now.history else None
        return render(request, "review_conflict.html", {"page": ConflictPage(now, form, theirs), "here": "review"}, 409)
    except ValidationError as error:
        return await _match(request, who, match_id, form=form, errors=refused(error))
    except InputError as error:
        return await _match(request, who, match_id, form=form, errors=by_field(error.problems))
    return go_to(request, await _after(request, who, decided))


_FIELDS = ("reason_code", "reason", "credits", "min_grade", "expires_on", "conditions", "settles")


async def _after(request: Request, who: Asker, decided: MatchOut) -> str:
    """The next open match after a decision that closes one; otherwise the match itself."""
    if decided.state == "open" or decided.history[-1].kind in {"dissent", "uphold", "overturn", "undo"}:
        return f"/review/{decided.id}"
    desk = await to_thread.run_sync(desk_of, request, who)
    page = await to_thread.run_sync(review_service.queue, desk, MatchFilter(state="open", limit=1))
    done = urlencode({"done": decided.id})
    return f"/review/{page.items[0].id}?{done}" if page.items else f"/review?{done}"


async def _queue(
    request: Request, who: Asker, *, errors: dict[str, str] | None = None, said: str = "", bulk: BulkOut | None = None
) -> Response:
    form = form_of(request, FILTERS)
    problems = dict(errors or {})
    found: MatchPageOut | None = None
    try:
        wanted = MatchFilter(**stated(form, texts=FILTERS))
        found = await compute(request, lambda world: review_service.queue(desk_of(request, who, world), wanted))
    except ValidationError as error:
        problems |= refused(error)
    desk: Desk = await to_thread.run_sync(desk_of, request, who)
    count = await to_thread.run_sync(desk.courses.count)
    cursor = found.next_cursor if found is not None else None
    query = {name: value for name, value in form.items() if value and name != "cursor"}
    page = QueuePage(
        form=form,
        errors=problems,
        queue=found,
        next_url=f"/review?{urlencode({**query, 'cursor': cursor})}" if cursor else "",
        courses=count,
        said=said,
        bulk=bulk,
        codes=REASON_CODES,
    )
    return render(request, "review.html", {"page": page, "here": "review"}, 422 if problems else 200)


async def _bulk(request: Request, who: Asker, sent: Posted) -> Response:
    fields = {name: sent.text(name) for name in ("reason_code", "reason", "least", "most", "words", "expected") if sent.text(name)}
    wanted = BulkIn.model_validate({**fields, "kind": sent.text("do").removeprefix("bulk-")})
    found = await compute(request, lambda world: review_service.decide_all(desk_of(request, who, world), wanted))
    return await _queue(request, who, said=found.text, bulk=None if found.decided else found)


async def _match(
    request: Request, who: Asker, match_id: str, *, form: Form | None = None, errors: dict[str, str] | None = None
) -> Response:
    found = await compute(request, lambda world: review_service.match(desk_of(request, who, world), match_id))
    around = await compute(
        request, lambda world: review_service.queue(desk_of(request, who, world), MatchFilter(state="open", limit=12))
    )
    others = [entry for entry in around.items if entry.id != found.id]
    page = MatchPage(
        match=found,
        form=form or {**dict.fromkeys(_FIELDS, ""), "kind": ""},
        errors=errors or {},
        codes=REASON_CODES,
        queue=around.items,
        left=around.counts.get("open", 0),
        shortcuts=request.cookies.get(SHORTCUTS) == "on",
        next_url=f"/review/{others[0].id}" if others else "/review",
    )
    return render(request, "review_match.html", {"page": page, "here": "review"}, 422 if errors else 200)
