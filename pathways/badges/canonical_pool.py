"""Canonical forms made in worker processes that can be killed: a document built to cost time costs five seconds at most.

Workers start when first needed, stay warm, and end with this process. Few are kept: canonicalization keeps a core busy.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from pathways.badges.canonical import CanonicalError, check_limits

SECONDS = 5.0
_ROOT = Path(__file__).resolve().parents[2]
_START = f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from pathways.badges.canonical_worker import main; main()"


class Canonize(Protocol):
    """Canonical forms of several documents, or :class:`~pathways.badges.canonical.CanonicalError`."""

    def __call__(self, documents: Sequence[Mapping[str, Any]], *, is_signed: bool = True) -> list[str]:
        """Canonicalize ``documents``, in order; where they are not signed, only check what their terms mean."""
        ...


class CanonicalPool:
    """A few warm workers.

    Parameters
    ----------
    workers : int
        How many run at the same time; further callers wait.
    seconds : float
        How long one call may take before its worker is killed.
    """

    def __init__(self, *, workers: int = 2, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._free = threading.Semaphore(workers)
        self._lock = threading.Lock()
        self._idle: list[subprocess.Popen[bytes]] = []

    def __call__(self, documents: Sequence[Mapping[str, Any]], *, is_signed: bool = True) -> list[str]:
        """Canonicalize in a worker.

        Parameters
        ----------
        documents : sequence of mapping
            JSON-LD documents; each is checked before a worker sees it.
        is_signed : bool
            False: only check their terms (:func:`~pathways.badges.canonical.check_terms`).

        Returns
        -------
        list of str
            N-Quads of each; empty where they are not signed.

        Raises
        ------
        CanonicalError
            With the codes of :mod:`pathways.badges.canonical`, or ``too_slow``.
        """
        for document in documents:
            check_limits(document, is_signed=is_signed)
        request = json.dumps({"documents": list(documents), "is_signed": is_signed}).encode() + b"\n"
        with self._free:
            worker = self._take()
            found = self._ask(worker, request)
            if found is None:
                _end(worker)
                raise CanonicalError("too_slow", f"Checking the signature took more than {self.seconds:g} seconds and was stopped.")
            with self._lock:
                self._idle.append(worker)
        if "forms" not in found:
            raise CanonicalError(found["code"], found["text"])
        forms: list[str] = found["forms"]
        return forms

    def _take(self) -> subprocess.Popen[bytes]:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.poll() is None:
                    return worker
                _end(worker)
        # Isolated (-I): nothing of the folder or the environment of who asks reaches the worker.
        return subprocess.Popen([sys.executable, "-I", "-c", _START], stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own code

    def _ask(self, worker: subprocess.Popen[bytes], request: bytes) -> dict[str, Any] | None:
        """Get the answer, or None where the worker died or was killed for taking too long."""
        assert worker.stdin is not None
        assert worker.stdout is not None
        watch = threading.Timer(self.seconds, worker.kill)
        watch.start()
        try:
            worker.stdin.write(request)
            worker.stdin.flush()
            line = worker.stdout.readline()
        except OSError:
            line = b""
        finally:
            watch.cancel()
        return json.loads(line) if line.endswith(b"\n") else None

    def close(self) -> None:
        """End the workers that wait; the pool can still be used and then starts new ones."""
        with self._lock:
            while self._idle:
                _end(self._idle.pop())


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.kill()
    worker.wait()
    for pipe in (worker.stdin, worker.stdout):
        assert pipe is not None
        try:
            pipe.close()
        except OSError:  # what was not yet written to a dead worker
            continue


@cache
def shared_pool() -> CanonicalPool:
    """The pool of this process; it ends with it."""
    pool = CanonicalPool()
    atexit.register(pool.close)
    return pool


def canonize(documents: Sequence[Mapping[str, Any]], *, is_signed: bool = True) -> list[str]:
    """Canonicalize in the shared pool: the default of :func:`pathways.badges.verify.verify`."""
    return shared_pool()(documents, is_signed=is_signed)
