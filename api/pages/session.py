"""What a browser is known by without sign-in: a random id in a signed cookie, and a form token that belongs to it.

The cookie holds nothing else: what a person uploads or hides stays in the store of this machine, under that id. A form without the
token of its own session is refused, so another site cannot make a browser send one.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from itsdangerous import BadSignature, TimestampSigner
from starlette.requests import Request
from starlette.responses import Response

COOKIE = "pathways"
DAYS = 30
TOKEN_FIELD = "csrf"  # noqa: S105 - the name of a form field
_SALT = "pathways.session"


def session_id(request: Request) -> str:
    """The id of the browser's session; a new one where the cookie is missing, too old, or not ours.

    The answer must pass through :func:`keep` for a new id to last.
    """
    known: str | None = getattr(request.state, "session_id", None)
    if known is None:
        known = _read(request) or secrets.token_urlsafe(24)
        request.state.session_id = known
    return known


def keep(request: Request, response: Response) -> Response:
    """Send the session's cookie with an answer, if the page used a session and the browser has none yet."""
    known: str | None = getattr(request.state, "session_id", None)
    if known is not None and _read(request) != known:
        response.set_cookie(
            COOKIE,
            _signer(request).sign(known).decode(),
            max_age=DAYS * 86_400,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
            path="/",
        )
    return response


def form_token(request: Request) -> str:
    """The token that forms of this session carry."""
    return hmac.new(_key(request), b"form:" + session_id(request).encode(), sha256).hexdigest()


def token_fits(request: Request, token: str) -> bool:
    """Whether a form was made for this very session."""
    return _read(request) is not None and hmac.compare_digest(form_token(request).encode(), token.encode(errors="replace"))


def _read(request: Request) -> str | None:
    try:
        found = _signer(request).unsign(request.cookies.get(COOKIE, ""), max_age=DAYS * 86_400)
    except BadSignature:
        return None
    return found.decode()


def _signer(request: Request) -> TimestampSigner:
    return TimestampSigner(_key(request), salt=_SALT, digest_method=sha256)


def _key(request: Request) -> bytes:
    key: bytes = request.app.state.secret_key()
    return key
