"""A reason is told in few sentences: facts that say alike together, with their number and sums, and none of them lost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pathways.planning.explain import explain
from pathways.planning.problem import Infeasible, PlanFact, Problem, Remark
from pathways.planning.remarks import told
from pathways.planning.solver import plan
from pathways.planning.solving import Clock
from pathways.planning.telling import reason_lines
from tests.planning.makers import asked, item


def certificates(count: int) -> Problem:
    """So many certificates, any of which will do, each of two parts at $100."""
    parts = [item(f"{name}{number}", usd=100) for number in range(count) for name in "xy"]
    wholes = [item(f"c{number}", 0, f"all(x{number}, y{number})", usd=0) for number in range(count)]
    goal = item("goal", 0, f"any({', '.join(one.id for one in wholes)})", usd=0)
    return asked("held(goal)", *parts, *wholes, goal, budget=Decimal(150))


def facts_of(problem: Problem) -> tuple[PlanFact, ...]:
    found = plan(problem)
    assert isinstance(found, Infeasible)
    return found.facts


def test_many_facts_alike_are_one_sentence_with_their_number_and_sum() -> None:
    problem = certificates(5)
    facts = facts_of(problem)
    assert len(facts) >= 7
    lines = reason_lines(problem, facts)
    assert [line.text for line in lines] == [
        "5 items each need first all of 2 items, 10 different ones in all, at $200 each: C0; C1; C2 and 2 more",
        "GOAL needs first: one of: C0; C1; C2; C3; C4",
        "The budget is $150, and the known prices come to at least $200",
    ]


def test_every_fact_is_named_by_one_line_but_for_those_of_the_headline() -> None:
    problem = certificates(5)
    facts = facts_of(problem)
    named = [about for line in reason_lines(problem, facts) for about in line.about]
    assert sorted(named) == sorted(fact.about for fact in facts if fact.kind != "goal")


def test_few_facts_keep_their_words() -> None:
    problem = certificates(2)
    facts = facts_of(problem)
    assert [line.text for line in reason_lines(problem, facts)] == [fact.text for fact in facts if fact.kind != "goal"]


def test_different_prices_are_a_range_and_unknown_ones_are_not_summed() -> None:
    problem = certificates(4)
    dear = replace(problem, items={**problem.items, "x3": replace(problem.items["x3"], usd=Decimal(400))})
    lines = reason_lines(dear, facts_of(dear))
    assert "at $200 to $500 each" in lines[0].text
    unknown = replace(problem, items={**problem.items, "x3": replace(problem.items["x3"], usd=None)}, budget=Decimal(50))
    assert "$200" not in reason_lines(unknown, facts_of(unknown))[0].text


def test_what_is_closed_is_told_together_in_the_plural() -> None:
    closed = [item(name, offered=frozenset()) for name in "abcd"]
    problem = asked("any(held(a), held(b), held(c), held(d))", *closed)
    found = explain(problem, Clock(10.0))
    texts = [line.text for line in reason_lines(problem, found.facts)]
    assert "4 items are not offered in any term to Summer 2027: A; B; C and 1 more" in texts


def test_a_goal_that_names_a_sum_keeps_its_line_and_the_deadline_stands_in_the_headline() -> None:
    problem = asked("all(held(a), held(b), held(c))", *(item(name, 9) for name in "abc"), terms=2, deadline=1)
    found = explain(problem, Clock(10.0))
    texts = [line.text for line in reason_lines(problem, found.facts)]
    assert texts[0] == "It takes at least 27 semester credits"
    assert not any("ends with" in text for text in texts)
    assert "by Spring 2027" in found.text


def test_a_remark_is_told_of_what_the_reader_sees() -> None:
    remark = Remark("{names} is spread", "{count} items are spread: {names}", (("a", "A"), ("b", "B"), ("c", "C")))
    assert told([remark], {"b", "z"}) == ("B is spread",)
    assert told([remark], {"a", "b"}) == ("2 items are spread: A; B",)
    assert told([remark], set()) == ()
