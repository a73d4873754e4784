"""The canonical form of a JSON-LD document (RDFC-1.0), for signatures only, with nothing of the document left out of it.

Plain JSON-LD drops what it does not know: a term without a definition, a node with a relative id, a type without an address. What
is dropped is not signed, so an attacker could add it. Here anything that would be dropped is an error. So are contexts written into
the document, contexts that are not pinned, blank node ids (the easy way to write a graph that is hard to canonicalize), and
documents that cost too much. Leaves out running it apart from this process, which is :mod:`pathways.badges.canonical_pool`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pathways.badges.contexts import context, pinned
from pathways.errors import PathwaysError

#: Canonicalization is quadratic in plain size: 1,000 nodes take about two seconds.
MAX_NODES = 1_000
MAX_BYTES = 256_000
MAX_DEPTH = 64
#: Orders of look-alike blank nodes tried before giving up; honest credentials need none or a few. About a second of work.
MAX_ORDERS = 5_000

#: What relative addresses are resolved against, to be seen: as such they would be dropped, or mean another thing elsewhere.
_BASE = "https://relative.invalid/"
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*\Z")
_VALUE_KEYS = frozenset({"@value", "@type", "@language", "@direction"})


@dataclass
class CanonicalError(PathwaysError):
    """A document that has no safe canonical form; ``code`` is one of the codes of badge problems."""

    code: str
    text: str

    def __str__(self) -> str:
        """Say what was found and what was expected."""
        return self.text


def check_limits(document: Mapping[str, Any], *, is_signed: bool = True) -> None:
    """Refuse, without any JSON-LD work, what must not reach the canonicalization.

    Parameters
    ----------
    document : mapping
        A JSON-LD document as parsed.
    is_signed : bool
        False leaves out what matters to a signature only: contexts and blank node ids.

    Raises
    ------
    CanonicalError
        ``too_large``, ``too_deep``, ``too_many_nodes``, ``blank_node_id``, ``inline_context`` or ``unknown_context``.
    """
    nodes = 0
    waiting: list[tuple[Any, int]] = [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise CanonicalError("too_deep", f"The document is nested more than {MAX_DEPTH} levels deep.")
        if isinstance(value, Mapping):
            nodes += 1
            if nodes > MAX_NODES:
                raise CanonicalError(
                    "too_many_nodes", f"The document has more than {MAX_NODES:,} objects, too many to check its signature."
                )
            if is_signed:
                _check_context(value.get("@context", []))
                _check_spelling(value)
            waiting += [(item, depth + 1) for key, item in value.items() if key != "@context"]
        elif isinstance(value, list):
            waiting += [(item, depth + 1) for item in value]
        elif is_signed:
            _refuse_blank(value)
    if len(json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise CanonicalError("too_large", f"The document is longer than {MAX_BYTES:,} bytes, too long to check its signature.")


def _refuse_blank(value: Any) -> None:
    if isinstance(value, str) and value.startswith("_:"):
        text = f"Found the blank node id {value[:40]!r}; a signed credential has no use for one."
        raise CanonicalError("blank_node_id", text)


def _check_spelling(node: Mapping[str, Any]) -> None:
    """Refuse a property under another name than its plain one.

    ``validUntil`` written as its whole address, as ``cred:validUntil`` or inside ``@nest`` has the same triples, so the signature
    stays good, but whoever reads plain names sees a badge that never expires. The same goes for its status.
    """
    for key in node:
        _refuse_blank(key)
        if ":" in key or (key.startswith("@") and key != "@context" and not ("@value" in node and key in _VALUE_KEYS)):
            text = f"The property {key[:80]!r} is not written by its plain name: signed that way, it is hidden from a reader."
            raise CanonicalError("hidden_property", text)


def _check_context(value: Any) -> None:
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, str):
            raise CanonicalError("inline_context", "A context is written into the credential, which can change what was signed.")
        if item not in pinned():
            raise CanonicalError("unknown_context", f"The context {item[:200]} is not among those this program knows and trusts.")


def canonical_form(document: Mapping[str, Any]) -> str:
    """Canonical N-Quads of a document, if every part of it is in them.

    Parameters
    ----------
    document : mapping
        One that passed :func:`check_limits`.

    Returns
    -------
    str
        N-Quads in canonical order (RDFC-1.0).

    Raises
    ------
    CanonicalError
        ``unsigned_property`` where something would be dropped, ``too_hard`` for a graph built to cost time, ``json_ld`` otherwise.
    """
    from pyld.jsonld import JsonLdError  # costs 0.2 s

    try:
        dataset = _strict_class()(on_property_dropped=_dropped).to_rdf(dict(document), {"documentLoader": _load, "base": _BASE})
        text: str = _limited_class()().main(dataset, {"format": "application/n-quads"})
    except JsonLdError as error:
        raise _not_json_ld(error) from error
    return text


def check_terms(document: Mapping[str, Any]) -> None:
    """Refuse an unsigned document whose contexts contradict one another, or whose types are no addresses.

    Parameters
    ----------
    document : mapping
        One that passed :func:`check_limits`. Contexts written into it are read: without a signature they can change nothing.

    Raises
    ------
    CanonicalError
        ``unsigned_property`` for such a type, ``unknown_context`` where a context is not pinned, ``json_ld`` otherwise.
    """
    from pyld import jsonld

    try:
        waiting: list[Any] = jsonld.expand(dict(document), {"documentLoader": _load, "base": _BASE})
    except jsonld.JsonLdError as error:
        raise _not_json_ld(error) from error
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            for kind in item.get("@type", []) if "@value" not in item else []:
                _check_address(kind)
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item


def _not_json_ld(error: BaseException) -> CanonicalError:
    """The innermost cause, which is the one that says what is wrong."""
    while error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, CanonicalError):
        return error
    return CanonicalError("json_ld", f"Not JSON-LD: {str(error).splitlines()[0][:200]}")


def _load(address: str, _options: Mapping[str, Any]) -> dict[str, Any]:
    _check_context(address)
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": address, "document": context(address)}


def _dropped(term: str | None) -> None:
    name = "a property" if term is None else f"the property {term[:80]!r}"
    raise CanonicalError(
        "unsigned_property", f"No context defines {name}, so the signature does not cover it: it may have been added later."
    )


def _check_kept(expanded: list[Any]) -> None:
    """Everything that turning expanded JSON-LD into triples would leave out without a word."""
    waiting: list[Any] = list(expanded)
    while waiting:
        item = waiting.pop()
        if "@value" in item:
            _check_value(item)
            continue
        if "@list" in item:
            waiting += item["@list"]
            continue
        for key, value in item.items():
            if key in {"@id", "@type"}:
                for address in value if isinstance(value, list) else [value]:
                    _check_address(address)
            elif key == "@graph" or _IRI.match(key):
                waiting += value
            else:
                _dropped(key)


def _check_value(item: Mapping[str, Any]) -> None:
    for key in item:
        if key not in _VALUE_KEYS:
            _dropped(key)
    if item.get("@type") not in {None, "@json"}:
        _check_address(item["@type"])
    if "@language" in item and not _LANGUAGE.match(item["@language"]):
        _dropped(item["@language"])


def _check_address(address: Any) -> None:
    if not (isinstance(address, str) and _IRI.match(address)) or address.startswith(_BASE):
        text = f"{str(address)[:80]!r} stands where an address must; the signature does not cover what hangs on it."
        raise CanonicalError("unsigned_property", text)


@cache
def _strict_class() -> Any:
    from pyld.jsonld import JsonLdProcessor

    class Strict(JsonLdProcessor):  # type: ignore[misc]
        """Turns JSON-LD into triples, and looks at the expanded form on the way: what is about to be dropped is an error."""

        def expand(self, *given: Any) -> list[Any]:
            """Expand as the library does, then check that everything will be kept."""
            expanded: list[Any] = super().expand(*given)
            _check_kept(expanded)
            return expanded

    return Strict


@cache
def _limited_class() -> Any:
    from pyld.canon import URDNA2015

    class Limited(URDNA2015):  # type: ignore[misc]
        """RDFC-1.0 that counts the orders it would have to try before it tries them (the library itself has no limit)."""

        orders = 0

        def create_hash_to_related(self, *given: Any) -> dict[str, list[str]]:
            """Look-alike neighbors of a blank node; all their orders are tried by the caller."""
            related: dict[str, list[str]] = super().create_hash_to_related(*given)
            self.orders += sum(math.factorial(min(len(nodes), 20)) for nodes in related.values())
            if self.orders > MAX_ORDERS:
                raise CanonicalError(
                    "too_hard", "The document repeats look-alike parts so that checking its signature would not end."
                )
            return related

    return Limited
