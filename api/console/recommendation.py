"""A whole recommendation on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from api.console.exits import HOW_TO_SEARCH
from api.console.paper import Paper
from api.console.steps import write_claim, write_step
from api.console.words import clean, counted, grouped, item, listing, proof, shorten
from api.schemas import AskOut, RecommendationOut, RouteOut, RouteStepOut, TargetRoutesOut
from pathways.recommendation.answer import AUTHORITY_WARNING

MOST_NEAR = 5
MOST_ASKS = 6
MOST_DEAD_ENDS = 8
MOST_CLAIMS = 6
MOST_ROUTE_STEPS = 12
#: How the notes of a renewal begin that only say what was read or reported.
_STATES_ONLY = ("Load", "Also stated", "Reported: ")
_ROUTE_NOTES = {
    "unlisted_requirements": "one step's own requirements are not in this catalog",
    "open_all": "listed parts only: the full list is not published",
    "open_any": "another way that is not listed here may exist",
    "conflict": "two pages of the authority disagree: both readings are counted",
    "exact_needed": "a lower bound: caps or exclusions are not counted in",
    "credits_unknown": "items without published credit are counted one by one",
    "open_selection": "courses outside this catalog may count too",
}


def write_recommendation(paper: Paper, answer: RecommendationOut) -> None:
    """Write a recommendation: renewals asked for, steps, what is near, routes, dead ends, whom to ask, sources."""
    _write_top(paper, answer)
    _write_renewals(paper, answer)
    for step in answer.steps:
        write_step(paper, step)
    _write_claims(paper, answer)
    _write_near(paper, answer)
    _write_routes(paper, answer)
    _write_dead_ends(paper, answer)
    _write_asks(paper, answer)
    # Each step says it already, and without a step, a claim or a renewal there is nothing to pay for.
    spends = not answer.steps and (answer.claims or answer.renewals)
    notes = [note for note in answer.notes if spends or note.text != AUTHORITY_WARNING]
    if notes:
        paper.heading("Notes")
        for note in notes:
            paper.line(note.text + paper.cite([note]), lead="- ")
    paper.sources()


def _write_top(paper: Paper, answer: RecommendationOut) -> None:
    goal = shorten(clean(answer.goal))
    toward = listing([target.name for target in answer.routes] + [renewal.id for renewal in answer.renewals])
    paper.line(goal or toward or "the targets named", lead="Goal: " if goal else "Toward: ", style="bold")
    paper.line(f"Place: {answer.place} · {answer.date} · catalog {answer.data_version}")
    if answer.message:
        paper.blank()
        paper.line(answer.message)
        if not answer.steps and not answer.renewals:
            paper.line(HOW_TO_SEARCH, style="dim")
    if answer.steps:
        paper.line("Fit is how well a step matches your goal. It is not a chance of acceptance.")


def _write_renewals(paper: Paper, answer: RecommendationOut) -> None:
    for renewal in answer.renewals:
        paper.heading(f"Renewal: {renewal.id.removeprefix('renewal:')}")
        paper.line(renewal.load, lead="Asked:     ")
        paper.line(renewal.done, lead="Done:      ")
        paper.line(renewal.remaining, lead="Remaining: ", style="bold")
        for way in renewal.ways:
            paper.line(way.text + paper.cite([way]), indent=2, lead="- ")
        for note in renewal.notes:
            warns = not note.text.startswith(_STATES_ONLY)
            mark = "! " if warns else ""
            paper.line(note.text.rstrip(".") + paper.cite([note]), indent=2, lead=mark, lead_style="yellow" if warns else "")


def _write_claims(paper: Paper, answer: RecommendationOut) -> None:
    """Claims that no step above has shown already."""
    shown = {step.claim.to for step in answer.steps if step.claim is not None}
    claims = [claim for claim in answer.claims if claim.to not in shown]
    if not claims:
        return
    paper.heading("You could claim now, too" if shown else "You could claim now")
    for claim in claims[:MOST_CLAIMS]:
        write_claim(paper, claim, indent=0)
    _more(paper, len(claims) - MOST_CLAIMS)


def _write_near(paper: Paper, answer: RecommendationOut) -> None:
    if not answer.near:
        return
    paper.heading("You are close to")
    for near in answer.near[:MOST_NEAR]:
        missing = f"; missing: {listing(near.missing, most=4)}" if near.missing else ""
        paper.line(f"{item(near.credential)}: {counted(near.remaining, 'step')} left ({proof(near.proof)}){missing}", lead="- ")


def _write_routes(paper: Paper, answer: RecommendationOut) -> None:
    for target in answer.routes:
        paper.heading(f"Routes to {clean(target.name)}")
        left = "" if target.remaining is None else f"{counted(target.remaining, 'step')} left: "
        words = f"{left}{proof(target.proof)}."
        paper.line(words[:1].upper() + words[1:])
        for index in range(len(target.routes)):
            _write_route(paper, target, index)
        for words in (target.comparison, target.note):
            if words:
                paper.line(f"{words[:1].upper()}{words[1:].rstrip('.')}.")


def _write_route(paper: Paper, target: TargetRoutesOut, index: int) -> None:
    route, first = target.routes[index], target.routes[0]
    labels = [name for name, best in (("cheapest", target.cheapest), ("fastest", target.fastest)) if best == index]
    labels += ["fewest steps"] if target.fewest_steps == index and len(target.routes) > 1 else []
    labels += ["by way of a degree"] if route.uses_degree else []
    said = f" ({', '.join(labels)})" if labels else ""
    words = f"{counted(len(route.steps), 'step')}{said}: price {route.cost_usd.text}; {_hours_words(route)}{_credit_words(route)}"
    paper.line(words, lead=f"{chr(97 + index % 26)}) ", lead_style="bold")
    own, others = (Counter(_route_step(step) for step in one.steps) for one in (route, first))
    if index and own & others:
        paper.line(listing(grouped((own - others).elements()), most=MOST_ROUTE_STEPS), indent=3, lead="Like a), but with: ")
        paper.line(listing(grouped((others - own).elements()), most=MOST_ROUTE_STEPS), indent=3, lead="and without: ")
    else:
        steps = grouped(own.elements())
        for count, step in enumerate(steps[:MOST_ROUTE_STEPS], 1):
            paper.line(step, indent=3, lead=f"{count:>2}. ")
        _more(paper, len(steps) - MOST_ROUTE_STEPS)
    for note in route.notes:
        paper.line(_ROUTE_NOTES.get(note, note), indent=3, lead="- ")


def _hours_words(route: RouteOut) -> str:
    return route.hours.text if "hour" in route.hours.text else f"hours {route.hours.text}"


def _credit_words(route: RouteOut) -> str:
    if not route.credits:
        return ""
    unknown = f" and {counted(route.credits_unknown, 'item')} without published credit" if route.credits_unknown else ""
    return f"; {listing(amount.text for amount in route.credits)}{unknown}"


def _route_step(step: RouteStepOut) -> str:
    match step.kind:
        case "item":
            return step.name
        case "claim":
            return f"claim {step.name}"
        case "condition":
            return f"show: {step.name}"


def _write_dead_ends(paper: Paper, answer: RecommendationOut) -> None:
    if not answer.dead_ends:
        return
    paper.heading("Dead ends")
    for end in answer.dead_ends[:MOST_DEAD_ENDS]:
        paper.line(end.text + paper.cite(end.facts), lead="x ", lead_style="red")
    _more(paper, len(answer.dead_ends) - MOST_DEAD_ENDS)


def _write_asks(paper: Paper, answer: RecommendationOut) -> None:
    if not answer.ask:
        return
    paper.heading("Who to ask")
    write_questions(paper, answer.ask, most=MOST_ASKS)
    paper.line("Ready to send: pathways letter TARGET", style="dim")


def write_questions(paper: Paper, asks: Sequence[AskOut], *, most: int) -> None:
    """Questions under the office that can answer them."""
    offices: dict[str, list[AskOut]] = {}
    for ask in asks[:most]:
        offices.setdefault(ask.whom, []).append(ask)
    for office, questions in offices.items():
        paper.line(f"{clean(office).rstrip('.:')}:")
        for ask in questions:
            paper.line(ask.question + paper.cite(ask.facts), indent=2, lead="- ")
    _more(paper, len(asks) - most)


def _more(paper: Paper, count: int) -> None:
    if count > 0:
        paper.line(f"and {count} more; --json shows all", lead="- ", style="dim")
