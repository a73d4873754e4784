"""Names of the formats' terms: one spelling for each, whatever a file uses.

Compact form only, with a fixed table of prefixes: a context is checked, never fetched or applied. The vocabularies read here share
no local name with two meanings, so a term is known by its local name; terms of other vocabularies keep their prefix.
"""

from __future__ import annotations

import re
from functools import lru_cache

#: Prefixes read as one vocabulary, and the addresses they stand for (without scheme).
NAMESPACES = {
    "ceterms": ("purl.org/ctdl/terms/",),
    "ceasn": ("purl.org/ctdlasn/terms/",),
    "asn": ("purl.org/ASN/schema/core/",),
    "schema": ("schema.org/",),
    "skos": ("www.w3.org/2004/02/skos/core#",),
    "qdata": ("credreg.net/qdata/terms/",),
    "dct": ("purl.org/dc/terms/",),
    "dcterms": ("purl.org/dc/terms/",),
    "rdfs": ("www.w3.org/2000/01/rdf-schema#",),
}
#: Prefix and namespace of this project's own terms. A name, not an address: there is nothing to fetch.
OWN_PREFIX, OWN_NAMESPACE = "pathways", "urn:pathways:ctdl:"
#: Class of an agreement that CTDL has no term for.
OWN_AGREEMENT = f"{OWN_PREFIX}:Agreement"
CONTEXT = "https://credreg.net/ctdl/schema/context/json"

_CONTEXT = re.compile(
    r"https?://(?:www\.)?credreg\.net/(?:ctdl|ctdlasn|qdata)(?:/[A-Za-z0-9_./-]*)?|https?://rsd\.openskillsnetwork\.org/context-v\d+\.json"
)
_SPELLINGS = {
    "preceeds": "precedes", "preceeded": "precededBy", "preceededBy": "precededBy", "isPreceededBy": "precededBy",
    "isPrecededBy": "precededBy", "advancedStandingFor": "isAdvancedStandingFor", "requiredFor": "isRequiredFor",
    "recommendedFor": "isRecommendedFor", "preparationFor": "isPreparationFor", "isPreparationFrom": "preparationFrom",
    "creditHourValue": "creditUnitValue", "creditHourType": "creditUnitTypeDescription",
    "Assessment": "AssessmentProfile", "LearningOpportunity": "LearningOpportunityProfile",
}  # fmt: skip


@lru_cache(maxsize=4096)
def local(name: str) -> str:
    """One spelling of a term: its local name, with its prefix where the vocabulary is not one of the field's.

    Examples
    --------
    >>> local("ceterms:preceeds"), local("https://purl.org/ctdl/terms/hasPart"), local("CourseComponent"), local("x:y")
    ('precedes', 'hasPart', 'CourseComponent', 'x:y')
    """
    found = _without_namespace(name)
    return _SPELLINGS.get(found, found)


def _without_namespace(name: str) -> str:
    scheme, mark, rest = name.partition("://")
    if mark and scheme in ("http", "https"):
        for addresses in NAMESPACES.values():
            for address in addresses:
                if rest.startswith(address) and len(rest) > len(address):
                    return rest[len(address) :]
        return name
    prefix, colon, rest = name.partition(":")
    return rest if colon and prefix in NAMESPACES and rest else name


def concept(address: str) -> str:
    """Last word of a concept's address.

    Examples
    --------
    >>> concept("creditUnit:SemesterHour"), concept("https://credreg.net/ctdl/terms/logic/And")
    ('SemesterHour', 'And')
    """
    return re.split(r"[:/#]", address.rstrip("/"))[-1]


def context_problem(context: object) -> str | None:
    """Why a context cannot be read with the fixed table; None where it can.

    An unknown address or a mapping of a known prefix to something else could give every term another meaning.
    """
    for part in context if isinstance(context, list) else [context]:
        if part is None or (isinstance(part, str) and _CONTEXT.fullmatch(part)):
            continue
        if isinstance(part, str):
            return f'the context "{part[:100]}", which is not one of CTDL, CTDL-ASN, QData or RSD; contexts are not fetched'
        if not isinstance(part, dict):
            return "a context that is neither an address nor an object"
        for key, value in part.items():
            if not _is_usual(key, value):
                return f'a context that gives "{key[:60]}" a meaning of its own'
    return None


def _is_usual(key: str, value: object) -> bool:
    if key == OWN_PREFIX:
        return value == OWN_NAMESPACE
    if key in ("@language", "@version"):
        return True
    known = {name: addresses for name, addresses in NAMESPACES.items() if name == key}
    if known:
        return isinstance(value, str) and value.partition("://")[2] in known[key]
    # A prefix of a vocabulary that is not read changes nothing: its terms keep their prefix and are named as unread.
    return isinstance(value, str) and not key.startswith("@") and value.endswith(("/", "#", ":"))
