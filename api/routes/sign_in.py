"""Signing in and out, and who one is."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.answering import PROBLEMS
from api.identity.asker import Asker, Role
from api.identity.errors import SignInRefusedError
from api.identity.gate import AskerNow, address_of, identity_of, must_be_own_site
from api.identity.people import Person
from api.identity.sessions import Session
from api.identity.sign_in import PATH, RETURN_PATH, Provider, own_path, person_of
from api.schemas import OutBody

router = APIRouter()


class MeOut(OutBody):
    """Who asks: a pseudonym, an institution and roles."""

    person_id: str
    institution_id: str
    roles: list[Role]


@router.get(
    "/v1/me", operation_id="who_am_i", summary="Who am I here?", response_model=MeOut, responses=PROBLEMS, tags=["identity"]
)
async def me(who: AskerNow) -> MeOut:
    """The roles are those of this moment: a change counts from the next request on."""
    return MeOut(person_id=who.person_id, institution_id=who.institution_id, roles=sorted(who.roles))


@router.get(PATH, include_in_schema=False)
async def sign_in(request: Request, following: Annotated[str, Query(alias="next")] = "/") -> Response:
    """Go to the sign-in provider."""
    identity = identity_of(request)
    identity.lockout.check(address_of(request), "")
    data: dict[str, object] = {"next": own_path(following)}
    answer = await Provider(identity.settings).begin(request, data)
    identity.sessions.keep_signing_in(request, answer, data)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get(RETURN_PATH, include_in_schema=False, name="sign_in_return")
async def sign_in_return(request: Request) -> Response:
    """Come back from the provider."""
    identity = identity_of(request)
    identity.lockout.check(address_of(request), "")
    data = identity.sessions.signing_in(request)
    provider = Provider(identity.settings)
    try:
        subject = await provider.subject(request, data)
        person = await to_thread.run_sync(person_of, identity.people, identity.settings, provider.issuer, subject)
    except SignInRefusedError:
        await to_thread.run_sync(identity.count_failure, address_of(request))
        raise
    await to_thread.run_sync(_note, request, person)
    answer = RedirectResponse(own_path(str(data.get("next", "/"))), 303)
    identity.sessions.start(request, answer, Session(person.id, person.session_epoch))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post("/sign-out", include_in_schema=False)
async def sign_out(request: Request) -> Response:
    """End every session of the person, on every device."""
    must_be_own_site(request)
    identity = identity_of(request)
    session = identity.sessions.of(request)
    if session is not None:
        await to_thread.run_sync(_end, request, session)
    answer = RedirectResponse("/", 303)
    identity.sessions.end(answer)
    return answer


def _note(request: Request, person: Person) -> None:
    identity = identity_of(request)
    who = Asker(person.id, person.institution_id, frozenset(person.roles), "session")
    identity.log.record(identity.database, who, "person.signed-in", person.id)


def _end(request: Request, session: Session) -> None:
    """An old cookie must not end sessions that were opened since."""
    identity = identity_of(request)
    person = identity.people.get(session.person_id)
    if person is not None and person.session_epoch == session.epoch:
        identity.people.end_sessions(person.id)
