"""One recommended step on paper: what it is, what it does, what it needs, what it counts for here."""

from __future__ import annotations

from api.console.paper import Paper
from api.console.words import (
    clean,
    counted,
    dollars,
    further_uses,
    grouped,
    item,
    ledger_facts,
    ledger_words,
    listing,
    price_and_time,
    shorten,
)
from api.schemas import ClaimOut, EffectOut, FactOut, LedgerOut, MissingOut, StepOut, ValueHereOut
from pathways.recommendation.answer import AUTHORITY_WARNING

MOST_REASONS = 4
MOST_MISSING = 6
_INDENT = 4
_LEDGER_LABEL = 8
_ACTION = {"earn": "", "claim": "Claim it: ", "renew": "Renew: ", "post": "Have it posted: "}
_READY = {"yes": "You can start now.", "no": "Not yet.", "unknown": "Ask before you start."}
#: Said once for each step already: by the line on its targets, and by the line on price and time.
_SAID_BY_TARGETS = {"target"}
_SAID_BY_PRICE = {"price unknown", "time unknown"}


def write_step(paper: Paper, step: StepOut) -> None:
    """Write one ranked step."""
    credential = step.credential
    paper.blank()
    paper.ends(f"{step.rank:>2}. ", f"{_ACTION[step.action]}{credential.name}", f"{step.fit} of 100 fit", style="bold")
    paper.line(f"{credential.type.capitalize()} · {credential.issuer} · {credential.id}", indent=_INDENT)
    if step.description:
        paper.line(shorten(step.description), indent=_INDENT)
    for effect in step.targets:
        paper.line(effect_words(effect), indent=_INDENT, lead="> ", style="cyan")
    reasons = [reason for reason in step.reasons if not (step.targets and reason.kind in _SAID_BY_TARGETS)]
    for reason in reasons[:MOST_REASONS]:
        paper.line(reason.text + paper.cite(reason.facts), indent=_INDENT, lead="+ ", lead_style="green")
    _write_missing(paper, step)
    if step.claim is not None:
        told = any(warning.kind == "approval first" for warning in step.warnings)
        # Where it belongs is a warning of the step already.
        write_claim(paper, step.claim.model_copy(update={"elsewhere": ""}), indent=_INDENT, warn=not told)
    _write_price(paper, step)
    write_value(paper, step.value_here, indent=_INDENT)
    _write_warnings(paper, step)
    if step.score:
        parts = " · ".join(f"{part.name} {part.value:.2f}" for part in step.score)
        paper.line(parts, indent=_INDENT, lead="fit: ", style="dim")
    if step.also_items:
        also = listing((item(one) for one in step.also_items), most=4)
        paper.line(also, indent=_INDENT, lead="Also similar, or in the same stack: ", style="dim")


def effect_words(effect: EffectOut) -> str:
    """What a step does for one target: ``For X: leaves 3 of 5 steps, proven``."""
    name = clean(effect.name)
    before, after = effect.remaining_before, effect.remaining_after
    if before is None or after is None:
        return f"For {name}: {effect.proof}"
    if after == before:
        return f"For {name}: {counted(before, 'step')} left, with or without it ({effect.proof})"
    return f"For {name}: leaves {after} of {before} {effect.unit} ({effect.proof})"


def write_value(paper: Paper, value: ValueHereOut, *, indent: int) -> None:
    """The three ledgers, one under the other and never added together."""
    paper.line(f"What it counts for here ({value.place}):", indent=indent)
    for label, ledger in (("renewal", value.renewal), ("pay", value.pay), ("degree", value.degree)):
        _write_ledger(paper, label, ledger, indent + 2)


def write_claim(paper: Paper, claim: ClaimOut, *, indent: int, warn: bool = True) -> None:
    """Something that may be claimed now: with what, where, for what fee, under which conditions."""
    worth = "" if claim.credits is None else f" ({'up to ' if claim.maximum else ''}{claim.credits.text})"
    via = f" after claiming {listing(claim.via)}" if claim.via else ""
    uses = f", with {listing(grouped(claim.uses))}" if claim.uses else ", whose own list is complete"
    words = f"{claim.to}{worth} at {claim.institution}{uses}{via}{paper.cite(claim.facts)}"
    paper.line(words, indent=indent, lead="Claim: ")
    if claim.fee_usd is not None:
        per = f" for each {claim.fee_per}" if claim.fee_per else ""
        paper.line(f"{dollars(claim.fee_usd)}{per}", indent=indent + 2, lead="Fee: ")
    if claim.conditions:
        paper.line(claim.conditions, indent=indent + 2, lead="Conditions: ")
    if claim.elsewhere:
        paper.line(claim.elsewhere, indent=indent + 2, lead="! ", lead_style="yellow")
    if claim.approval_first and warn:
        paper.line("Approval comes first: ask in writing before you pay.", indent=indent + 2, lead="! ", lead_style="yellow")


def _write_missing(paper: Paper, step: StepOut) -> None:
    if not step.missing:
        paper.line(_READY[step.ready], indent=_INDENT)
        return
    paper.line(f"{_READY[step.ready]} Still needed:", indent=_INDENT)
    for missing in step.missing[:MOST_MISSING]:
        paper.line(_missing_words(missing) + paper.cite(missing.facts), indent=_INDENT + 2, lead="- ")
    hidden = len(step.missing) - MOST_MISSING
    if hidden > 0:
        paper.line(f"and {hidden} more: pathways audit {step.credential.id}", indent=_INDENT + 2, lead="- ")


def _missing_words(missing: MissingOut) -> str:
    known = f" ({missing.id})" if missing.id and missing.id not in missing.text else ""
    return f"{missing.text}{known}{' (to confirm)' if missing.truth == 'unknown' else ''}"


def _write_price(paper: Paper, step: StepOut) -> None:
    worth = f" · {step.credits.text}" if step.credits is not None else ""
    cited: list[FactOut] = [fact for warning in step.warnings if warning.kind in _SAID_BY_PRICE for fact in warning.facts]
    paper.line(
        f"{price_and_time(step.cost_usd, step.hours)}{worth}{paper.cite(step.facts + cited)}",
        indent=_INDENT,
        lead="Price and time: ",
    )


def _write_ledger(paper: Paper, label: str, ledger: LedgerOut, indent: int) -> None:
    words = ledger_words(ledger) + paper.cite(ledger_facts(ledger))
    paper.line(words, indent=indent, lead=f"{label:<{_LEDGER_LABEL}}", lead_style="bold")
    hang = indent + _LEDGER_LABEL
    for use in further_uses(ledger):
        paper.line(use.text + paper.cite(use.facts), indent=hang, lead="also: ")
    if ledger.ask and paper.first_time(ledger.ask):
        paper.line(ledger.ask, indent=hang)


def _write_warnings(paper: Paper, step: StepOut) -> None:
    for warning in step.warnings:
        if warning.text != AUTHORITY_WARNING and warning.kind not in _SAID_BY_PRICE:
            paper.line(warning.text + paper.cite(warning.facts), indent=_INDENT, lead="! ", lead_style="yellow")
    # Only a price of zero is known to cost nothing: an unknown price may have to be paid.
    if step.cost_usd != 0 or any(warning.text == AUTHORITY_WARNING for warning in step.warnings):
        paper.line(AUTHORITY_WARNING, indent=_INDENT, lead="! ", lead_style="yellow", style="bold")
