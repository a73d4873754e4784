"""Where an answer goes: standard output or a file, as text or as the JSON of its schema."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar

import typer

from api.console.exits import OptionError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from api.console.paper import Paper

    AnswerT = TypeVar("AnswerT", bound=BaseModel | Sequence[BaseModel])


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one command's answer is wanted: JSON or text, into a file or on standard output, with or without remarks."""

    json: bool = False
    out: Path | None = None
    quiet: bool = False


def deliver(answer: AnswerT, write: Callable[[Paper, AnswerT], None], how: Delivery) -> None:
    """Write an answer.

    Parameters
    ----------
    answer : body or sequence of bodies
    write : callable
        Writes the body as text on a :class:`Paper`.
    how : Delivery

    Raises
    ------
    OptionError
        If the file cannot be written.
    """
    if how.out is None:
        _print(_render(answer, write, how, sys.stdout))
        return
    save(how.out, _render(answer, write, how, None), quiet=how.quiet)


def save(path: Path, content: str | bytes, *, quiet: bool = False) -> None:
    """Write a whole file or nothing: a file that was there keeps its content until the new one is complete.

    A link stays a link, and what is no file (a pipe, a device) is written to, never replaced.
    """
    try:
        _write(path, content.encode() if isinstance(content, str) else content)
    except OSError as error:
        message = f"Cannot write {path}: {error.strerror}."
        raise OptionError(message) from error
    remark(f"Written to {path}", quiet=quiet)


def _write(path: Path, content: bytes) -> None:
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            stream.write(content)
        return
    path = path.resolve()
    mode = _mode(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """Permissions of the file that stands there, else those the person's umask gives: a report tells what somebody holds."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


def remark(text: str, *, quiet: bool) -> None:
    """A remark beside the data, on stderr."""
    if not quiet:
        typer.echo(text, err=True)


def _render(answer: AnswerT, write: Callable[[Paper, AnswerT], None], how: Delivery, stream: TextIO | None) -> str:
    if how.json:
        return _json(answer, plain=stream is not None and not _is_utf8(stream)) + "\n"
    from api.console.paper import Paper

    paper = Paper(stream)
    write(paper, answer)
    return paper.text()


def _json(answer: BaseModel | Sequence[BaseModel], *, plain: bool) -> str:
    """The schema's own JSON; ``plain`` writes other letters than ASCII as escapes, for a terminal that has no UTF-8."""
    from pydantic import BaseModel

    body = answer.model_dump(mode="json") if isinstance(answer, BaseModel) else [item.model_dump(mode="json") for item in answer]
    return json.dumps(body, indent=2, ensure_ascii=plain)


def _is_utf8(stream: TextIO) -> bool:
    return (stream.encoding or "utf-8").lower().replace("-", "").startswith("utf")


def _print(text: str) -> None:
    """Write at once and flush, so that a closed pipe shows here and not when Python ends."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()
