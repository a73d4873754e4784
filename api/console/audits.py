"""An audit and a letter on paper."""

from __future__ import annotations

from api.audit_schemas import AuditOut, CountedOut, LetterOut, NodeOut, SpareOut, TreeOut
from api.console.paper import Paper
from api.console.recommendation import write_questions
from api.console.steps import write_claim, write_value
from api.console.words import item, listing, number, requirement_head, requirement_progress

_MARK = {"met": "[x] ", "unmet": "[ ] ", "unknown": "[?] "}
_STYLE = {"met": "green", "unmet": "", "unknown": "yellow"}
_DEEPEST = 10
MOST_ASKS = 6


def write_audit(paper: Paper, answer: AuditOut) -> None:
    """Write an audit: the verdict, each requirement, what may be claimed, what it counts for, whom to ask, the sources."""
    paper.line(item(answer.target), lead="Audit: ", style="bold")
    paper.line(f"{answer.target.type.capitalize()} · {answer.target.issuer}{paper.cite(answer.facts)}")
    paper.line(f"Place: {answer.place} · {answer.date} · catalog {answer.data_version}")
    paper.blank()
    paper.line(answer.summary, lead=_MARK[answer.verdict], style="bold")
    _write_tree(paper, "Before you may start", answer.requires)
    _write_tree(paper, "What completes it", answer.composed_of)
    if answer.composed_of is None:
        paper.heading("What completes it")
        paper.line("Its requirements are not in this catalog, so nobody can be called ready or done from here.", lead="[?] ")
    paper.line("[x] met   [ ] not met   [?] unknown, to confirm", style="dim")
    _write_claims(paper, answer)
    paper.heading("What it counts for")
    write_value(paper, answer.value_here, indent=0)
    _write_evidence(paper, answer)
    _write_asks(paper, answer)
    # Facts that no line above cites still stand behind the answer.
    paper.cite(answer.sources)
    paper.sources()


def write_letter(paper: Paper, answer: LetterOut) -> None:
    """Write the letters as plain text, ready to copy."""
    for count, letter in enumerate(answer.letters):
        if count:
            paper.blank()
            paper.line("=" * paper.width)
            paper.blank()
        for words in letter.text.split("\n"):
            _write_letter_line(paper, words)


def _write_letter_line(paper: Paper, words: str) -> None:
    if not words.strip():
        paper.blank()
        return
    indent = len(words) - len(words.lstrip())
    number_of, dot, rest = words.strip().partition(". ")
    if dot and number_of.isdigit():
        paper.line(rest, indent=indent, lead=f"{number_of}. ")
    else:
        paper.line(words, indent=indent)


def _write_tree(paper: Paper, title: str, tree: TreeOut | None) -> None:
    if tree is None:
        return
    paper.heading(title)
    _write_node(paper, tree.root, 0)
    for expiring in tree.expiring:
        paper.line(f"{expiring.name} counts until {expiring.last_day}: {expiring.why}", lead="! ", lead_style="yellow")
    for pin in tree.refused_pins:
        paper.line(f"{pin.id} was not counted in {pin.group}: {pin.why}", lead="! ", lead_style="yellow")


def _write_node(paper: Paper, node: NodeOut, depth: int) -> None:
    indent = 2 * min(depth, _DEEPEST)
    progress = requirement_progress(node)
    words = requirement_head(node) + (f" ({progress})" if progress else "") + paper.cite(node.facts)
    paper.line(words, indent=indent, lead=_MARK[node.truth], lead_style=_STYLE[node.truth])
    under = indent + 4
    if node.uses and not node.children:
        paper.line(listing(_counted(use) for use in node.uses), indent=under, lead="counts: ")
    for spare in node.spare:
        paper.line(f"{_counted(spare)}: {spare.reason}", indent=under, lead="spare: ")
    for claim in node.claims:
        write_claim(paper, claim, indent=under)
    for note in node.notes:
        paper.line(note, indent=under, lead="- ")
    for child in node.children:
        _write_node(paper, child, depth + 1)


def _counted(use: CountedOut | SpareOut) -> str:
    return use.name if use.credits is None else f"{use.name} ({number(use.credits)})"


def _write_claims(paper: Paper, answer: AuditOut) -> None:
    if answer.offers:
        paper.heading("You could claim now")
        for claim in answer.offers:
            write_claim(paper, claim, indent=0)
    if answer.refused:
        paper.heading("Looks as if it counted, and does not")
        for refused in answer.refused:
            paper.line(refused.text + paper.cite(refused.facts), lead="x ", lead_style="red")


def _write_evidence(paper: Paper, answer: AuditOut) -> None:
    paper.heading("Outcome studies")
    if not answer.evidence:
        paper.line("No outcome study found.")
    for fact in answer.evidence:
        paper.line(fact.text + paper.cite([fact]), lead="- ")


def _write_asks(paper: Paper, answer: AuditOut) -> None:
    if not answer.ask:
        return
    paper.heading("Who to ask")
    write_questions(paper, answer.ask, most=MOST_ASKS)
    paper.line(f"Ready to send: pathways letter {answer.target.id}", style="dim")
