"""Request bodies as strict JSON: UTF-8, each field once, plain numbers, a few levels.

What is sent must not be read in two ways: of two equal fields neither is chosen in silence. Leaves out what the fields mean
(:mod:`api.schemas`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute


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
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once_each, parse_constant=_refuse)
    except json.JSONDecodeError:
        raise
    except UnicodeDecodeError as error:
        raise json.JSONDecodeError("not UTF-8", "", 0) from error
    except RecursionError as error:
        raise json.JSONDecodeError("nested too deep", "", 0) from error
    except ValueError as error:  # Python reads no whole number of more than 4,300 digits
        raise json.JSONDecodeError("a number far too long", "", 0) from error


def _once_each(found: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(found)
    if len(read) < len(found):
        name = next(name for name, count in Counter(name for name, _ in found).items() if count > 1)
        message = f'the field "{name[:60]}" stands twice'
        raise json.JSONDecodeError(message, "", 0)
    return read


def _refuse(word: str) -> Any:
    message = f"{word} is not a number JSON knows"
    raise json.JSONDecodeError(message, "", 0)
