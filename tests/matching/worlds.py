"""A small made-up college and what similar credentials earned elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from pathways.matching.model import load
from pathways.matching.precedents import PrecedentRow
from pathways.matching.proposal import BadgeText, CourseText
from pathways.matching.propose import Matcher

if TYPE_CHECKING:
    from models.base import Float32Array
    from models.encoders import OnnxEncoder

COURSES = tuple(
    CourseText(f"c{place}", "Hill College", title, code=code)
    for place, (title, code) in enumerate(
        [
            ("Automotive Brake Systems", "AUTO 150"),
            ("Automotive Engine Repair", "AUTO 110"),
            ("Introduction to Networks", "CIS 201"),
            ("Network Security Fundamentals", "CIS 240"),
            ("Computer Hardware and Operating Systems", "CIS 105"),
            ("Shielded Metal Arc Welding", "WELD 101"),
            ("Gas Tungsten Arc Welding", "WELD 103"),
            ("Emergency Medical Technician", "EMS 100"),
            ("Elementary Spanish I", "SPAN 1"),
            ("Elementary Spanish II", "SPAN 2"),
            ("General Psychology", "PSY 1"),
            ("Food Safety and Sanitation", "CUL 120"),
            ("United States History to 1877", "HIST 17"),
            ("Real Estate Principles", "RE 101"),
        ]
    )
)
UNRELATED = tuple(
    CourseText(f"u{place}", "Far College", title)
    for place, title in enumerate(
        ["Marching Band Percussion", "Medieval Poetry", "Ornamental Horticulture", "Ballet III", "Ceramics", "Choral Ensemble"]
    )
)


def certificate(title: str, issuer: str = "", kind: str = "industry-certification", **more: object) -> BadgeText:
    """A badge to match."""
    return BadgeText(f"b-{title}", title, issuer, kind=kind, **more)  # type: ignore[arg-type]


def precedent(title: str, course: str, *, institution: str = "Other College", code: str = "", issuer: str = "") -> PrecedentRow:
    """A recorded match elsewhere."""
    return PrecedentRow(BadgeText(f"p-{title}", title, issuer), course, institution, "made up", code)


@cache
def encoder() -> OnnxEncoder:
    """The bundled encoder, loaded once for all tests."""
    from models.encoders import OnnxEncoder as Bundled

    return Bundled()


def encode(texts: Sequence[str]) -> Float32Array:
    """Texts to vectors."""
    return encoder().encode(texts)


def matcher(courses: Sequence[CourseText] = COURSES, precedents: Sequence[PrecedentRow] = ()) -> Matcher:
    """The shipped model around a list of courses."""
    return Matcher(load(), courses, encode, precedents)
