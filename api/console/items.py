"""Credentials, targets and search hits on paper."""

from __future__ import annotations

from collections.abc import Sequence

from api.audit_schemas import AgreementOut, CredentialOut, SummaryOut, TargetOut
from api.console.asking import target_filter
from api.console.paper import Paper
from api.console.words import counted, dollars, item, listing, price_and_time
from api.service import targets
from api.world import World

MOST_PARTS = 12


def write_credential(paper: Paper, answer: CredentialOut) -> None:
    """Write everything the catalog knows of one credential."""
    paper.line(item(answer), style="bold")
    paper.line(f"{answer.type.capitalize()} · {answer.issuer} · {answer.place} · status {answer.status}{paper.cite(answer.facts)}")
    paper.line(answer.description)
    _write_facts(paper, answer)
    _write_requirements(paper, answer)
    if answer.part_of:
        paper.heading("Named in the requirements of")
        for parent in answer.part_of[:MOST_PARTS]:
            paper.line(item(parent), lead="- ")
        _more(paper, len(answer.part_of) - MOST_PARTS)
    _write_agreements(paper, "What counts toward it", answer.agreements_in)
    _write_agreements(paper, "What it counts toward", answer.agreements_out)
    if answer.policies:
        paper.heading("Rules that name it")
        for policy in answer.policies:
            standing = "" if policy.standing == "current" else f" ({policy.standing})"
            paper.line(f"{policy.place}: {policy.text}{standing}{paper.cite(policy.facts)}", lead="- ")
    paper.heading("Outcome studies")
    for fact in answer.evidence:
        paper.line(fact.text + paper.cite([fact]), lead="- ")
    if not answer.evidence:
        paper.line("No outcome study found.")
    paper.sources()


def all_targets(world: World, words: str, place: str | None) -> list[TargetOut]:
    """Every target that matches, page after page of the list the API gives.

    Raises
    ------
    InputError
        If the place cannot be read.
    OptionError
        If the words are too long.
    """
    found: list[TargetOut] = []
    cursor: str | None = None
    while True:
        page = targets(world, target_filter({"q": words or None, "place": place, "limit": 200, "cursor": cursor}))
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


def write_targets(paper: Paper, targets: Sequence[TargetOut]) -> None:
    """Write a list of targets."""
    for target in targets:
        known = "" if target.requirements_known else "; its requirements are not in this catalog"
        paper.line(f"{item(target)}: {target.type}, {target.issuer}, {target.place}{known}", lead="- ")
    if targets:
        paper.blank()
        paper.line(counted(len(targets), "target"))


def write_hits(paper: Paper, hits: Sequence[SummaryOut]) -> None:
    """Write a list of credentials found."""
    for count, hit in enumerate(hits, 1):
        paper.line(item(hit), lead=f"{count:>2}. ", style="bold")
        retired = "" if hit.status == "active" else f" · status {hit.status}"
        paper.line(f"{hit.type.capitalize()} · {hit.issuer} · {hit.place}{retired}", indent=4)
        earns = f" · {hit.credits.text}" if hit.credits is not None else ""
        paper.line(price_and_time(hit.cost_usd, hit.hours) + earns, indent=4, style="dim")


def _write_facts(paper: Paper, answer: CredentialOut) -> None:
    paper.blank()
    rows = (
        ("Price and time", price_and_time(answer.cost_usd, answer.hours)),
        ("Credit", answer.credits.text if answer.credits is not None else "not published"),
        ("For", answer.audience),
        ("Subject", answer.subject),
        ("Teaches", "; ".join(answer.competencies)),
        ("Judged by", answer.assessment or "not published"),
        ("Valid for", "not published" if answer.validity_months is None else counted(answer.validity_months, "month")),
        ("On a transcript", {True: "yes", False: "no", None: "not published"}[answer.transcripted]),
        ("Offered", _offered(answer)),
        ("Retired on", answer.retired_on or ""),
    )
    for label, words in rows:
        if words:
            paper.line(words, lead=f"{label + ':':<17}")


def _offered(answer: CredentialOut) -> str:
    begins = f"from {answer.offer_from} " if answer.offer_from else ""
    ends = f"until {answer.offer_until}" if answer.offer_until else ""
    return (begins + ends).strip()


def _write_requirements(paper: Paper, answer: CredentialOut) -> None:
    paper.heading("Requirements")
    if not answer.has_requirements:
        paper.line(f"{'What completes it is' if answer.requirements else 'Its requirements are'} not in this catalog.")
    for row in answer.requirements:
        paper.line(f"{row.kind}: {row.text}{paper.cite(row.facts)}", lead="- ")


def _write_agreements(paper: Paper, title: str, agreements: Sequence[AgreementOut]) -> None:
    if not agreements:
        return
    paper.heading(title)
    for agreement in agreements:
        paper.line(_agreement_words(agreement) + paper.cite(agreement.facts), lead="- ")


def _agreement_words(agreement: AgreementOut) -> str:
    parts = [agreement.kind.replace("_", " ")]
    if agreement.credits is not None:
        parts.append(f"{'up to ' if agreement.maximum else ''}{agreement.credits.text}")
    if agreement.fee_usd is not None:
        parts.append(f"fee {dollars(agreement.fee_usd)}{f' for each {agreement.fee_per}' if agreement.fee_per else ''}")
    parts += ["approval first"] if agreement.approval_first else []
    parts += [f"from {agreement.effective_from}"] if agreement.effective_from else []
    parts += [f"until {agreement.effective_until}"] if agreement.effective_until else []
    conditions = f". Conditions: {agreement.conditions}" if agreement.conditions else ""
    return f"{listing(agreement.from_ids)} to {agreement.to} at {agreement.institution} ({', '.join(parts)}){conditions}"


def _more(paper: Paper, count: int) -> None:
    if count > 0:
        paper.line(f"and {count} more; --json shows all", lead="- ", style="dim")
