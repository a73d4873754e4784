"""A body that trickles in does not hold a connection; one that is there is answered, however long the answer takes."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from api.answering import refuse
from api.edge import Edge

LIMIT_SECONDS = 0.2


async def _length(request: Request) -> Response:
    body = await request.body()
    await asyncio.sleep(2 * LIMIT_SECONDS)
    return PlainTextResponse(str(len(body)))


def status_of(parts: list[bytes], *, pause: float) -> tuple[int, dict[bytes, bytes]]:
    """Send the parts with a pause before each and never say that there are no more, unless the last part is empty."""
    started: dict[str, Any] = {}
    waiting = list(parts)

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.sleep(60)
        await asyncio.sleep(pause)
        part = waiting.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(part)}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            started.update(message)

    inner = Starlette(routes=[Route("/", _length, methods=["POST"])])
    edge = Edge(inner, max_body_bytes=1000, refuse=refuse, deprecated={}, body_seconds=LIMIT_SECONDS)
    scope = {"type": "http", "method": "POST", "path": "/", "raw_path": b"/", "query_string": b"", "headers": []}
    asyncio.run(asyncio.wait_for(edge(scope, receive, send), 10))
    return started["status"], dict(started["headers"])


def test_a_body_of_one_byte_now_and_then_is_refused_when_its_time_is_over() -> None:
    status, headers = status_of([b"a"] * 100, pause=LIMIT_SECONDS / 4)
    assert status == 408
    assert headers[b"connection"] == b"close"


def test_a_body_that_stops_half_way_is_refused() -> None:
    assert status_of([b"a"], pause=0)[0] == 408


def test_a_body_that_is_there_in_time_is_answered_though_the_answer_takes_longer() -> None:
    assert status_of([b"abc", b""], pause=0)[0] == 200
