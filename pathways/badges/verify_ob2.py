"""Open Badges 2.0: the copy at a badge's own address, or the signature with the issuer's published key.

Only the copy fetched from its ``id`` makes a hosted badge count, and only where the issuer's profile lets badges be hosted there. A
signed badge counts when the key its issuer publishes verifies it. Without a way to fetch nothing can be said: ``unverified``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pathways.badges import jws
from pathways.badges.allow import is_url, listed
from pathways.badges.entities import BadgeProblem, Fetch, Reading
from pathways.badges.errors import FetchError, NotThereError
from pathways.badges.jwt_form import parse_token
from pathways.badges.keys import BadKeyError, PublicKey, from_pem
from pathways.badges.read_structure import types_of
from pathways.badges.status import StatusWord
from pathways.badges.verify_signature import Checking, Signature
from pathways.text_files import StrictJsonError, strict_json

CONTEXT = "https://w3id.org/openbadges/v2"
_ISSUERS = frozenset({"Issuer", "Profile"})
_Problems = tuple[BadgeProblem, ...]


@dataclass(frozen=True, slots=True)
class _Chain:
    """What a badge points at: its issuer's profile as it was fetched (None: it could not be), and what is wrong on the way."""

    issuer: str = ""
    profile: Mapping[str, Any] | None = None
    problems: _Problems = ()


def check(reading: Reading, checking: Checking) -> tuple[Signature, StatusWord, _Problems]:
    """Check an assertion, or a badge class or profile by itself.

    Parameters
    ----------
    reading : Reading
        Of format ``ob2-hosted`` or ``ob2-signed``.
    checking : Checking
        Keys pinned by issuer id, and how to fetch.

    Returns
    -------
    tuple
        The signature (for a hosted badge: whether the hosted copy is the same), the status, and problems of the status.
    """
    assert reading.document is not None
    document, fetch = reading.document, checking.trust.fetch
    wrong = _form_problems(document)
    if wrong:
        return Signature("invalid", problems=wrong), "none", ()
    if document.get("revoked") is True:
        return _unverified("revoked"), "revoked", (BadgeProblem("revoked", "The badge itself says that it is revoked."),)
    if fetch is None:
        return _unverified("fetching is off"), "none", ()
    chain = _chain(document, fetch)
    if any(problem.blocking for problem in chain.problems):
        return Signature("invalid", problems=chain.problems), "none", ()
    signature = _hosted(document, chain, fetch) if reading.token is None else _signed(reading, chain, checking, fetch)
    status, problems = _status(document, chain, fetch) if signature.word == "valid" else ("none", ())
    return Signature(signature.word, signature.issuer, chain.problems + signature.problems), status, problems


def _form_problems(document: Mapping[str, Any]) -> _Problems:
    contexts = listed(document.get("@context"))
    if not any(item == CONTEXT or isinstance(item, Mapping) for item in contexts):
        return (BadgeProblem("context", f"The badge's context is not {CONTEXT}."),)
    for name, value in document.items():
        if name.startswith("extensions:") and not (
            isinstance(value, Mapping) and "@context" in value and "Extension" in types_of(value)
        ):
            return (BadgeProblem("extension", f"The extension {name[:80]} states no context and type of its own."),)
    return ()


def _unverified(why: str) -> Signature:
    text = f"Whether the badge is its issuer's was not checked: {why}."
    return Signature("unverified", problems=(BadgeProblem("not_checked", text, blocking=False),))


def _https(address: str) -> str:
    """Plain HTTP is asked for as HTTPS; the samples write either for the same thing."""
    return "https://" + address.removeprefix("http://") if address.startswith("http://") else address


def _get(address: str, fetch: Fetch) -> Mapping[str, Any]:
    try:
        found = strict_json(fetch(_https(address)).content, max_depth=100, max_number=100)
    except StrictJsonError as error:
        raise NotThereError(address, f"the answer is not JSON that can be read ({error.code})") from error
    if not isinstance(found, Mapping):
        raise NotThereError(address, "the answer is not a JSON object")
    return found


def _follow(value: Any, fetch: Fetch) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    if not is_url(value):
        raise NotThereError(str(value)[:80], "it is no address")
    return _get(value, fetch)


def _chain(document: Mapping[str, Any], fetch: Fetch) -> _Chain:
    """From an assertion over its badge class to the issuer; a class or a profile by itself starts further along."""
    kinds = set(types_of(document))
    try:
        owner: Any = document
        if "Assertion" in kinds:
            owner = _follow(document.get("badge"), fetch)
            if "BadgeClass" not in types_of(owner):
                return _Chain(problems=(BadgeProblem("badge_class", "What the badge points at is not a badge class."),))
        given = owner if kinds & _ISSUERS else owner.get("issuer")
        issuer = given.get("id") if isinstance(given, Mapping) else given
        if not isinstance(issuer, str):
            return _Chain(problems=(BadgeProblem("issuer_missing", "The badge class names no issuer."),))
        if not _https(issuer).startswith("https://"):
            text = "The issuer's id is not a web address, so nothing can be asked there."
            return _Chain(issuer, problems=(BadgeProblem("issuer_not_address", text, blocking=False),))
        profile = owner if kinds & _ISSUERS else _get(issuer, fetch)
    except FetchError as error:
        return _Chain(problems=(BadgeProblem("issuer_unreachable", f"The issuer could not be asked: {error}", blocking=False),))
    if not _ISSUERS & set(types_of(profile)):
        return _Chain(problems=(BadgeProblem("issuer", "What stands at the issuer's address is not an issuer's profile."),))
    own = profile.get("id")
    if not is_url(own) or not _https(own).startswith("https://"):
        text = "The issuer's profile has no web address as its id, so it does not say whose it is."
        return _Chain(issuer, problems=(BadgeProblem("issuer_not_address", text, blocking=False),))
    return _Chain(issuer, profile)


def _hosted(document: Mapping[str, Any], chain: _Chain, fetch: Fetch) -> Signature:
    address = document.get("id")
    if not is_url(address) or not _https(address).startswith("https://"):
        return _unverified("it has no web address of its own")
    try:
        copy = _get(address, fetch)
    except FetchError as error:
        return _unverified(str(error))
    if copy != document:
        return Signature("invalid", problems=(BadgeProblem("hosted_differs", "The copy at the badge's own address is another."),))
    if chain.profile is None:
        return Signature("valid")
    if not _may_host(chain, address):
        if "Assertion" not in types_of(document):
            return Signature("valid")  # the rule is about awards; a description may stand anywhere
        text = f"The issuer ({chain.issuer[:200]}) does not let badges be hosted at {address[:200]}."
        return Signature("valid", problems=(BadgeProblem("origin_not_issuers", text),))
    return Signature("valid", "verified")


def _may_host(chain: _Chain, address: str) -> bool:
    """The issuer's profile names hosts and beginnings; where it does not, its own host is meant."""
    assert chain.profile is not None
    rules = chain.profile.get("verification")
    stated: Mapping[str, Any] = rules if isinstance(rules, Mapping) else {}
    hosts = [str(host).lower() for host in listed(stated.get("allowedOrigins"))] or [_host(chain.issuer)]
    starts = [str(start) for start in listed(stated.get("startsWith"))]
    return _host(address) in hosts and (not starts or any(address.startswith(start) for start in starts))


def _host(address: str) -> str:
    return (urlsplit(_https(address)).netloc or "").lower()


def _signed(reading: Reading, chain: _Chain, checking: Checking, fetch: Fetch) -> Signature:
    assert reading.token is not None
    assert reading.document is not None
    header = parse_token(reading.token).header
    wrong = jws.header_problem(header)
    if wrong is not None:
        return Signature("invalid", problems=(wrong,))
    algorithm = header["alg"]
    if algorithm not in jws.ALGORITHMS:
        text = f"The badge is signed in a way this program cannot check: {algorithm[:60]}."
        return Signature("unsupported", problems=(BadgeProblem("unsupported_suite", text, blocking=False),))
    verification = reading.document["verification"]
    creator = verification.get("creator") if isinstance(verification, Mapping) else None
    try:
        key, name, owner = _published(creator or (chain.profile or {}).get("publicKey"), fetch)
    except (FetchError, BadKeyError) as error:
        return _unverified(f"the issuer's key could not be had ({error})")
    if not checking.cache.get((reading.sha256, 0, key.fingerprint), lambda: jws.is_signed(reading.token or "", algorithm, key)):
        text = "The signature is not good: the badge was changed after it was signed, or another key signed it."
        return Signature("invalid", problems=(BadgeProblem("signature", text),))
    return _owned(key, name, owner, chain, checking)


def _published(value: Any, fetch: Fetch) -> tuple[PublicKey, str, str]:
    """A key the issuer publishes, its address, and whose it says it is."""
    found = _follow(value[0] if isinstance(value, list) and value else value, fetch)
    name = value if isinstance(value, str) else found.get("id")
    return from_pem(str(found.get("publicKeyPem"))), _https(str(name)), _https(str(found.get("owner")))


def _owned(key: PublicKey, name: str, owner: str, chain: _Chain, checking: Checking) -> Signature:
    """Whether the key that made a good signature is one that the issuer's own profile lists."""
    if key in checking.trust.pins(chain.issuer):
        return Signature("valid", "verified")
    if chain.profile is None:
        return Signature("valid")
    ids = [item.get("id") if isinstance(item, Mapping) else item for item in listed(chain.profile.get("publicKey"))]
    if owner != _https(chain.issuer) or name not in {_https(str(item)) for item in ids}:
        text = f"The signature is good, but the key is not one that the issuer ({chain.issuer[:200]}) publishes."
        return Signature("valid", problems=(BadgeProblem("key_not_issuers", text),))
    return Signature("valid", "verified")


def _status(document: Mapping[str, Any], chain: _Chain, fetch: Fetch) -> tuple[StatusWord, _Problems]:
    address = (chain.profile or {}).get("revocationList")
    if address is None:
        return "none", ()
    try:
        listing = _follow(address, fetch).get("revokedAssertions")
    except FetchError as error:
        text = f"The issuer's list of badges taken back could not be asked: {error}"
        return "unknown", (BadgeProblem("status_unreachable", text, blocking=False),)
    if not isinstance(listing, list):
        return "unknown", (
            BadgeProblem("status_list_untrusted", "The issuer's list of badges taken back is none.", blocking=False),
        )
    for item in listing:
        entry = item if isinstance(item, Mapping) else {"id": item}
        if any(entry.get(name) is not None and entry.get(name) == document.get(name) for name in ("id", "uid")):
            return "revoked", (BadgeProblem("revoked", "The issuer's list says that this badge is revoked."),)
    return "good", ()
