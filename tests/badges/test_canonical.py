"""Nothing of a signed badge is left out of its canonical form, and no badge makes the canonical form cost more than a little.

Traps 1 and 3 of JSON-LD signatures: what JSON-LD does not know it drops, and what is dropped is not signed; and a small document
can cost hours.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from pathways.badges import canonical_worker, contexts
from pathways.badges.canonical import MAX_NODES, CanonicalError, canonical_form, check_limits, check_terms
from pathways.badges.canonical_pool import CanonicalPool, canonize, shared_pool
from tests.badges.signing import CONTEXTS, badge, in_process


def refusal(document: dict[str, Any]) -> str:
    with pytest.raises(CanonicalError) as caught:
        in_process([document])
    assert str(caught.value)
    return caught.value.code


def with_subject(**more: Any) -> dict[str, Any]:
    document = badge()
    document["credentialSubject"] |= more
    return document


def test_an_honest_badge_has_a_canonical_form_of_all_it_says() -> None:
    form = canonical_form(badge())
    assert '"Coach for a year."' in form
    assert form.count("\n") == 14


@pytest.mark.parametrize(
    "added",
    [
        {"unsignedBonusCredits": 120},
        {"@index": "120 credits"},
        {"source": {"id": "no address at all", "type": ["Profile"], "name": "Added"}},
        {"type": ["AchievementSubject", "Unmapped"]},
        {"type": ["AchievementSubject", "not an address:x y"]},
        {"narrative": {"@value": "Added", "@language": "no language"}},
        {"narrative": {"@value": "Added", "@type": "relative"}},
        {"narrative": {"@value": "Added", "@index": "more"}},
        {"@reverse": {"https://example.org/p": {"id": "https://example.org/x"}}},
        {"@included": [{"id": "https://example.org/x", "name": "Added"}]},
    ],
)
def test_what_the_signature_would_not_cover_is_refused(added: dict[str, Any]) -> None:
    assert refusal(with_subject(**added)) in {"unsigned_property", "json_ld", "hidden_property"}
    with pytest.raises(CanonicalError) as caught:
        canonical_form(with_subject(**added))
    assert caught.value.code in {"unsigned_property", "json_ld"}


@pytest.mark.parametrize(
    "hidden",
    [
        {"https://www.w3.org/2018/credentials#validUntil": {"@value": "2020-01-01T00:00:00Z"}},
        {"cred:validUntil": "2020-01-01T00:00:00Z"},
        {"@nest": {"validUntil": "2020-01-01T00:00:00Z"}},
        {"@included": [{"id": "https://issuer.example/c/1", "validUntil": "2020-01-01T00:00:00Z"}]},
        {"@id": "https://issuer.example/c/1"},
    ],
)
def test_a_property_that_is_signed_but_hidden_from_a_reader_of_plain_names_is_refused(hidden: dict[str, Any]) -> None:
    assert refusal({**badge(), **hidden}) == "hidden_property"
    assert refusal(with_subject(**hidden)) == "hidden_property"


def test_lists_json_and_spoken_texts_are_kept() -> None:
    spoken = {"@value": "Coaching", "@language": "en-US", "@direction": "ltr"}
    check_limits(with_subject(narrative=spoken))
    document = with_subject(narrative=spoken, **{"https://example.org/list": {"@list": ["a", {"@value": 1, "@type": "@json"}]}})
    form = canonical_form(document)
    assert "rdf-syntax-ns#JSON" in form.replace(">", '"')
    assert '"Coaching"@en-us' in form


@pytest.mark.parametrize(
    ("context", "code"),
    [
        ([*CONTEXTS, {"@vocab": "https://example.org/"}], "inline_context"),
        ({"@vocab": "https://example.org/"}, "inline_context"),
        ([*CONTEXTS, None], "inline_context"),
        ([*CONTEXTS, "https://attacker.example/context.json"], "unknown_context"),
        ("https://attacker.example/context.json", "unknown_context"),
    ],
)
def test_contexts_other_than_the_pinned_ones_are_refused_and_never_fetched(context: Any, code: str) -> None:
    assert refusal(badge(**{"@context": context})) == code
    assert refusal(with_subject(source={"@context": context, "id": "https://example.org/x"})) == code


@pytest.mark.parametrize("added", [{"id": "_:b0"}, {"_:p": "x"}, {"source": "_:b0"}, {"evidence": ["_:b1"]}])
def test_blank_node_ids_are_refused(added: dict[str, Any]) -> None:
    assert refusal(with_subject(**added)) == "blank_node_id"


def alignments(count: int) -> dict[str, Any]:
    document = badge()
    targets = [{"type": ["Alignment"], "targetName": f"C{n}", "targetUrl": f"https://f.example/{n}"} for n in range(count)]
    document["credentialSubject"]["achievement"]["alignment"] = targets
    return document


def test_more_than_a_thousand_objects_are_refused_at_once() -> None:
    began = time.process_time()
    assert refusal(alignments(20_000)) == "too_many_nodes"
    assert time.process_time() - began < 0.5
    check_limits(alignments(MAX_NODES - 5))


def test_long_and_deep_documents_are_refused() -> None:
    assert refusal(badge(name="x" * 256_000)) == "too_large"
    deep: dict[str, Any] = {}
    for _ in range(20_000):
        deep = {"evidence": [deep]}
    assert refusal(badge(evidence=deep)) == "too_deep"


def poison(twins: int) -> dict[str, Any]:
    """Look-alike children of look-alike parents, without one blank node id: the orders to try are the factorial of the children."""
    child = {"type": ["Achievement"], "criteria": {"narrative": "same"}}
    parent = {"type": ["Achievement"], "related": [dict(child) for _ in range(twins)]}
    return badge(evidence=[dict(parent), dict(parent)])


def test_a_poison_graph_is_refused_in_well_under_two_seconds() -> None:
    began = time.process_time()
    assert refusal(poison(9)) == "too_hard"
    assert time.process_time() - began < 2
    assert canonical_form(poison(3))


def test_what_is_not_json_ld_is_refused_by_name() -> None:
    assert refusal(with_subject(id=5)) == "json_ld"
    assert refusal({"@context": CONTEXTS, "id": {"no": "id"}, "type": ["OpenBadgeCredential"]}) == "json_ld"


def test_a_failure_while_making_triples_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    from pyld.jsonld import JsonLdError, JsonLdProcessor

    def broken(*_: Any) -> None:
        raise JsonLdError("no triples", "jsonld.RdfError") from ValueError("odd number")

    monkeypatch.setattr(JsonLdProcessor, "_graph_to_rdf", broken)
    with pytest.raises(CanonicalError, match="odd number"):
        canonical_form(badge())


def test_terms_of_an_unsigned_badge_must_mean_something() -> None:
    own = {"Coaching": "https://example.org/Coaching", "note": "https://example.org/note"}
    kinds = ["VerifiableCredential", "OpenBadgeCredential", "Coaching"]
    check_terms(badge() | {"@context": [*CONTEXTS, own], "type": kinds})
    check_terms(badge(note={"@value": "x", "@type": "xsd:string"}))
    for document, code in (
        (badge(type=["VerifiableCredential", "Unmapped"]), "unsigned_property"),
        (badge() | {"@context": [*CONTEXTS, {"Achievement": "https://example.org/Other"}]}, "json_ld"),
        (badge() | {"@context": [*CONTEXTS, "https://attacker.example/context.json"]}, "unknown_context"),
    ):
        with pytest.raises(CanonicalError) as caught:
            check_terms(document)
        assert caught.value.code == code


def test_a_pinned_context_that_was_changed_is_never_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = CONTEXTS[0]
    (tmp_path / contexts.pinned()[address]["file"]).write_text("{}", encoding="utf-8")
    monkeypatch.setattr(contexts, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="install pathways again"):
        contexts.context.__wrapped__(address)


def test_every_pinned_context_is_the_one_that_was_pinned() -> None:
    assert all("@context" in contexts.context(address) for address in contexts.pinned())


def test_a_worker_gives_the_same_form_as_this_process() -> None:
    assert canonize([badge(), alignments(3)]) == in_process([badge(), alignments(3)])
    assert canonize([badge()], is_signed=False) == []


def test_a_refusal_in_a_worker_is_the_same_refusal() -> None:
    with pytest.raises(CanonicalError) as caught:
        canonize([poison(9)])
    assert caught.value.code == "too_hard"
    with pytest.raises(CanonicalError) as caught:
        canonize([with_subject(unsigned=1)])
    assert caught.value.code == "unsigned_property"


def test_a_document_that_takes_too_long_costs_its_worker_and_nothing_else() -> None:
    pool = CanonicalPool(workers=1, seconds=2)
    try:
        assert pool([badge()])
        [worker] = pool._idle
        pool.seconds = 0.05
        with pytest.raises(CanonicalError) as caught:
            pool([alignments(900)])
        assert caught.value.code == "too_slow"
        assert worker.poll() is not None, "the worker was not killed"
        pool.seconds = 5
        assert pool([badge()]), "the next document gets a new worker"
    finally:
        pool.close()


def test_while_one_worker_is_busy_others_are_served() -> None:
    pool = CanonicalPool(workers=2)
    try:
        pool([badge()])
        slow = threading.Thread(target=pool, args=([alignments(500)],))
        slow.start()
        while pool._idle:
            time.sleep(0.001)
        assert pool([badge()])
        slow.join()
        assert len(pool._idle) == 2
    finally:
        pool.close()


def test_a_worker_that_died_is_replaced() -> None:
    pool = CanonicalPool(workers=1)
    try:
        pool([badge()])
        pool._idle[0].kill()
        pool._idle[0].wait()
        assert pool([badge()])
        victim = pool._idle[0]
        victim.poll = lambda: None  # type: ignore[method-assign] # it dies between being looked at and being asked
        victim.kill()
        victim.wait()
        with pytest.raises(CanonicalError):
            pool([alignments(900)])
        assert pool([badge()])
        pool._idle[0].stdin.write(b"never sent")  # type: ignore[union-attr]
    finally:
        pool.close()


def test_workers_start_late_and_end_with_their_process() -> None:
    program = (
        "import sys; from pathways.badges.canonical_pool import canonize, shared_pool\n"
        f"assert not shared_pool()._idle; canonize([{badge()!r}]); print(shared_pool()._idle[0].pid)"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert not done.stderr
    assert not Path(f"/proc/{int(done.stdout)}").exists()


def test_a_worker_ends_when_the_process_that_asked_is_killed() -> None:
    program = (
        "import os, sys; from pathways.badges.canonical_pool import canonize, shared_pool\n"
        f"canonize([{badge()!r}]); print(shared_pool()._idle[0].pid, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    worker = Path(f"/proc/{int(done.stdout)}")
    until = time.monotonic() + 5
    while worker.exists() and (worker / "stat").read_text(encoding="utf-8").split()[2] != "Z" and time.monotonic() < until:
        time.sleep(0.02)
    assert not worker.exists() or (worker / "stat").read_text(encoding="utf-8").split()[2] == "Z"


def test_the_shared_pool_is_one() -> None:
    assert shared_pool() is shared_pool()


def lines(*requests: Any) -> list[dict[str, Any]]:
    answers = io.BytesIO()
    canonical_worker.serve(io.BytesIO(b"".join(json.dumps(item).encode() + b"\n" for item in requests)), answers)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def test_a_worker_answers_line_by_line_whatever_it_is_asked() -> None:
    found = lines(
        {"documents": [badge()], "is_signed": True},
        {"documents": [badge(unknown=1)], "is_signed": True},
        {"documents": [badge(unknown=1)], "is_signed": False},
        {"documents": 5, "is_signed": True},
        "no request",
    )
    assert found[0] == {"forms": [canonical_form(badge())]}
    assert [item.get("code") for item in found] == [None, "unsigned_property", None, "json_ld", "json_ld"]


def test_a_worker_takes_no_more_memory_than_it_may_and_warms_up(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    taken: list[Any] = []
    monkeypatch.setattr(resource, "setrlimit", lambda *given: taken.append(given))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO()))
    canonical_worker.main()
    assert taken == [(resource.RLIMIT_AS, (canonical_worker.MEMORY, canonical_worker.MEMORY))]
