"""Made answers: bodies as the API sends them, small enough to read."""

from __future__ import annotations

from typing import Any

from api.audit_schemas import AuditOut, CountedOut, NodeOut, SpareOut, TreeOut
from api.schemas import (
    AskOut,
    ClaimOut,
    DeadEndOut,
    EffectOut,
    FactOut,
    ItemOut,
    LedgerOut,
    MissingOut,
    NearOut,
    ReasonOut,
    RecommendationOut,
    RouteOut,
    RouteStepOut,
    StepOut,
    SumOut,
    TargetRoutesOut,
    UseOut,
    ValueHereOut,
    WarningOut,
)

PAGE = "https://example.org/a/very/long/address/that/would/not/fit/on/one/line/of/eighty/columns/at/all?page=1"
OTHER_PAGE = "https://example.org/other"


def fact(url: str = PAGE, date: str = "2026-11-21") -> FactOut:
    return FactOut(source_url=url, confidence="stated", date=date)


def item(id: str = "reading-1", name: str = "Reading One") -> ItemOut:  # noqa: A002
    return ItemOut(id=id, name=name, type="micro-credential", issuer="Issuer of Things")


def ledger(answer: Any = "no rule found", text: str = "no rule found", **changes: Any) -> LedgerOut:
    return LedgerOut(answer=answer, text=text, **changes)


def value_here(**changes: Any) -> ValueHereOut:
    use = UseOut(answer="yes", where="Ohio", text="yes: 6 PDP (Ohio)", amount=6, unit="PDP", facts=[fact(OTHER_PAGE)])
    fields: dict[str, Any] = {
        "place": "Ohio",
        "renewal": ledger("yes", "yes: 6 PDP (Ohio)", uses=[use]),
        "pay": ledger(ask="Ask your district: does Reading One count for pay?"),
        "degree": ledger("yes, with prior approval", "yes, with prior approval: 1 graduate semester credit (Augustana)"),
    }
    return ValueHereOut(**{**fields, **changes})


def step(rank: int = 1, **changes: Any) -> StepOut:
    fields: dict[str, Any] = {
        "rank": rank, "action": "earn", "credential": item(), "fit": 86, "score": [], "ready": "no",
        "missing": [
            MissingOut(text="a teaching license of Ohio", truth="unknown", facts=[fact()]),
            MissingOut(text="Reading Zero", id="reading-0", truth="unmet"),
        ],
        "targets": [
            EffectOut(id="t", name="Reading Endorsement", remaining_before=5, remaining_after=3, proof="proven"),
        ],
        "value_here": value_here(),
        "warnings": [WarningOut(kind="no outcome study", text="No outcome study found.")],
        "reasons": [ReasonOut(kind="closes", text="Closes two of the five parts.", facts=[fact()])],
    }  # fmt: skip
    return StepOut(**{**fields, **changes})


def claim(**changes: Any) -> ClaimOut:
    fields: dict[str, Any] = {
        "to": "Walsh EDR 500", "institution": "Walsh University", "uses": ["Unit 1", "Unit 2"], "fee_usd": 50,
        "fee_per": "credit", "approval_first": True, "conditions": "sign-off by the district", "facts": [fact()],
    }  # fmt: skip
    return ClaimOut(**{**fields, **changes})


def total(known: float = 950, unknown: int = 3, items: int = 7, text: str = "at least $950; 3 of 7 not published") -> SumOut:
    return SumOut(known=known, unknown_items=unknown, items=items, text=text)


def recommendation(**changes: Any) -> RecommendationOut:
    steps = [
        RouteStepOut(id="reading-2", name="Reading Two", kind="item"),
        RouteStepOut(id=None, name="a teaching license", kind="condition"),
    ]
    route = RouteOut(
        steps=steps,
        hours=total(text="12 hours"),
        cost_usd=total(),
        credits=[],
        credits_unknown=0,
        uses_degree=False,
        proven=True,
        notes=[],
    )
    fields: dict[str, Any] = {
        "goal": "become a reading specialist", "place": "Ohio", "data_version": "0123456789ab", "model": "m", "date": "2026-11-21",
        "steps": [step()],
        "near": [NearOut(credential=item("near", "Near Thing"), remaining=2, missing=["Reading Two"], proof="proven")],
        "routes": [
            TargetRoutesOut(
                id="t", name="Reading Endorsement", remaining=5, proof="proven", routes=[route],
                comparison="Fewest steps; prices not comparable.",
            )
        ],
        "dead_ends": [DeadEndOut(id="d", text="The series leads to no license.", kind="no license", facts=[fact(OTHER_PAGE)])],
        "ask": [AskOut(whom="HR", question="Does Reading One count for pay?", about="reading-1", facts=[fact()])],
        "renewals": [], "claims": [claim()],
    }  # fmt: skip
    return RecommendationOut(**{**fields, **changes})


def node(**changes: Any) -> NodeOut:
    fields: dict[str, Any] = {
        "rule": "held(a)", "text": "Reading One", "truth": "unmet", "in_progress": False, "have": 0, "need": 1, "unit": "item",
    }  # fmt: skip
    return NodeOut(**{**fields, **changes})


def audit(**changes: Any) -> AuditOut:
    met = node(text="Reading Zero", truth="met", have=1, uses=[CountedOut(id="reading-0", name="Reading Zero <1>")])
    short = node(
        rule="credits(9, a)", text="9 semester credits", truth="unknown", in_progress=True, have=6, need=9, unit="semester credits",
        spare=[SpareOut(id="old", name="Old Course", reason="too old")], notes=["Two pages disagree."], claims=[claim()],
    )  # fmt: skip
    root = node(
        rule="all(a, b)",
        text="All of these",
        truth="unknown",
        in_progress=True,
        have=1,
        need=2,
        unit="items",
        children=[met, short],
    )
    fields: dict[str, Any] = {
        "target": item("t", "Reading Endorsement & more"), "verdict": "unknown", "summary": "1 of 2 parts met.", "requires": None,
        "composed_of": TreeOut(truth="unknown", root=root), "offers": [claim()], "refused": [], "value_here": value_here(),
        "evidence": [], "ask": [AskOut(whom="Registrar", question="Is Old Course too old?", about="t", facts=[fact()])],
        "sources": [fact(OTHER_PAGE, "2025-01-01")], "place": "Ohio", "date": "2026-11-21", "data_version": "0123456789ab",
    }  # fmt: skip
    return AuditOut(**{**fields, **changes})
