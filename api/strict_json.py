"""Request bodies as strict JSON: UTF-8, each field once, plain numbers, a few levels.

What is sent must not be read in two ways: of two equal fields neither is chosen in silence. Leaves out what the fields mean
(:mod:`api.schemas`).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from pathways.text_files import strict_json


class StrictRequest(Request):
    """A request whose JSON is read by :func:`read_body`."""

    async def json(self) -> Any:
        """The body; what cannot be read is a :class:`json.JSONDecodeError`, which the framework knows."""
        if not hasattr(self, "_json"):
            self._json = read_body(await self.body())
        return self._json


class StrictRoute(APIRoute):
    """A route whose requests are :class:`StrictRequest`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Hand each request on as a strict one."""
        handle = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return strict


def read_body(content: bytes) -> Any:
    """Read JSON text.

    Raises
    ------
    json.JSONDecodeError
        If it is not UTF-8, not JSON, nested without end, or holds a field twice, NaN, or a number of thousands of digits.

    Examples
    --------
    >>> read_body(b'{"goal": "reading", "k": 2}')
    {'goal': 'reading', 'k': 2}
    """
    return strict_json(content)
