"""How a command ends: its exit codes, and the one table from exceptions to a message and a code.

A person's mistake gets one message that says what to do. Only an error of this program's own leads to a traceback, and only when
``PATHWAYS_DEBUG`` is set.
"""

from __future__ import annotations

import os
import sys
import traceback
from enum import IntEnum
from typing import Any

import typer
from typer.core import TyperGroup

from pathways.errors import SEARCH_HINT, PathwaysError

MOST_LINES = 200
#: The commands behind "Search the catalog, or name a target", which pages show as links.
HOW_TO_SEARCH = "Type: pathways search WORDS, or: pathways targets"


class ExitCode(IntEnum):
    """What a command tells the shell."""

    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    BAD_DATA = 3
    NOTHING_FOUND = 4
    SOME_ROWS_FAILED = 5
    INTERRUPTED = 130


class OptionError(PathwaysError):
    """Options that do not fit together or hold something that cannot be read: a matter of usage, not of data."""


class GuardedGroup(TyperGroup):
    """The command group with the table of errors around every command."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; an error becomes a message on stderr and an exit code."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            quiet_pipe()
            raise typer.Exit(ExitCode.DONE) from None
        except Exception as error:  # everything: nothing may reach the shell as a traceback
            # Usage errors, a wanted exit and an abort carry their own code and are shown by Typer.
            if hasattr(error, "exit_code") or isinstance(error, typer.Abort):
                raise
            raise typer.Exit(report(error)) from None


def report(error: Exception) -> ExitCode:
    """Say on stderr what went wrong and what to do; answer with the exit code it means."""
    if os.environ.get("PATHWAYS_DEBUG"):
        traceback.print_exception(error)
    code, words = describe(error)
    lines = words.splitlines() or [type(error).__name__]
    hidden = len(lines) - MOST_LINES
    shown = lines[:MOST_LINES] + ([f"and {hidden:,} more problems"] if hidden > 0 else [])
    typer.echo("Error: " + "\n".join(_printable(line) for line in shown), err=True)
    return code


def describe(error: Exception) -> tuple[ExitCode, str]:
    """The table: what each kind of error means to the person at the terminal."""
    # Named, not imported: the encoder's package is not loaded for a command that needs no encoder.
    ours = {f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__}
    if isinstance(error, OptionError):
        return ExitCode.USAGE, f"{error} Try --help."
    if isinstance(error, PathwaysError) or "models.base.ModelError" in ours:
        return ExitCode.BAD_DATA, str(error) + (f"\n{HOW_TO_SEARCH}" if SEARCH_HINT in str(error) else "")
    if isinstance(error, OSError) and error.filename is not None:
        return ExitCode.UNEXPECTED, f"{error.filename}: {error.strerror}."
    message = " ".join(str(error).split())[:300]
    hint = "This is a fault of the program. Set PATHWAYS_DEBUG=1 and run the command again to see where it happened."
    return ExitCode.UNEXPECTED, f"{type(error).__name__}: {message}\n{hint}"


def quiet_pipe() -> None:
    """Stop writing: the reader of our output (``head``) has seen enough. Python's own flush at exit must not complain either."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # stays open until the process ends


def _printable(line: str) -> str:
    return "".join(mark for mark in line if mark.isprintable() or mark == "\t")
