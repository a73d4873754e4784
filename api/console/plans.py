"""A plan on paper: terms as blocks, what is proven, what to watch, why there is none, and plans side by side."""

from __future__ import annotations

from api.console.paper import Paper
from api.console.words import clean, counted, item, listing, number, price_and_time, shorten
from api.plan_schemas import AlternativesOut, ComparisonOut, NoPlanOut, PlanItemOut, PlanOut, PlanTermOut

_MARK = {"earn": "o ", "claim": "+ ", "condition": "? "}
_KIND = {"earn": "", "claim": "claim", "condition": "to confirm"}
_WIDEST_NAME = 34
_COLUMN_GAP = 2
#: In the id of every part but the last of a program that is spread over terms.
STRETCH = "~part"
MOST_ALONGSIDE = 4
MOST_FACTS = 12
FIRST_FACTS = 6


def write_plan(paper: Paper, plan: PlanOut) -> None:
    """Write one plan, or the reason why there is none."""
    paper.line(item(plan.target), lead=f"Plan {plan.id}: " if plan.id else "Plan: ", style="bold")
    paper.line(f"{plan.target.type.capitalize()} · {plan.target.issuer}")
    paper.line(f"Place: {plan.place} · {plan.date} · catalog {plan.data_version}")
    terms = plan.last_term if plan.horizon[0] == plan.last_term else f"{plan.horizon[0]} to {plan.last_term}"
    paper.line(f"Terms: {terms} · load {plan.asked.load} credits a term")
    if plan.changed:
        paper.line(plan.changed)
    if plan.reason is not None:
        _write_reason(paper, plan.reason, decided=plan.outcome == "infeasible")
    else:
        _write_terms(paper, plan)
        _write_totals(paper, plan)
        _write_radar(paper, plan)
    _write_notes(paper, plan)
    paper.sources()


def write_alternatives(paper: Paper, answer: AlternativesOut) -> None:
    """Write a plan, then each other plan in short, then all of them side by side."""
    write_plan(paper, answer.plan)
    paper.heading("Other plans")
    paper.line(answer.text)
    for entry in answer.alternatives:
        totals = entry.plan.totals
        if totals is None:
            continue
        name = f"{entry.label} (plan {entry.plan.id})" if entry.plan.id else entry.label
        ends = f"ends {totals.ends}" if totals.ends else "nothing left to do"
        paper.line(f"{name}: {ends}, {counted(totals.items, 'item')}, {totals.cost_usd.text}", lead="- ")
    write_comparison(paper, answer.comparison)


def write_comparison(paper: Paper, table: ComparisonOut) -> None:
    """Write plans side by side; rows in which they agree come first, all others are marked."""
    paper.heading("Side by side")
    cells = [
        ["", *table.plans],
        *([("* " if row.differs else "  ") + clean(row.what), *map(clean, row.values)] for row in table.rows),
    ]
    first = min(_WIDEST_NAME, max(len(row[0]) for row in cells))
    rest = max(8, (paper.width - first) // max(len(table.plans), 1) - _COLUMN_GAP)
    for row in cells:
        _write_row(paper, row, [first, *([rest] * len(table.plans))])
    paper.line("* differs", style="dim")


def _write_row(paper: Paper, row: list[str], widths: list[int]) -> None:
    """One row of a table, its cells wrapped below each other."""
    import textwrap

    wrapped = [
        textwrap.wrap(text, width, subsequent_indent="  " if place == 0 else "") or [""]
        for place, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    for line in range(max(map(len, wrapped))):
        parts = [(cell[line] if line < len(cell) else "").ljust(width) for cell, width in zip(wrapped, widths, strict=True)]
        paper.exact((" " * _COLUMN_GAP).join(parts).rstrip())


def _write_terms(paper: Paper, plan: PlanOut) -> None:
    if not plan.terms:
        paper.blank()
        paper.line("Nothing is left to do.")
    if plan.held:
        paper.heading("You hold")
    for held in plan.held:
        paper.line(f"{held.name} ({held.id})", lead="v ", lead_style="green")
    names = {entry.id: entry.name for term in plan.terms for entry in term.items}
    for term in plan.terms:
        paper.heading(f"{term.name} · {_load(term.load, term.load_unknown)}")
        if not term.items:
            paper.line("Nothing in this term.")
        for entry in term.items:
            _write_item(paper, entry, names)
        if term.items:
            paper.line(_sums(term), style="dim")


def _write_item(paper: Paper, entry: PlanItemOut, names: dict[str, str]) -> None:
    facts = [_KIND[entry.kind]] if entry.kind != "earn" else []
    if entry.kind != "condition":
        facts += [_load(entry.load, int(not entry.load_known))] if entry.load or not entry.load_known else []
        facts.append(_price(entry))
    facts += ["pinned"] if entry.pinned else []
    code = "" if entry.kind == "condition" else f" ({entry.id})"
    paper.line(f"{shorten(clean(entry.name))}{code}{paper.cite(entry.facts)}", lead=_MARK[entry.kind])
    paper.line(" · ".join(facts), indent=4, style="dim")
    before = [names.get(key, key) for key in entry.needs]
    if before:
        paper.line(listing(before, most=MOST_ALONGSIDE), indent=4, lead="after: ")


def _price(entry: PlanItemOut) -> str:
    """Price and time of an item; a whole adds none of its own to those of its parts."""
    price, _, time = price_and_time(entry.usd, entry.hours).partition(" · ")
    if STRETCH in entry.id and entry.usd == 0:
        return f"price with the last part · {time}"
    if entry.kind == "earn" and entry.alongside and entry.usd == 0:
        return f"no price of its own · {time}" if entry.hours else "nothing beyond its parts"
    return f"{price} · {time}"


def _load(load: float, unknown: int = 0) -> str:
    """Credits; a sum that lacks some is a least, and no figure at all is never none."""
    if not load:
        return "credits not published" if unknown else "no credits"
    return f"{'at least ' if unknown else ''}{counted(load, 'credit')}"


def _sums(term: PlanTermOut) -> str:
    return f"Term: {_load(term.load, term.load_unknown)} · known cost {_known(term.cost_usd.known, term.cost_usd.unknown_items)}"


def _known(usd: float, unknown: int) -> str:
    """A sum with the prices it does not have."""
    missing = f", {counted(unknown, 'price')} not published" if unknown else ""
    return f"${number(usd)}{missing}"


def _write_totals(paper: Paper, plan: PlanOut) -> None:
    totals, proof = plan.totals, plan.proof
    if totals is None or proof is None:
        return
    paper.heading("In all")
    ends = f"Done by the end of {totals.ends}" if totals.ends else "Nothing left to do"
    most = ""
    if totals.load:
        most = f", at most {_load(totals.most_load)} a term{' as far as published' if totals.load_unknown else ''}"
    paper.line(f"{ends}: {counted(totals.items, 'item')}, {_load(totals.load, totals.load_unknown)}{most}.")
    if proof.to_confirm:
        marked = "condition marked ? is" if proof.to_confirm == 1 else f"{proof.to_confirm} conditions marked ? are"
        paper.line(f"That holds if the {marked} met by then: no plan can hurry an exam, a license or years of work.")
    paper.line(f"Known cost: {_known(totals.cost_usd.known, totals.cost_usd.unknown_items)}. Known hours: {totals.hours.text}.")
    paper.line(proof.text, lead="= ", lead_style="green" if proof.status == "optimal" else "yellow")


def _write_radar(paper: Paper, plan: PlanOut) -> None:
    if not plan.radar:
        return
    paper.heading("Dates to watch")
    for entry in plan.radar:
        lead = "! " if entry.late else "- "
        paper.line(f"{entry.day}  {entry.text}{paper.cite(entry.facts)}", lead=lead, lead_style="yellow" if entry.late else "")


def _write_reason(paper: Paper, reason: NoPlanOut, *, decided: bool) -> None:
    paper.heading("No plan" if decided else "Not decided")
    if not reason.facts:
        paper.line(reason.text, lead="x ", lead_style="red")
    else:
        head = reason.text.partition(". (1)")[0].rstrip(".").replace("*", "")
        paper.line(f"{head}, because:", lead="x ", lead_style="red")
    lines = reason.lines
    for count, entry in enumerate(lines):
        if len(lines) > MOST_FACTS and count == FIRST_FACTS:
            paper.line(f"and {len(lines) - MOST_FACTS} more; --json lists all", indent=2, lead="- ")
        if len(lines) <= MOST_FACTS or count < FIRST_FACTS or count >= len(lines) - MOST_FACTS + FIRST_FACTS:
            paper.line(f"{entry.text}{paper.cite(entry.facts)}", indent=2, lead="- ")
    if len(lines) > 1 and reason.minimal:
        paper.line("Each of these facts is part of the clash: without any one of them there may be a plan.", indent=2, style="dim")
    if reason.changes:
        paper.heading("What would help")
    for change in reason.changes:
        ends = f"ends {change.ends}, " if change.ends else ""
        cost = _known(change.cost_usd.known, change.cost_usd.unknown_items)
        paper.line(f"{change.text} ({ends}known cost {cost})", lead="+ ", lead_style="green")


def _write_notes(paper: Paper, plan: PlanOut) -> None:
    if plan.notes:
        paper.heading("Notes")
    for note in plan.notes:
        paper.line(note, lead="- ")
