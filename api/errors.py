"""Exceptions to HTTP: one table, one problem shape (RFC 9457), and the words that explain each kind.

Command line and pages show the same exceptions in their own way. Leaves out the web framework, so that the services and the
command line can raise :class:`InputError` without importing it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import ErrorDetails

from api.identity.errors import (
    AdminError,
    ForeignSiteError,
    NotAllowedError,
    SignInError,
    SignInRefusedError,
    SignInSetupError,
    StaleRecordError,
    TooManyError,
    UnknownHereError,
)
from api.jobs.errors import UnknownJobError
from api.review.errors import StaleMatchError, UnknownMatchError
from api.store.errors import StalePlanError, StoreError, UnknownPlanError
from pathways.errors import DataError, PathwaysError, QuestionError, RequirementSyntaxError, UnitError, UnknownIdError, nearest_ids

MAX_SHOWN = 20
"""Problems of one request that are listed; the rest are counted. Ten thousand wrong ids must not make a megabyte of answer."""


@dataclass(frozen=True, slots=True)
class InputProblem:
    """One thing wrong in one place of a request: a JSON pointer (``/have/3``) and what to do about it."""

    pointer: str
    detail: str


@dataclass
class InputError(PathwaysError):
    """A request that cannot be answered as it stands; every problem found, not only the first."""

    problems: tuple[InputProblem, ...]

    def __str__(self) -> str:
        """One line per problem."""
        return "\n".join(problem.detail for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its slug in ``/problems/{slug}``, HTTP status, title, and what a person can do."""

    slug: str
    status: int
    title: str
    help: str


KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            "not-found",
            404,
            "There is nothing at this address",
            "Check the id: search the catalog, or pick one of the nearest ids.",
        ),
        Kind(
            "sign-in-needed",
            401,
            "Sign in first",
            "A person opens /sign-in; a machine sends a key of its institution in the header Authorization.",
        ),
        Kind("not-allowed", 403, "You may not do this", "The detail says which role may; an administrator gives roles."),
        Kind("too-many-requests", 429, "Too many requests", "Wait as many seconds as the header Retry-After says, then go on."),
        Kind("method-not-allowed", 405, "This address does not take that method", "See the API documentation at /docs."),
        Kind("request-timeout", 408, "The request did not arrive in time", "Send it again, all of it at once."),
        Kind(
            "still-running",
            409,
            "The same request is still being answered",
            "Wait a moment, then send it again with the same Idempotency-Key: the answer will be the one of the first.",
        ),
        Kind(
            "stale",
            412,
            "Somebody changed this meanwhile",
            "Read it again, look at what changed, and send the change with the new ETag in If-Match.",
        ),
        Kind("body-too-large", 413, "The request body is too long", "Send less in one request; the limit is in the detail."),
        Kind("invalid-request", 422, "The request cannot be answered as it stands", "Each entry of errors says what to do."),
        Kind(
            "precondition-required",
            428,
            "A change must say which version it is for",
            "Send the ETag you got with the plan in the header If-Match.",
        ),
        Kind(
            "not-offered",
            501,
            "This server cannot make that kind of file",
            "Ask for another form, such as .svg; the detail says why.",
        ),
        Kind(
            "store-unavailable",
            503,
            "The store cannot be used at the moment",
            "Try again in a few seconds; nothing was changed. Where it lasts, whoever runs this server must look at its database.",
        ),
        Kind("not-ready", 503, "The data is still loading", "Try again in a few seconds; /readyz says when."),
        Kind("internal", 500, "Something went wrong on our side", "Nothing was lost. Report the request id."),
        Kind("other", 400, "The request was refused", "See the detail."),
    )
}
_BY_STATUS = {kind.status: kind for kind in KINDS.values()}


class ProblemErrorOut(BaseModel):
    """Where in the request, and what to do."""

    model_config = ConfigDict(extra="forbid")

    pointer: str = Field(description="JSON pointer into the body (`/have/3`), or `?name` of a query parameter.")
    detail: str


class ProblemOut(BaseModel):
    """Every error of this API: `application/problem+json` as in RFC 9457."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "type": "/problems/invalid-request",
                    "title": KINDS["invalid-request"].title,
                    "status": 422,
                    "detail": 'There is no credential "letrs-unit1" in this catalog. Did you mean letrs-u1?',
                    "instance": "/v1/recommendations",
                    "request_id": "5f0c6d6d2d8e4b0d",
                    "errors": [{"pointer": "/have/0", "detail": 'There is no credential "letrs-unit1" in this catalog.'}],
                }
            ]
        },
    )

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: list[ProblemErrorOut] = Field(default=[])


def kind_of_status(status: int) -> Kind:
    """The kind of problem that an HTTP status stands for."""
    return _BY_STATUS.get(status, KINDS["internal"] if status >= 500 else KINDS["other"])


def kind_of(error: PathwaysError) -> Kind:
    """The kind of problem an error of the domain is: asked for something that is not there, or asked in the wrong way.

    A data file that does not load is our side's fault: it cannot be the request's.
    """
    match error:
        case UnknownIdError() | UnknownPlanError() | UnknownHereError() | UnknownMatchError() | UnknownJobError():
            return KINDS["not-found"]
        case SignInError():
            return KINDS["sign-in-needed"]
        case NotAllowedError() | ForeignSiteError() | SignInRefusedError():
            return KINDS["not-allowed"]
        case TooManyError():
            return KINDS["too-many-requests"]
        case SignInSetupError():
            return KINDS["not-offered"]
        case StalePlanError() | StaleRecordError() | StaleMatchError():
            return KINDS["stale"]
        case InputError() | QuestionError() | UnitError() | RequirementSyntaxError() | AdminError():
            return KINDS["invalid-request"]
        case StoreError():
            return KINDS["store-unavailable"]
        case DataError():
            return KINDS["internal"]
        case _:
            return KINDS["internal"]


def shown(problems: Sequence[InputProblem]) -> list[ProblemErrorOut]:
    """The problems as an answer lists them: at most :data:`MAX_SHOWN`, the rest counted."""
    listed = [ProblemErrorOut(pointer=item.pointer, detail=item.detail) for item in problems[:MAX_SHOWN]]
    if len(problems) > MAX_SHOWN:
        listed.append(ProblemErrorOut(pointer="", detail=f"and {len(problems) - MAX_SHOWN:,} more problems of this request"))
    return listed


def from_validation(errors: Sequence[ErrorDetails], fields: Sequence[str]) -> tuple[InputProblem, ...]:
    """What a schema refused, in plain words and without what was sent.

    Parameters
    ----------
    errors : sequence of pydantic error details
        ``loc`` may start with ``body``, ``query`` or ``path``.
    fields : sequence of str
        Names the request may use, to suggest the nearest for a wrong one.
    """
    return tuple(InputProblem(pointer(item["loc"]), _words(item, fields)) for item in errors)


def pointer(loc: Sequence[int | str]) -> str:
    """Where, as a JSON pointer for a body and as ``?name`` for a query.

    Examples
    --------
    >>> pointer(("body", "have", 3)), pointer(("query", "limit")), pointer(("goal",))
    ('/have/3', '?limit', '/goal')
    """
    parts = list(loc)
    if parts and parts[0] == "query":
        return "?" + ".".join(str(part)[:100] for part in parts[1:])
    if parts and parts[0] in {"body", "path"}:
        parts = parts[1:]
    return "".join("/" + str(part)[:100].replace("~", "~0").replace("/", "~1") for part in parts)


def _words(item: ErrorDetails, fields: Sequence[str]) -> str:
    name = str(item["loc"][-1])[:100] if item["loc"] else "the body"
    match item["type"]:
        case "extra_forbidden":
            near = nearest_ids(name, fields, count=1)
            return f'There is no field "{name}" here.' + (f' Did you mean "{near[0]}"?' if near else "")
        case "missing":
            return f'"{name}" is missing.' if name != "body" else "The body is missing. Expected a JSON object."
        case "json_invalid":
            why = str(item.get("ctx", {}).get("error", "")).rstrip(".")
            return f"The body is not JSON: {why}." if why else "The body is not JSON."
        case "string_unicode":
            return f'"{name}" holds half a character (a lone surrogate). Expected Unicode text.'
        case "value_error" if "UploadFile" in str(item["msg"]):
            return "Expected a file, with its name."
        case "value_error":
            return str(item["msg"]).removeprefix("Value error, ")
        case "string_pattern_mismatch" if name == "by":
            return "Expected a month such as 2027-06."
        case _:
            return str(item["msg"]).replace("Input should", "Should").split(", unable")[0] + "."
