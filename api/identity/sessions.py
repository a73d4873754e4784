"""Sessions of people who signed in: a signed cookie that names a pseudonym and the count of sessions ended.

The cookie proves nothing but that: the person, their roles and whether they are still let in are read from the store on each
request.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from api.identity.digests import derived

COOKIE = "pathways_session"
SIGNING_IN_COOKIE = "pathways_sign_in"
SIGNING_IN_SECONDS = 600
SIGN_IN_PATH = "/sign-in"


@dataclass(frozen=True, slots=True)
class Session:
    """Whose session, and which count of ended sessions it was opened under."""

    person_id: str
    epoch: int


class Sessions:
    """Writes and reads the cookies.

    Parameters
    ----------
    secret : bytes
        The server's key.
    seconds : int
        How long a session lasts at most.
    """

    def __init__(self, secret: bytes, seconds: int) -> None:
        self.seconds = seconds
        options = {"digest_method": sha256, "key_derivation": "hmac"}
        self._open = URLSafeTimedSerializer(derived(secret, "sessions"), salt="open", signer_kwargs=options)
        self._signing_in = URLSafeTimedSerializer(derived(secret, "sessions"), salt="signing in", signer_kwargs=options)

    def start(self, request: Request, response: Response, session: Session) -> None:
        """Send the cookie of a session."""
        value = self._open.dumps([session.person_id, session.epoch])
        _set(request, response, COOKIE, value, seconds=self.seconds)
        response.delete_cookie(SIGNING_IN_COOKIE, path=SIGN_IN_PATH)

    def of(self, request: Request) -> Session | None:
        """The session a request comes with; None where it has none, an old one, or one that was not signed here."""
        found = _read(self._open, request.cookies.get(COOKIE), self.seconds)
        match found:
            case [str(person_id), int(epoch)]:
                return Session(person_id, epoch)
            case _:
                return None

    def end(self, response: Response) -> None:
        """Take the cookie back."""
        response.delete_cookie(COOKIE, path="/")

    def keep_signing_in(self, request: Request, response: Response, data: dict[str, Any]) -> None:
        """Remember a sign-in that is under way: its state, nonce and code verifier, for ten minutes, for this path alone."""
        _set(request, response, SIGNING_IN_COOKIE, self._signing_in.dumps(data), seconds=SIGNING_IN_SECONDS, path=SIGN_IN_PATH)

    def signing_in(self, request: Request) -> dict[str, Any]:
        """The sign-in that is under way; empty where there is none."""
        found = _read(self._signing_in, request.cookies.get(SIGNING_IN_COOKIE), SIGNING_IN_SECONDS)
        return found if isinstance(found, dict) else {}


def _read(serializer: URLSafeTimedSerializer, text: str | None, seconds: int) -> Any:
    if not text:
        return None
    try:
        return serializer.loads(text, max_age=seconds)
    except BadSignature:
        return None


def _set(request: Request, response: Response, name: str, value: str, *, seconds: int, path: str = "/") -> None:
    response.set_cookie(
        name, value, max_age=seconds, path=path, httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )
