"""A whole recommendation on paper."""

from __future__ import annotations

from api.console.paper import Paper
from api.console.steps import write_claim, write_step
from api.console.words import clean, counted, item, listing, proof, shorten
from api.schemas import RecommendationOut, RouteOut, RouteStepOut, TargetRoutesOut

MOST_NEAR = 5
MOST_ASKS = 6
MOST_DEAD_ENDS = 8
MOST_CLAIMS = 6
MOST_ROUTE_STEPS = 10


def write_recommendation(paper: Paper, answer: RecommendationOut) -> None:
    """Write a recommendation: the steps first, then what is near, the routes, dead ends, whom to ask, the sources."""
    _write_top(paper, answer)
    for step in answer.steps:
        write_step(paper, step)
    _write_renewals(paper, answer)
    _write_claims(paper, answer)
    _write_near(paper, answer)
    _write_routes(paper, answer)
    _write_dead_ends(paper, answer)
    _write_asks(paper, answer)
    if answer.notes:
        paper.heading("Notes")
        for note in answer.notes:
            paper.line(note.text + paper.cite([note]), lead="- ")
    paper.sources()


def _write_top(paper: Paper, answer: RecommendationOut) -> None:
    goal = shorten(clean(answer.goal))
    paper.line(goal or "the targets named", lead="Goal: " if goal else "Toward: ", style="bold")
    paper.line(f"Place: {answer.place} · {answer.date} · catalog {answer.data_version}")
    if answer.message:
        paper.blank()
        paper.line(answer.message)
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
            paper.line(note.text + paper.cite([note]), indent=2, lead="! ", lead_style="yellow")


def _write_claims(paper: Paper, answer: RecommendationOut) -> None:
    if not answer.claims:
        return
    paper.heading("You could claim now")
    for claim in answer.claims[:MOST_CLAIMS]:
        write_claim(paper, claim, indent=0)
    _more(paper, len(answer.claims) - MOST_CLAIMS)


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
        left = "" if target.remaining is None else f"{counted(target.remaining, 'step')} left, "
        paper.line(f"{left}{proof(target.proof)}")
        for count, route in enumerate(target.routes):
            _write_route(paper, target, count, route)
        if target.comparison:
            paper.line(target.comparison)
        if target.note:
            paper.line(target.note)


def _write_route(paper: Paper, target: TargetRoutesOut, index: int, route: RouteOut) -> None:
    labels = [name for name, best in (("cheapest", target.cheapest), ("fastest", target.fastest)) if best == index]
    labels += ["fewest steps"] if target.fewest_steps == index and len(target.routes) > 1 else []
    labels += ["by way of a degree"] if route.uses_degree else []
    said = f" ({', '.join(labels)})" if labels else ""
    words = (
        f"{counted(len(route.steps), 'step')}{said}: price {route.cost_usd.text}; hours {route.hours.text}{_credit_words(route)}"
    )
    paper.line(words, lead=f"{chr(97 + index % 26)}) ", lead_style="bold")
    if route.steps:
        paper.line(listing((_route_step(step) for step in route.steps), most=MOST_ROUTE_STEPS), indent=3)
    for note in route.notes:
        paper.line(note, indent=3, lead="- ")


def _credit_words(route: RouteOut) -> str:
    if not route.credits:
        return ""
    unknown = f" and {counted(route.credits_unknown, 'item')} without published credit" if route.credits_unknown else ""
    return f"; {listing(amount.text for amount in route.credits)}{unknown}"


def _route_step(step: RouteStepOut) -> str:
    match step.kind:
        case "item":
            return f"{step.name} ({step.id})" if step.id else step.name
        case "claim":
            return f"claim {step.name}"
        case "condition":
            return f"show {step.name}"


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
    for ask in answer.ask[:MOST_ASKS]:
        paper.line(f"{ask.whom}: {ask.question}{paper.cite(ask.facts)}", lead="- ")
    _more(paper, len(answer.ask) - MOST_ASKS)
    paper.line("Ready to send: pathways letter TARGET", style="dim")


def _more(paper: Paper, count: int) -> None:
    if count > 0:
        paper.line(f"and {count} more; --json shows all", lead="- ", style="dim")
