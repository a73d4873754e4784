"""A picture as HTML: the drawing and the list that says the same; a table above 60 steps. No script, nothing from outside."""

from __future__ import annotations

from collections.abc import Sequence

from pathways.draw.marks import element, quoted, safe_address
from pathways.draw.picture import STATUS_WORDS, Node, Picture, table_needed
from pathways.draw.svg import svg
from pathways.draw.text import FONTS, is_right_to_left
from pathways.draw.words import Step, by_column, steps

_STYLE = f"""
:root {{ color-scheme: light; }}
body {{ margin: 0; font: 1rem/1.5 {FONTS}; color: #16202c; background: #ffffff; }}
main {{ max-width: 76rem; margin: 0 auto; padding: 1rem; }}
h1 {{ font-size: 1.75rem; line-height: 1.2; }}
h2 {{ font-size: 1.375rem; }}
h3 {{ font-size: 1.0625rem; margin-bottom: 0.25rem; }}
h1, h2, h3, li, td, th, caption {{ overflow-wrap: anywhere; }}
a {{ color: #1d4ed8; }}
:focus-visible {{ outline: 3px solid #b45309; outline-offset: 2px; }}
.pw-scroll {{ overflow-x: auto; }}
.pw-scroll svg {{ display: block; }}
.pw-small {{ color: #46566b; }}
table {{ border-collapse: collapse; }}
caption {{ text-align: left; }}
th, td {{ border: 1px solid #c3ccd6; padding: 0.25rem 0.5rem; text-align: left; vertical-align: top; }}
@media print {{
  @page {{ size: letter landscape; margin: 12mm; }}
  main {{ max-width: none; padding: 0; }}
  .pw-scroll {{ overflow: visible; }}
  .pw-scroll svg {{ max-width: 100%; height: auto; max-height: 170mm; }}
  h1, h2, h3 {{ break-after: avoid; }}
  li, tr {{ break-inside: avoid; }}
  thead {{ display: table-header-group; }}
}}
"""


def html(picture: Picture, *, lang: str = "en", around: str | None = None) -> str:
    """A page that stands alone: heading, drawing, and every step with what it needs and leads to.

    Parameters
    ----------
    picture : Picture
    lang : str
        Language of the page.
    around : str, optional
        The step whose neighborhood is drawn; see :func:`pathways.draw.svg.svg`. The list has every step all the same.
    """
    title = quoted(picture.title) or "Pathway"
    body = "\n".join(
        (
            element("h1", title),
            _scrolling(picture, around),
            _in_words(picture, 2),
            element("p", quoted(picture.footer), class_="pw-small") if picture.footer.strip() else "",
        )
    )
    head = "\n".join(
        (
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            element("title", title),
            element("style", _STYLE),
        )
    )
    page = f"\n<head>\n{head}\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n"
    return "<!DOCTYPE html>\n" + element("html", page, lang=lang) + "\n"


def fragment(picture: Picture) -> str:
    """The drawing and, folded, the same in words: for a notebook or a page of one's own."""
    summary = element("summary", "Same pathway as a list")
    return element("div", svg(picture) + element("details", summary + listed(picture, 4)), class_="pw-fragment")


def listed(picture: Picture, level: int = 3) -> str:
    """The full equivalent of the drawing: steps by term, each with status, details, needs and leads-to.

    Parameters
    ----------
    level : int
        Level of the headings, 2 to 6.
    """
    return "\n".join(
        element(f"h{level}", quoted(column.name) + (f" · {quoted(column.subtitle)}" if column.subtitle.strip() else ""))
        + element("ul", "\n".join(element("li", _item(step)) for step in mine), role="list")
        for column, mine in by_column(picture)
    )


def table(picture: Picture) -> str:
    """The same as a table, for pictures too large to draw."""
    names = ("Term", "Step", "Status", "Details", "Needs", "Leads to")
    head = element("thead", element("tr", "".join(element("th", name, scope="col") for name in names)))
    rows = "\n".join(
        element(
            "tr",
            element("td", quoted(step.column.name))
            + element("th", _name(step.node), scope="row")
            + element("td", STATUS_WORDS[step.node.status])
            + "".join(element("td", _several(texts)) for texts in (step.node.detail, step.needs, step.leads_to)),
        )
        for step in steps(picture)
    )
    return element("table", element("caption", "Every step, term by term") + head + element("tbody", rows))


def _in_words(picture: Picture, level: int) -> str:
    """Heading and list, or table above 60 steps."""
    if table_needed(picture):
        return element(f"h{level}", "Every step") + _group("Table of every step", table(picture))
    return element(f"h{level}", "Same pathway as a list") + listed(picture, level + 1)


def _scrolling(picture: Picture, around: str | None) -> str:
    """The drawing in a group that scrolls sideways by itself and can be reached by keyboard."""
    return _group("Picture of the pathway", svg(picture, around=around, heading=False))


def _group(name: str, content: str) -> str:
    return element("div", content, class_="pw-scroll", role="group", aria_label=name, tabindex=0)


def _item(step: Step) -> str:
    """One step of the list."""
    parts = [element("strong", _name(step.node)), STATUS_WORDS[step.node.status], *map(quoted, step.node.detail)]
    lines = [" · ".join(part for part in parts if part)]
    if step.needs:
        lines.append("Needs: " + _several(step.needs))
    if step.leads_to:
        lines.append("Leads to: " + _several(step.leads_to))
    return "<br>".join(lines)


def _name(node: Node) -> str:
    """The label, as a link where there is an address."""
    href = safe_address(node.href)
    name = quoted(node.label)
    turned = "rtl" if is_right_to_left(node.label) else None
    return element("a", name, href=href, dir=turned) if href else element("bdi", name, dir=turned) if turned else name


def _several(texts: Sequence[str]) -> str:
    """Texts with a separator that does not occur in most names."""
    return "; ".join(element("bdi", quoted(text)) if is_right_to_left(text) else quoted(text) for text in texts)
