"""What pages that change something share: a form read once, its token checked, and a way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.pages.session import TOKEN_FIELD, keep, token_fits

MOST_FIELDS = 200
LOST = (
    "This form belongs to a session that has ended, or came from another site. Nothing was changed. Go back, load the page again, "
    "and send the form once more."
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One file of a form, read into memory: a body is never longer than the server allows."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """A form as it was sent."""

    texts: Mapping[str, str]
    uploads: tuple[tuple[str, Sent], ...] = ()

    def text(self, name: str) -> str:
        """One text field, trimmed; empty where it is missing."""
        return self.texts.get(name, "").strip()

    def files(self, name: str) -> list[Sent]:
        """Files of one field; a field nobody filled in counts as none."""
        return [one for field, one in self.uploads if field == name]


async def posted(request: Request, *, max_files: int = 0) -> Posted:
    """The form of a request.

    Raises
    ------
    HTTPException
        403 where the form's token is not that of the session: it came from elsewhere, or the session was lost.
    """
    async with request.form(max_files=max_files, max_fields=MOST_FIELDS) as form:
        texts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        if not token_fits(request, texts.get(TOKEN_FIELD, "")):
            raise HTTPException(403, LOST)
        uploads = [
            (name, Sent(one.filename or "", await one.read()))
            for name, one in form.multi_items()
            if isinstance(one, UploadFile) and (one.filename or one.size)
        ]
    return Posted(texts, tuple(uploads))


def go_to(request: Request, address: str) -> Response:
    """Send the browser on after something was changed, so that loading the page again does not change it twice."""
    return keep(request, RedirectResponse(address, 303))
