"""What every answer carries and no route should think of: request id, security headers, the body limit, and a last resort.

A plain ASGI layer outside all others. An error nobody expected becomes a problem without a stack trace; the log gets the kind of
error and where it was raised, never its text, which may hold what a person typed.
"""

from __future__ import annotations

import asyncio
import logging
import re
import traceback
import uuid
from collections.abc import Awaitable, Callable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.deprecation import Deprecation, headers_of

LOG = logging.getLogger("pathways")
CONTENT_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
#: Swagger UI writes style attributes and shows small images from data: addresses; scripts stay our own files.
DOCS_POLICY = f"{CONTENT_POLICY}; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
BODY_SECONDS = 30.0
#: Addresses that take files, and how many times the longest body they take: a hundred pictures are more than a question.
UPLOADS = {"/v1/badges:read": 16, "/badges": 16}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

Refuse = Callable[[Request, int, str], Awaitable[Response]]


class Edge:
    """The outermost layer.

    Parameters
    ----------
    app : ASGI application
    max_body_bytes : int
        A longer request body is refused: by its declared length before anything is read, otherwise as soon as it is too long.
        Where files are sent (:data:`UPLOADS`) it is some times longer.
    body_seconds : float
        A request body must be there after so long: a sender of one byte a second does not hold a connection for hours.
    refuse : callable
        Makes the answer for a status and a detail.
    deprecated : mapping of str to Deprecation
        Operation ids whose answers say that they are on their way out.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_body_bytes: int,
        refuse: Refuse,
        deprecated: Mapping[str, Deprecation],
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self.deprecated = deprecated
        self.body_seconds = body_seconds
        self.app = app
        self.max_body_bytes = max_body_bytes
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["state"] = {**scope.get("state", {}), "request_id": _request_id(Headers(scope=scope))}
        answer = _Answer(scope, send, self.deprecated)
        most = self.max_body_bytes * UPLOADS.get(scope["path"], 1)
        if _declared_length(scope) > most:
            await self._refuse(scope, receive, answer, 413, _too_long(most))
            return
        try:
            await self.app(scope, self._limited(receive, most), answer)
        except Exception as error:
            _log(error, scope["state"]["request_id"])
            if answer.started:
                raise
            await self._refuse(scope, receive, answer, 500, "An unexpected error. It was logged under this request id.")

    def _limited(self, receive: Receive, most: int) -> Receive:
        seen = 0
        ends = asyncio.get_running_loop().time() + self.body_seconds
        complete = False

        async def limited() -> Message:
            nonlocal seen, complete
            try:
                # After the body there is only the news that the caller has gone, which may take as long as it likes.
                async with asyncio.timeout_at(None if complete else ends):
                    message = await receive()
            except TimeoutError:
                detail = f"The body was not there after {self.body_seconds:g} seconds."
                raise HTTPException(408, detail, {"Connection": "close"}) from None
            complete = not message.get("more_body", False)
            seen += len(message.get("body", b""))
            if seen > most:
                raise HTTPException(413, _too_long(most), {"Connection": "close"})
            return message

        return limited

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, status: int, detail: str) -> None:
        response = await self.refuse(Request(scope, receive), status, detail)
        if status == 413:
            response.headers["Connection"] = "close"
        await response(scope, receive, send)


class _Answer:
    """Sends an answer with the headers all answers carry."""

    def __init__(self, scope: Scope, send: Send, deprecated: Mapping[str, Deprecation]) -> None:
        self.deprecated = deprecated
        self.scope = scope
        self.send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self.scope["state"]["request_id"]
            headers["X-Content-Type-Options"] = "nosniff"
            # Other hosts get nothing; own forms keep their Origin, which is how a foreign one is told.
            headers["Referrer-Policy"] = "same-origin"
            headers["Content-Security-Policy"] = DOCS_POLICY if self.scope["path"] == "/docs" else CONTENT_POLICY
            entry = self.deprecated.get(getattr(self.scope.get("route"), "operation_id", None) or "")
            for name, value in headers_of(entry).items() if entry else ():
                headers.append(name, value)
            if headers.get("Content-Encoding") == "gzip" and "ETag" in headers:
                # A strong tag names exact bytes, so the compressed form needs one of its own.
                headers["ETag"] = headers["ETag"].removesuffix('"') + '-gzip"'
        await self.send(message)


def _too_long(most: int) -> str:
    return f"The body is longer than {most:,} bytes, the most this server reads."


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def _declared_length(scope: Scope) -> int:
    text = Headers(scope=scope).get("content-length", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def _log(error: Exception, request_id: str) -> None:
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    where = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    LOG.error("request %s failed: %s at %s", request_id, type(error).__name__, where)
