"""The gate before every route: who asks, and whether they may.

:func:`asker` answers the first question, :func:`needs` the second, both as FastAPI dependencies. Roles are read from the store on
each request, so a change counts at once. Leaves out what each role may do with a learner's record: :mod:`api.identity.rights`.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated
from urllib.parse import urlsplit

from anyio import to_thread
from fastapi import Depends
from starlette.requests import Request

from api.identity.asker import LOCAL_ASKER, STRANGER, Asker, Mode, Role
from api.identity.audit_log import AuditLog
from api.identity.digests import derived, digest
from api.identity.errors import ForeignSiteError, NotAllowedError, SignInError
from api.identity.keys import Keys
from api.identity.limits import Clock, Lockout, RequestLimit
from api.identity.people import People
from api.identity.sessions import Sessions
from api.settings import Settings
from api.store.database import Database

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Identity:
    """What an application needs to know who asks; parts are made when first used.

    Parameters
    ----------
    settings : Settings
    database : Database
    secret_key : callable
        Gives the server's key.
    clock : callable
        Seconds that only grow.
    """

    settings: Settings
    database: Database
    secret_key: Callable[[], bytes]
    clock: Clock = time.monotonic

    @cached_property
    def mode(self) -> Mode:
        """Whether sign-in is asked for: always, where other machines can reach this server and nobody said otherwise."""
        return mode_of(self.settings)

    @cached_property
    def log(self) -> AuditLog:
        """The audit log."""
        return AuditLog(self.secret_key())

    @cached_property
    def people(self) -> People:
        """Institutions and people."""
        return People(self.database, self.log)

    @cached_property
    def keys(self) -> Keys:
        """API keys."""
        return Keys(self.database, self.log, self.secret_key())

    @cached_property
    def sessions(self) -> Sessions:
        """Cookies of people who signed in."""
        return Sessions(self.secret_key(), self.settings.session_hours * 3600)

    @cached_property
    def lockout(self) -> Lockout:
        """Failed sign-ins by address."""
        return Lockout(self.clock)

    @cached_property
    def limit(self) -> RequestLimit:
        """Requests by key or person."""
        return RequestLimit(self.settings.requests_per_minute, self.clock)

    def known(self, request: Request) -> Asker:
        """Who sends a request, by key or session.

        Raises
        ------
        SignInError, TooManyError
        """
        shown = request.headers.get("authorization")
        found = self._by_session(request) if shown is None else self._by_key(request, shown)
        if found is None and self.mode == "anyone":
            return STRANGER
        if found is None:
            raise SignInError
        self.limit.count(found.person_id)
        return found

    def _by_key(self, request: Request, shown: str) -> Asker:
        address = address_of(request)
        credential = digest(derived(self.secret_key(), "lockout"), shown)
        self.lockout.check(address, credential)
        scheme, _, text = shown.partition(" ")
        found = self.keys.owner(text.strip()) if scheme.lower() == "bearer" else None
        if found is None:
            self.count_failure(address)
            raise SignInError
        self.lockout.succeeded(address, credential)
        return found

    def _by_session(self, request: Request) -> Asker | None:
        session = self.sessions.of(request)
        person = self.people.get(session.person_id) if session is not None else None
        if session is None or person is None or person.revoked_at is not None or person.session_epoch != session.epoch:
            return None
        must_be_own_site(request)
        return Asker(person.id, person.institution_id, frozenset(person.roles), "session")

    def count_failure(self, address: str) -> None:
        """Count a failed sign-in; the beginning of a wait is written to the audit log, with a digest of the address."""
        if self.lockout.failed(address):
            self.log.record(
                self.database, STRANGER, "sign-in.locked", digest(derived(self.secret_key(), "addresses"), address)[:32]
            )


def mode_of(settings: Settings) -> Mode:
    """What settings say of sign-in.

    Examples
    --------
    >>> from pathlib import Path
    >>> mode_of(Settings(Path("home"))), mode_of(Settings(Path("home"), host="0.0.0.0"))
    ('local', 'required')
    """
    if settings.sign_in is not None:
        return settings.sign_in
    return "local" if is_loopback(settings.host) else "required"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def identity_of(request: Request) -> Identity:
    """The identity of the application that got a request."""
    found: Identity = request.app.state.identity
    return found


def address_of(request: Request) -> str:
    """Where a request comes from; a proxy in front must be trusted by the server (uvicorn's ``--forwarded-allow-ips``)."""
    return request.client.host if request.client is not None else "unknown"


async def asker(request: Request) -> Asker:
    """Who asks: a dependency of every route but health, sign-in and help.

    Raises
    ------
    SignInError, TooManyError, ForeignSiteError
    """
    identity = identity_of(request)
    if identity.mode == "local":
        must_be_own_site(request)
        must_be_own_name(request)
        found = LOCAL_ASKER
    else:
        found = await to_thread.run_sync(identity.known, request)
    request.state.asker = found
    return found


AskerNow = Annotated[Asker, Depends(asker)]


def needs(*roles: Role, what: str = "do this") -> Callable[..., Awaitable[Asker]]:
    """A dependency that lets only some roles pass, and answers who asks.

    Parameters
    ----------
    roles : str
        One of them is enough.
    what : str
        What they may do, for the refusal: ``change rules``.
    """

    async def check(request: Request, who: AskerNow) -> Asker:
        if not who.is_any(*roles):
            await to_thread.run_sync(refuse, request, who, what, roles)
        return who

    return check


def refuse(request: Request, who: Asker, what: str, roles: tuple[Role, ...] = ()) -> None:
    """Refuse what a role may not do, and write the attempt to the audit log; a stranger's is refused only.

    Raises
    ------
    NotAllowedError
        Always.
    """
    identity = identity_of(request)
    if who.how != "anyone":
        operation = getattr(request.scope.get("route"), "operation_id", None) or request.method
        identity.log.record(identity.database, who, "refused", operation, roles=sorted(who.roles))
    raise NotAllowedError(what, roles)


def must_be_own_site(request: Request) -> None:
    """Refuse a change that another site's page makes a browser send.

    Raises
    ------
    ForeignSiteError
    """
    if request.method in _SAFE:
        return
    origin = request.headers.get("origin")
    is_foreign = request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}
    if is_foreign or (origin is not None and urlsplit(origin).netloc != request.headers.get("host")):
        raise ForeignSiteError


def must_be_own_name(request: Request) -> None:
    """Refuse a name from the public internet on a server that only this machine can reach.

    A page elsewhere could let its own name lead here and read what is kept; its name always has a dot, this machine's has none.

    Raises
    ------
    ForeignSiteError
    """
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    if "." in host.rstrip(".") and not is_loopback(host):
        raise ForeignSiteError
