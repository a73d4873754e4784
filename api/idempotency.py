"""``Idempotency-Key``: a creating request that is sent again gets the answer of the first, instead of making a second thing.

A client that heard nothing (a lost connection, a timeout) sends the same request with the same key. Kept 24 hours: the same body
replays the answer, another body is 422, one that is still being answered is 409. What failed on our side, or could not be read, is
not kept and may be tried again. For any route that creates something::

    return await once(request, "make_plan", lambda: answer_of(request, asked), key)
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from anyio import CancelScope, to_thread
from fastapi import Header
from starlette.requests import Request
from starlette.responses import Response

from api.answering import problem
from api.errors import KINDS, InputProblem
from api.identity.asker import Asker
from api.store.answers import Answer, AnswerStore

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias=HEADER,
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Any text of your own, such as a UUID: the same request with it again is answered as the first.",
    ),
]
ONCE: dict[int | str, dict[str, Any]] = {409: {"description": "A request with this Idempotency-Key is still being answered"}}
"""What an operation with a key may answer beside its own."""
_KEPT_HEADERS = ("content-type", "location", "etag", "cache-control")


async def once(
    request: Request, operation: str, work: Callable[[], Awaitable[Response]], key: str | None, file: bytes | None = None
) -> Response:
    """The answer of a creating request; of the first one, where the key says that this is the same request again.

    Parameters
    ----------
    request : Request
        Its body was read already.
    operation : str
        What is done, the same for equal requests: a key of one operation says nothing about another.
    work : callable
        Does it. Called at most once for a key.
    key : str or None
        None does it without looking.
    file : bytes, optional
        The content of the file that was sent, where the body was one: it is compared instead, since it was read from the stream and
        a client that tries again puts other marks around it.

    Raises
    ------
    StoreError
    """
    if key is None:
        return await work()
    asker: Asker = request.state.asker
    # Nobody is answered with what somebody else made.
    store, operation = AnswerStore(request.app.state.database, asker.institution_id), f"{operation} {asker.person_id}"
    begun = await to_thread.run_sync(store.begin, operation, key, await _digest(request, file))
    if isinstance(begun, Answer):
        return Response(begun.body, begun.status, {**begun.headers, REPLAYED: "true"})
    if begun == "running":
        return problem(request, KINDS["still-running"], KINDS["still-running"].help, headers={"Retry-After": "1"})
    if begun == "other request":
        detail = "This key was used for another request. Use a new key for each thing you create."
        return problem(request, KINDS["invalid-request"], detail, [InputProblem(HEADER, detail)])
    try:
        answer = await work()
        if answer.status_code >= 500:
            await to_thread.run_sync(store.release, operation, key)
        else:
            kept = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
            body = bytes(answer.body).decode()
            await to_thread.run_sync(store.finish, operation, key, Answer(answer.status_code, kept, body))
    except BaseException:
        # Also where the caller went away: the key must be free for the next try.
        with CancelScope(shield=True):
            await to_thread.run_sync(store.release, operation, key)
        raise
    return answer


async def _digest(request: Request, file: bytes | None) -> str:
    """What makes two requests the same: method, address and body, whatever the order and the spacing of its fields."""
    body = await request.body() if file is None else file
    # What is no JSON is compared byte by byte.
    with contextlib.suppress(ValueError):
        body = json.dumps(json.loads(body), sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(b"\0".join([request.method.encode(), str(request.url.path).encode(), body])).hexdigest()
