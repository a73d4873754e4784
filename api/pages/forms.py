"""What pages that change something share: a form read once, its token checked, and a way back."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
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
class Posted:
    """A form as it was sent."""

    data: FormData

    def text(self, name: str) -> str:
        """One text field, trimmed; empty where it is missing."""
        found = self.data.get(name, "")
        return found.strip() if isinstance(found, str) else ""

    def files(self, name: str) -> list[UploadFile]:
        """Files of one field; a field nobody filled in counts as none."""
        return [one for one in self.data.getlist(name) if isinstance(one, UploadFile) and (one.filename or one.size)]


async def posted(request: Request, *, max_files: int = 0) -> Posted:
    """The form of a request.

    Raises
    ------
    HTTPException
        403 where the form's token is not that of the session: it came from elsewhere, or the session was lost.
    """
    data = await request.form(max_files=max_files, max_fields=MOST_FIELDS)
    token = data.get(TOKEN_FIELD, "")
    if not isinstance(token, str) or not token_fits(request, token):
        raise HTTPException(403, LOST)
    return Posted(data)


def go_to(request: Request, address: str) -> Response:
    """Send the browser on after something was changed, so that loading the page again does not change it twice."""
    return keep(request, RedirectResponse(address, 303))
