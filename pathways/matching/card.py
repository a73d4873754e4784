"""The model card: what was learned from what, how good it is, what it must not be used for; as Markdown, JSON and a picture."""

from __future__ import annotations

from typing import Any, Final

from pathways.matching.confidence import NONE_SHARE
from pathways.matching.features import PRECEDENT_FEATURES, TEXT_FEATURES

_SIDE: Final = 360
_EDGE: Final = 48

SYSTEMS: Final = ("with precedents", "without precedents", "TF-IDF", "BM25", "dense")

LIMITS: Final = (
    (
        "A probability is the share of such matches that colleges recorded. Each college records what it chooses, so a match not "
        "recorded may still be right, and a recorded one may be generous. It is shown to evaluators and is "
        "never a learner's chance of "
        "acceptance."
    ),
    (
        "No educator badge is in the training data. For kinds of credential not in it the matcher abstains "
        "and states no probability "
        "until an institution has 50 decisions of its own."
    ),
    (
        "Hours, levels and listed outcomes are compared as evidence for people; no training data states "
        "them, so they do not move the "
        "score."
    ),
    (
        f"“None fits” assumes that {NONE_SHARE:.0%} of lists hold no match. The probability of the first "
        "match assumes that the list "
        "holds one if there is one anywhere."
    ),
    (
        "A course that the very same credential (by its title) earned elsewhere gets 3 points more, and one refused to it 3 fewer. "
        "Colleges of ca-cpl-credit held out in five folds, 459 credentials that other colleges gave credit for: hit@5 0.72 with "
        "the points, 0.69 without (0.91 and 0.87 among the courses of the held-out colleges alone); hit@1 0.47 and 0.40. "
        "On rpi-transfer, by institution, nothing changes: hit@1 0.87, hit@5 0.98. The tables do not hold these points."
    ),
    "Fewer than 100 credentials with precedents do not steer the ranker: on one fold 120 were better than none and 60 were not.",
    "Without precedents the matcher works from the texts alone and says so; its figures are the second row of each table.",
    (
        "Part of the gain on industry certifications comes from numbers: course numbers in titles, and numbered series whose "
        "precedents at the same college show how the numbers run. Other lists have fewer of them."
    ),
    "English only. Titles and issuers of ca-cpl-credit credentials were written by a language model at the source.",
)


def markdown(report: dict[str, Any], picture: str) -> str:
    """Write the card.

    Parameters
    ----------
    report : dict
        ``model``, ``seed``, ``data`` (name, sha256, badges) and ``figures`` by profile.
    picture : str
        File name of the picture beside the card.

    Returns
    -------
    str
    """
    lines = [
        "# Model card: badge to course",
        "",
        f"{report['model']}, seed {report['seed']}. Made by `pathways models report`; all figures are on badges held out.",
        "",
        (
            "A linear ranker over "
            f"{len(TEXT_FEATURES)} text and {len(PRECEDENT_FEATURES)} precedent features, fitted on whole lists "
            "(conditional logit), and "
            "a logistic curve that turns its scores into probabilities. No text of the training data is in the model file."
        ),
        "",
        "## Data",
        "",
        "| set | badges | sha256 of the files read |",
        "|---|---|---|",
        *(f"| {one['name']} | {one['badges']:,} | `{one['sha256'][:16]}…` |" for one in report["data"]),
        "",
    ]
    for figures in report["figures"].values():
        lines += _section(figures)
    lines += [f"![Stated against recorded share]({picture})", "", "## Limits", "", *(f"- {limit}" for limit in LIMITS), ""]
    return "\n".join(lines)


def _section(figures: dict[str, Any]) -> list[str]:
    lines = [
        f"## {figures['name']}",
        "",
        (
            f"{figures['badges']:,} badges, {figures['courses']:,} candidate courses, 5 folds by "
            f"{figures['held_out']}. In brackets: "
            "95 % bootstrap interval. Calibration error: first match, 10 bins of equal mass; beside it the 95 % band of a perfect "
            "model of that size."
        ),
        "",
        "| system | hit@1 | hit@5 | calibration error | band | answered at 10 % risk |",
        "|---|---|---|---|---|---|",
    ]
    names = [name for name in SYSTEMS if name in figures["systems"]]
    for name in names:
        found = figures["systems"][name]
        low, high = found["band_of_a_perfect_model"]
        lines.append(
            f"| {name} | {_interval(found['hit@1'])} | {_interval(found['hit@5'])} | {found['calibration_error']:.3f} | "
            f"{low:.3f} to {high:.3f} | {found['answered_at_10_percent_risk']:.0%} |"
        )
    return [*lines, *_by_kind(figures, names), *_other(figures)]


def _by_kind(figures: dict[str, Any], names: list[str]) -> list[str]:
    lines = ["", f"| hit@5 by kind | badges | {' | '.join(names)} |", "|---|---|" + "---|" * len(names)]
    for kind, row in figures["kinds"].items():
        lines.append(f"| {kind} | {row['badges']} | {' | '.join(_interval(row[name]) for name in names)} |")
    return [*lines, ""]


def _other(figures: dict[str, Any]) -> list[str]:
    """None fits, elective credit, and the table of the reliability diagram."""
    lines: list[str] = []
    for name, found in figures["none_fits"].items():
        lines.append(
            f"None fits, {name}: area under the curve {found['area_under_curve']:.3f} between lists with and without recorded "
            f"courses; stated on average {found['mean_with_answer']:.2f} and {found['mean_without']:.2f}."
        )
        lines.append("")
    if "elective" in figures:
        found = figures["elective"]
        lines += [
            (
                f"Specific course or elective credit, {found['rules']:,} rules: F1 {found['specific_f1']:.3f} for specific, "
                f"{found['elective_f1']:.3f} for elective (always elective: {found['always_elective_f1']:.3f}), accuracy "
                f"{found['accuracy']:.3f}."
            ),
            "",
        ]
    lines += ["| first matches, from least sure | stated | recorded |", "|---|---|---|"]
    lines += [f"| {int(one['n'])} | {one['stated']:.3f} | {one['recorded']:.3f} |" for one in figures["reliability"]]
    return [*lines, ""]


def _interval(values: list[float]) -> str:
    return f"{values[0]:.3f} [{values[1]:.3f}, {values[2]:.3f}]"


def reliability_picture(report: dict[str, Any]) -> str:
    """Stated against recorded share as an SVG, one panel a data set; the numbers stand in the card's tables."""
    panels = list(report["figures"].values())
    width = len(panels) * (_SIDE + 2 * _EDGE)
    height = _SIDE + 2 * _EDGE
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="t d" '
            'font-family="sans-serif" font-size="13">'
        ),
        '<title id="t">Reliability diagram</title>',
        (
            '<desc id="d">Recorded share against stated probability of the first match, in ten bins of equal '
            "mass. The tables of the "
            "model card hold the same numbers.</desc>"
        ),
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for place, figures in enumerate(panels):
        parts += _panel(figures, place * (_SIDE + 2 * _EDGE) + _EDGE)
    return "\n".join([*parts, "</svg>", ""])


def _panel(figures: dict[str, Any], left: int) -> list[str]:
    bottom = _EDGE + _SIDE
    parts = [
        f'<rect x="{left}" y="{_EDGE}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#555555"/>',
        f'<line x1="{left}" y1="{bottom}" x2="{left + _SIDE}" y2="{_EDGE}" stroke="#777777" stroke-dasharray="4 4"/>',
        f'<text x="{left}" y="{_EDGE - 14}" fill="#111111">{figures["name"]}</text>',
        f'<text x="{left + _SIDE / 2}" y="{bottom + 36}" text-anchor="middle" fill="#111111">stated probability</text>',
        (
            f'<text x="{left - 34}" y="{_EDGE + _SIDE / 2}" text-anchor="middle" fill="#111111" '
            f'transform="rotate(-90 {left - 34} {_EDGE + _SIDE / 2})">recorded share</text>'
        ),
    ]
    for tick in (0, 0.5, 1):
        parts.append(f'<text x="{left + tick * _SIDE}" y="{bottom + 18}" text-anchor="middle" fill="#111111">{tick:g}</text>')
        parts.append(f'<text x="{left - 6}" y="{bottom - tick * _SIDE + 4}" text-anchor="end" fill="#111111">{tick:g}</text>')
    points = [(left + one["stated"] * _SIDE, bottom - one["recorded"] * _SIDE) for one in figures["reliability"]]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts.append(f'<polyline points="{path}" fill="none" stroke="#0b5394" stroke-width="2"/>')
    return [*parts, *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#0b5394"/>' for x, y in points)]
