"""The process that canonicalizes for :mod:`pathways.badges.canonical_pool`: one line of JSON in, one out, until the input ends.

It ends with its parent, because then its input does; while it is busy a timer of its own ends it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any, BinaryIO

from pathways.badges.canonical import CanonicalError, canonical_form, check_terms

#: A little more than a parent waits, so that nothing outlives a parent that was killed.
SECONDS = 10.0
#: Bytes of address space: a document that wants more fails here, not in the process that serves people.
MEMORY = 1 << 30
_WARM = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    "id": "urn:uuid:00000000-0000-4000-8000-000000000000",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
}


def answer(line: bytes) -> bytes:
    """Canonicalize what a request holds.

    Parameters
    ----------
    line : bytes
        JSON ``{"documents": [...], "is_signed": true}``.

    Returns
    -------
    bytes
        A line of JSON: ``{"forms": [...]}``, empty where they are not signed and only their terms are checked; or
        ``{"code": ..., "text": ...}`` where one of them has no safe form.
    """
    try:
        request = json.loads(line)
        if not request["is_signed"]:
            for document in request["documents"]:
                check_terms(document)
            return b'{"forms": []}\n'
        found: dict[str, Any] = {"forms": [canonical_form(document) for document in request["documents"]]}
    except CanonicalError as error:
        found = {"code": error.code, "text": error.text}
    except Exception as error:
        found = {"code": "json_ld", "text": f"Not JSON-LD this program can read ({type(error).__name__})."}
    return json.dumps(found).encode() + b"\n"


def serve(requests: BinaryIO, answers: BinaryIO, *, seconds: float = SECONDS) -> None:
    """Answer line by line until there is no more."""
    for line in requests:
        watch = threading.Timer(seconds, os._exit, (1,))
        watch.daemon = True
        watch.start()
        answers.write(answer(line))
        answers.flush()
        watch.cancel()


def main() -> None:
    """Take little memory, load the usual contexts, and serve."""
    limit_memory()
    canonical_form(_WARM)
    serve(sys.stdin.buffer, sys.stdout.buffer)


def limit_memory() -> None:
    """Cap the address space of this process, where the system can."""
    try:
        import resource
    except ImportError:  # pragma: no cover - not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
