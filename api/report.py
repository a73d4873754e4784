"""The audit report: one dated page of HTML made to print, with the source of every fact. No script and no outside request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.audit_schemas import AuditOut, NodeOut, TreeOut
from api.console.words import fact_words, further_uses, grouped, ledger_facts, ledger_words, requirement_head, requirement_progress
from api.schemas import FactOut, LedgerOut, UseOut
from pathways.recommendation.answer import AUTHORITY_WARNING

MOST_HELD = 60
_WORDS = {"met": "met", "unmet": "not met", "unknown": "unknown"}


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement on the page: how deep it stands, its verdict, its words, and what stands under it."""

    depth: int
    truth: str
    text: str
    progress: str
    counts: tuple[str, ...]
    spare: tuple[str, ...]
    notes: tuple[str, ...]
    facts: tuple[FactOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One requirement tree, flattened for a page."""

    title: str
    lines: tuple[Line, ...]
    expiring: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """One of the three separate answers on what the target counts for: its line, and further statements below it."""

    name: str
    words: str
    facts: tuple[FactOut, ...]
    further: tuple[UseOut, ...]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Everything the template may read; a test checks that it reads nothing else."""

    answer: AuditOut
    holds: tuple[str, ...]
    sections: tuple[Section, ...]
    ledgers: tuple[Ledger, ...]
    sources: Sources
    words: dict[str, str]
    warning: str


class Sources:
    """Numbers the pages that facts were read from, in the order they are first cited."""

    def __init__(self) -> None:
        self._marks: dict[tuple[str, str], int] = {}

    def cite(self, facts: list[FactOut] | tuple[FactOut, ...]) -> list[int]:
        """Marks of some facts; a computed one has none."""
        found = [(fact.source_url, fact_words(fact)) for fact in facts if fact.source_url]
        return sorted({self._marks.setdefault(key, len(self._marks) + 1) for key in found})

    def listed(self) -> list[tuple[int, str, str]]:
        """Mark and address of every page cited so far, and in words how surely it was read, when, and whether it is a copy."""
        return [(mark, url, words) for (url, words), mark in self._marks.items()]


def audit_report(answer: AuditOut) -> str:
    """An audit as one HTML page.

    Parameters
    ----------
    answer : AuditOut

    Returns
    -------
    str
        A whole document; style inside, no script, nothing to fetch.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    trees = (("Before one may start", answer.requires), ("What completes it", answer.composed_of))
    value = answer.value_here
    page = ReportPage(
        answer=answer,
        holds=_holds(answer),
        sections=tuple(_section(title, tree) for title, tree in trees if tree is not None),
        ledgers=tuple(
            _ledger(name, part) for name, part in (("Renewal", value.renewal), ("Pay", value.pay), ("Degree", value.degree))
        ),
        sources=Sources(),
        words=_WORDS,
        warning=AUTHORITY_WARNING,
    )
    return environment.get_template("report.html").render(page=page)


def _section(title: str, tree: TreeOut) -> Section:
    expiring = tuple(f"{item.name} counts until {item.last_day}: {item.why}" for item in tree.expiring)
    return Section(title, tuple(_lines(tree.root, 0)), expiring)


def _lines(node: NodeOut, depth: int) -> Iterator[Line]:
    yield Line(
        depth=min(depth, 8),
        truth=node.truth,
        text=requirement_head(node),
        progress=requirement_progress(node),
        counts=tuple(use.name for use in node.uses) if not node.children else (),
        spare=tuple(f"{item.name}: {item.reason}" for item in node.spare),
        notes=tuple(node.notes),
        facts=tuple(node.facts),
    )
    for child in node.children:
        yield from _lines(child, depth + 1)


def _ledger(name: str, ledger: LedgerOut) -> Ledger:
    return Ledger(name, ledger_words(ledger), tuple(ledger_facts(ledger)), tuple(further_uses(ledger)))


def _holds(answer: AuditOut) -> tuple[str, ...]:
    """What the record holds, equal things once; a long list says how many it leaves out."""
    words = grouped(held.text for held in answer.holds)
    hidden = len(words) - MOST_HELD
    return (*words[:MOST_HELD], f"and {hidden:,} more") if hidden > 0 else tuple(words)
