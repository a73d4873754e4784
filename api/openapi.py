"""The OpenAPI document: stable operation ids, the problem shape for every error."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.errors import ProblemOut

VERSION = "1.0.0"
ABOUT: dict[str, Any] = {
    "summary": "What to earn next, why, what it costs and what it counts for, with the source of every fact.",
    "openapi_tags": [
        {"name": "recommendations", "description": "What should I earn next?"},
        {"name": "audits", "description": "How far is a record from a target, and what must be asked first?"},
        {"name": "plans", "description": "In which terms, what is proven best, and why not?"},
        {"name": "catalog", "description": "Credentials and targets."},
        {"name": "learners", "description": "A learner's record, and what a learner may demand: see, correct, take along, erase."},
        {"name": "identity", "description": "Who asks, and what may they do?"},
        {"name": "health", "description": "Is it alive, is it ready?"},
    ],
}
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}


def document(app: FastAPI) -> dict[str, Any]:
    """The document of an application, made once.

    The framework would describe refused requests in its own shape; every error here is a problem (RFC 9457).
    """
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, summary=app.summary, routes=app.routes, tags=app.openapi_tags
        )  # fmt: skip
        schemas = made["components"]["schemas"]
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        problem = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(problem.pop("$defs"), ProblemOut=problem)
        for operations in made["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if status >= "400":
                        answer["content"] = _PROBLEM
        made["components"]["schemas"] = dict(sorted(schemas.items()))
        app.openapi_schema = made
    return app.openapi_schema
