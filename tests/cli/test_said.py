"""What a reader is told beside the answer: which page is a copy, what a step is, why it fits, where each requirement was read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from api.console.audits import write_audit
from api.console.paper import Paper
from api.console.recommendation import write_recommendation
from api.console.words import further_uses, ledger_facts
from api.report import audit_report
from api.schemas import FactOut, RenewalOut, ScorePartOut, UseOut, WarningOut
from tests.cli import answers
from tests.cli.process import run_pathways

COPY = FactOut(
    source_url="https://copies.example", confidence="stated", date="2025", note="copy of slides, not the issuer's own page"
)
OWN = COPY.model_copy(update={"note": ""})


def flat(write: Callable[[Paper, Any], None], answer: Any) -> str:
    paper = Paper(None)
    write(paper, answer)
    return " ".join(paper.text().split())


def use(answer: Any, where: str, *, url: str) -> UseOut:
    return UseOut(answer=answer, where=where, text=f"{answer} ({where})", facts=[answers.fact(url)])


def test_a_copy_is_called_a_copy_beside_its_address_in_the_terminal_and_in_the_report() -> None:
    words = "https://copies.example stated, 2025; copy of slides, not the issuer's own page"
    assert words in flat(write_recommendation, answers.recommendation(steps=[answers.step(facts=[COPY])]))
    assert words in flat(write_audit, answers.audit(sources=[COPY]))
    assert "(stated, 2025; copy of slides, not the issuer&#39;s own page)" in audit_report(answers.audit(sources=[COPY]))
    assert "copy of" not in flat(write_audit, answers.audit(sources=[OWN]))


@pytest.mark.parametrize("price", [75, 0, None])
def test_a_step_says_what_it_is_and_every_price_has_its_page(price: int | None) -> None:
    step = answers.step(cost_usd=price, description="One award; free to members.", facts=[OWN])
    text = flat(write_recommendation, answers.recommendation(steps=[step]))
    assert "Issuer of Things · reading-1 One award; free to members." in text
    mark = re.search(r"\[(\d+)\] https://copies\.example", text)
    assert mark is not None
    assert re.search(rf"Price and time: [^\[]*\[{mark.group(1)}\]", text)


def test_a_step_says_the_parts_of_its_fit() -> None:
    parts = [ScorePartOut(name="goal", value=0.84), ScorePartOut(name="ready", value=1)]
    assert "fit: goal 0.84 · ready 1.00" in flat(write_recommendation, answers.recommendation(steps=[answers.step(score=parts)]))


def test_what_is_alike_is_named_and_not_only_given_by_id() -> None:
    step = answers.step(also=["reading-2"], also_items=[answers.item("reading-2", "Reading Two")])
    text = flat(write_recommendation, answers.recommendation(steps=[step]))
    assert "Also similar, or in the same stack: Reading Two (reading-2)" in text
    assert "near-cop" not in text


def test_a_load_and_a_reported_sum_are_no_warnings_but_what_does_not_count_is() -> None:
    notes = [
        answers.fact().model_copy(update={"text": "Load: 60 PDP."}),
        FactOut(text="Reported: 48 PDP", confidence="computed", date="2026-11-21"),
        FactOut(text="3 credits do not count.", confidence="computed", date="2026-11-21"),
    ]
    renewal = RenewalOut(id="renewal:US-TN", load="60 PDP", done="48 PDP", remaining="12 PDP", ways=[], notes=notes)
    text = flat(write_recommendation, answers.recommendation(renewals=[renewal], steps=[], claims=[]))
    assert "Load: 60 PDP [1] Reported: 48 PDP ! 3 credits do not count" in text
    assert "! Load" not in text


def test_a_statement_that_says_no_is_shown_however_far_down_it_stands() -> None:
    uses = [use("yes", f"College {count}", url=f"https://example.org/{count}") for count in range(6)]
    uses.append(use("no", "State", url="https://example.org/no"))
    ledger = answers.ledger("yes", "yes (College 0); and 6 more statements", uses=uses, facts=[one.facts[0] for one in uses])
    assert [one.where for one in further_uses(ledger)] == ["College 1", "College 2", "State"]
    shown = {fact.source_url for one in further_uses(ledger) for fact in one.facts} | {f.source_url for f in ledger_facts(ledger)}
    assert shown == {one.facts[0].source_url for one in uses}
    for text in (flat(write_audit, answers.audit(value_here=answers.value_here(degree=ledger))),):
        assert "also: no (State)" in text
    assert "Also: no (State)" in audit_report(answers.audit(value_here=answers.value_here(degree=ledger)))


def test_a_requirement_row_carries_the_number_of_its_page_in_the_terminal_and_in_the_report() -> None:
    tree = answers.audit().composed_of
    assert tree is not None
    top = tree.root.model_copy(update={"facts": [COPY]})
    made = answers.audit(composed_of=tree.model_copy(update={"root": top}), offers=[], ask=[])
    assert re.search(r"\[\?\] All of these \(1 of 2 items\) \[1\]", flat(write_audit, made))
    assert re.search(r"All of these \(1 of 2 items\) \[1\]", audit_report(made))


def test_the_report_lists_what_is_held_and_leaves_a_line_for_the_office() -> None:
    from api.audit_schemas import HeldOut

    held = [HeldOut(kind="credential", id="reading-0", text="Reading Zero <1> (on 2026-01-17)")]
    held += [HeldOut(kind="credential", id="badge", text=f"badge {count}") for count in range(99)]
    page = audit_report(answers.audit(holds=held))
    assert "<strong>On the record:</strong> Reading Zero &lt;1&gt; (on 2026-01-17); badge 0" in page
    assert "and 40 more" in page
    assert "Confirmed by (office, date):" in page
    assert "nothing was stated" in audit_report(answers.audit())


def test_the_terminal_says_what_to_type_where_a_page_would_link() -> None:
    nothing = answers.recommendation(steps=[], renewals=[], message="Nothing in this catalog clearly answers that goal.")
    assert "Type: pathways search WORDS, or: pathways targets" in flat(write_recommendation, nothing)
    warned = answers.recommendation(message="No close match.", steps=[answers.step(warnings=[WarningOut(kind="k", text="w")])])
    assert "Type:" not in flat(write_recommendation, warned)
    unknown = run_pathways("audit", "zzzzqqq")
    assert unknown.returncode == 3
    assert unknown.stderr.endswith("Search the catalog, or name a target.\nType: pathways search WORDS, or: pathways targets\n")
