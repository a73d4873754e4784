"""Transfer value profiles as agreements: dated, of one owner, needing all they list; one that is not active gives nothing."""

from __future__ import annotations

from pathways.articulation.agreements import Agreement, Mode
from pathways.catalog.formats.build import Build
from pathways.catalog.formats.exact import unsealed
from pathways.catalog.formats.index import Entry
from pathways.catalog.formats.json_stream import member
from pathways.catalog.formats.node import Node
from pathways.catalog.formats.own_terms import OwnTermsError, agreement_of
from pathways.catalog.formats.profiles import profile
from pathways.catalog.formats.steps import run
from pathways.catalog.formats.terms import OWN_PREFIX, concept
from pathways.catalog.formats.values import Quantity, day, quantities
from pathways.requirements.render import render
from pathways.requirements.rules import Held
from pathways.units import convert, converts


def transfer(node: Node, entry: Entry, build: Build) -> None:
    """Read one transfer value profile."""
    if own_agreement(node, build):
        return
    statuses = [concept(one) for one in node.concepts("lifeCycleStatusType")]
    if statuses and "Active" not in statuses:
        text = f"a transfer value that is {statuses[0][:40]}, not active: it gives nothing"
        build.reading.warn("inactive-agreement", node.place, text, about=text)
        return
    from_ids = _ids(node, "transferValueFrom", build)
    if not from_ids:
        text = "a transfer value from nothing that can be earned; it gives nothing"
        build.reading.warn("nothing-given", node.place, text, about=text)
        node.close()
        return
    _keep(node, entry, from_ids, build)


def own_agreement(node: Node, build: Build) -> bool:
    """Keep an agreement exactly as it was written from a catalog; False where the object has none."""
    own = unsealed(node)
    if own is None:
        return False
    try:
        build.agreements.append(agreement_of(own, build))
    except OwnTermsError as error:
        build.reading.reject("own-terms", member(node.place, f"{OWN_PREFIX}:exact"), str(error))
    return True


def _ids(node: Node, term: str, build: Build) -> tuple[str, ...]:
    rules = [build.held(value, place) for place, value in node.values(term)]
    return tuple(dict.fromkeys(rule.id for rule in rules if isinstance(rule, Held)))


def _keep(node: Node, entry: Entry, from_ids: tuple[str, ...], build: Build) -> None:
    targets = _ids(node, "transferValueFor", build)
    amounts = quantities(node, "transferValue")
    if len(amounts) > 1:
        build.reading.warn(
            "only-first-kept", member(node.place, "ceterms:transferValue"), "several transfer values; the first is kept"
        )
    if len(from_ids) > 1:
        text = "several things are listed: all of them are needed until a person has reviewed it"
        build.reading.warn("several-from", member(node.place, "ceterms:transferValueFrom"), text, about=text)
    name, conditions = node.text("name"), _conditions(node, build)
    start, end = day(node, "startDate"), day(node, "endDate")
    page = next((ref for _, ref in node.refs("subjectWebpage")), "") or node.ref
    institution = build.organizations(node)
    node.ignore("description", "identifier", "inLanguage", "dateModified")
    node.close()
    for number, to_id in enumerate(targets or (None,), 1):
        build.agreements.append(
            Agreement(
                entry.id if len(targets) < 2 else f"{entry.id}-{number}", from_ids, institution, "" if to_id else name or entry.id,
                "posts_credit", conditions, build.source(page if page.startswith("http") else ""), to_id=to_id,
                credits=amounts[0].value if amounts else None, maximum=bool(amounts) and amounts[0].maximum,
                mode=_mode(to_id, amounts, build), effective_from=start, effective_until=end,
            )
        )  # fmt: skip


def _conditions(node: Node, build: Build) -> str:
    """What else must be so, in words: an agreement is not judged by rules."""
    words: list[str] = []
    for place, value in node.values("requires"):
        inner = build.node(value, place)
        rule = run(profile(inner, build)) if inner is not None else None
        if rule is not None:
            words.append(render(rule))
    return "; ".join(words)


def _mode(to_id: str | None, amounts: tuple[Quantity, ...], build: Build) -> Mode | None:
    """A part of what it counts toward, where the amount is known to be less than the whole; else a way of its own."""
    if to_id is None:
        return None
    whole = build.index.credits_of(to_id)
    given = amounts[0].value if amounts else None
    if whole is None or given is None or not converts(given.unit, whole.unit):
        return "alternative"
    return "contributes" if convert(given.amount, given.unit, whole.unit) < whole.amount else "alternative"
