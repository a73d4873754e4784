"""Imports, differences and local rules on paper; the bar of a long import; the form of a local rule."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

import typer

from api.console.paper import Paper
from api.console.words import counted
from api.overlay_schemas import ChangeOut, DifferenceOut, ImportNoteOut, ImportOut, KeptImportOut, RuleAddedOut, RuleOut
from api.overlay_shelf import Shelf
from api.settings import read_settings
from pathways.errors import QuestionError
from pathways.places import parse_place

if TYPE_CHECKING:
    from rich.progress import Progress

MOST_SHOWN = 20
BIG_FILE = 1_000_000
"""Bytes to read above which a person wants to see that it goes on."""


def open_shelf() -> Shelf:
    """The published catalog that the environment names, and what is kept on it."""
    from api.store.database import database_of
    from api.store.overlays import OverlayStore
    from api.world import today_of
    from pathways.catalog.load import load

    settings = read_settings(os.environ)
    return Shelf(load(settings.catalog), OverlayStore(database_of(settings)), today_of(settings)())


class ReadingBar:
    """Shows how much of a big file has been read, on a terminal only."""

    def __init__(self, *, quiet: bool) -> None:
        self._is_shown = not quiet and sys.stderr.isatty()
        self._bar: Progress | None = None

    def __enter__(self) -> ReadingBar:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """So many bytes of so many."""
        if not self._is_shown or total < BIG_FILE:
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._bar.add_task("Reading", total=total)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=done)


def write_import(paper: Paper, answer: ImportOut) -> None:
    """Write what an import did or would do."""
    if answer.outcome == "import_rejected":
        paper.line(f"{answer.file} is not imported; the catalog is as it was.", style="bold")
        _notes(paper, "Why", answer.problems)
        return
    done = (
        "would be imported"
        if answer.dry_run
        else "is imported"
        if answer.applied
        else "was on the catalog already, so nothing changed"
    )
    kinds = ("credential", ""), ("requirement", ""), ("agreement", ""), ("competency", "competencies")
    found = ", ".join(
        counted(count, noun, many) for noun, many in kinds if (count := answer.counts.get(many or f"{noun}s", 0))
    ) or "nothing"  # fmt: skip
    paper.line(f"{answer.file} {done}: {found}.", style="bold")
    _diff(paper, answer.diff)
    if answer.requirements:
        paper.heading("Requirements in the file")
        for key, text in list(answer.requirements.items())[:MOST_SHOWN]:
            paper.line(f"{key}: {text}", lead="- ")
        _more(paper, len(answer.requirements))
    if answer.warnings:
        count = len(answer.warnings)
        stand = "it stands" if count == 1 else "they stand"
        _notes(paper, f"{counted(count, 'thing')} not taken over as {stand}", answer.warnings)


def write_difference(paper: Paper, answer: DifferenceOut) -> None:
    """Write what lies on the published catalog."""
    if not answer.diff:
        paper.line(f"Nothing lies on the published catalog {answer.published_version}.")
        return
    paper.line(f"Published catalog {answer.published_version}, in use {answer.data_version}.", style="bold")
    _diff(paper, answer.diff)


def write_imports(paper: Paper, answer: Sequence[KeptImportOut]) -> None:
    """Write the list of imported files."""
    for item in answer:
        paper.line(f"{item.file} ({item.format}), imported {item.kept_at}, sha256 {item.sha256[:12]}", lead=f"{item.id:>3}. ")


def write_rules(paper: Paper, answer: Sequence[RuleOut]) -> None:
    """Write the list of local rules."""
    for rule in answer:
        _rule(paper, rule)


def write_rule_added(paper: Paper, answer: RuleAddedOut) -> None:
    """Write one new rule and what it changes."""
    _rule(paper, answer.rule)
    _diff(paper, answer.diff)


def _rule(paper: Paper, rule: RuleOut) -> None:
    paper.line(f"{rule.id}: {rule.credential}, {rule.kind}{'' if rule.in_force else ' (not in force today)'}", style="bold")
    paper.line(f"{'also ' if rule.adds else ''}{rule.rule}", indent=4)
    begins = f" from {rule.valid_from}" if rule.valid_from else ""
    ends = f" until {rule.valid_until}" if rule.valid_until else ""
    paper.line(f"{rule.binds}{begins}{ends} · {rule.source}", indent=4, style="dim")


def _diff(paper: Paper, changes: Sequence[ChangeOut]) -> None:
    if not changes:
        return
    paper.heading(f"What changes ({counted(len(changes), 'difference')})")
    for change in changes[:MOST_SHOWN]:
        part = f" {change.part}" if change.part else ""
        words = {"added": change.after, "removed": change.before, "changed": f"{change.before} -> {change.after}"}[change.how]
        paper.line(f"{change.thing} {change.id}{part} {change.how}: {words}", lead="- ")
    _more(paper, len(changes))


def _notes(paper: Paper, title: str, notes: Sequence[ImportNoteOut]) -> None:
    paper.heading(title)
    for note in notes[:MOST_SHOWN]:
        paper.line(f"{note.place}: {note.text}", lead="- ")
    _more(paper, len(notes))


def _more(paper: Paper, count: int) -> None:
    if count > MOST_SHOWN:
        paper.line(f"and {count - MOST_SHOWN:,} more; --json shows all", lead="- ", style="dim")


def _is_place(text: str) -> bool:
    try:
        parse_place(text)
    except QuestionError:
        return False
    return True


def ask_rule(given: dict[str, object]) -> dict[str, object]:
    """Ask a person for what a local rule still lacks, one question each."""
    asked = dict(given)
    if not asked.get("credential"):
        asked["credential"] = typer.prompt("Whose requirement is it (catalog id)", err=True)
    if not (asked.get("place") or asked.get("institution")):
        answer = typer.prompt("Which place (such as US-OH) or institution applies it so", err=True)
        asked["place" if _is_place(answer) else "institution"] = answer
    if not asked.get("rule"):
        asked["rule"] = typer.prompt("What does it ask for (such as all(letrs-v1, letrs-v2))", err=True)
    if not asked.get("source"):
        asked["source"] = typer.prompt("Who said so, how and when (such as e-mail from the registrar, 2026-11-20)", err=True)
    return asked
