"""A picture in other formats: Mermaid, DOT, CSV, JSON, a standalone HTML page, PNG. Every format has every step."""

from __future__ import annotations

import csv as csv_format
import importlib
import io
import json as json_format
import re
from collections.abc import Mapping
from typing import Any

from pathways.draw.look import PALETTES
from pathways.draw.marks import safe_address
from pathways.draw.page import html
from pathways.draw.picture import STATUS_WORDS, Arrow, ArrowKind, Column, Node, Picture, PictureError, Status
from pathways.draw.text import plain
from pathways.errors import PathwaysError

__all__ = ["COLUMNS", "MissingExtraError", "csv", "dot", "from_json", "html", "json", "mermaid", "png"]

#: Header of the CSV file.
COLUMNS = ("term", "term_note", "id", "step", "status", "details", "needs", "leads_to", "link")
_SURROGATE = re.compile("[\ud800-\udfff]")
#: Characters that Mermaid reads as syntax, as its own entity codes.
_MERMAID = str.maketrans({c: f"#{ord(c)};" for c in '#"<>&`;\\{}[]()|%'})
_MERMAID_LINES: dict[ArrowKind, str] = {"needs": "-->", "with": "-.->", "counts": "-->"}
_MERMAID_DASHES: dict[Status, str] = {"planned": ",stroke-dasharray:7 4", "blocked": ",stroke-dasharray:2 4"}
_DOT_LINES: dict[ArrowKind, str] = {"needs": "solid", "with": "dashed", "counts": "solid"}
_DOT_BORDERS: dict[Status, str] = {
    "earned": "filled,rounded",
    "next": "filled,rounded,bold",
    "planned": "filled,rounded,dashed",
    "target": "filled,rounded,bold",
    "blocked": "filled,rounded,dotted",
}


class MissingExtraError(PathwaysError):
    """Something that needs an optional package which is not installed."""


def _named(node: Node) -> str:
    """Status word, label and details on one line: status is words in every format."""
    return ": ".join((STATUS_WORDS[node.status], " · ".join(filter(None, map(plain, (node.label, *node.detail))))))


def _headed(column: Column) -> str:
    return " · ".join(filter(None, map(plain, (column.name, column.subtitle))))


def mermaid(picture: Picture) -> str:
    """A Mermaid flow chart, a subgraph for each column."""
    names = {node.id: f"s{number}" for number, node in enumerate(picture.nodes, 1)}
    lines = ["---", f"title: {json_format.dumps(plain(picture.title), ensure_ascii=False)}", "---", "flowchart LR"]
    for index, column in enumerate(picture.columns):
        mine = [node for node in picture.nodes if node.column == index]
        if not mine:
            continue
        lines.append(f'  subgraph c{index + 1}["{_headed(column).translate(_MERMAID) or " "}"]')
        lines += [f'    {names[node.id]}["{_named(node).translate(_MERMAID)}"]:::{node.status}' for node in mine]
        lines.append("  end")
    lines += [f"  {names[arrow.start]} {_MERMAID_LINES[arrow.kind]} {names[arrow.end]}" for arrow in picture.arrows]
    for status, (ink, fill) in PALETTES["light"].faces.items():
        thick = 3 if status in ("next", "target") else 2
        dashes = _MERMAID_DASHES.get(status, "")
        lines.append(f"  classDef {status} fill:{fill},stroke:{ink},color:#16202c,stroke-width:{thick}px{dashes}")
    return "\n".join(lines) + "\n"


def _dot_text(text: str) -> str:
    """A quoted string of the DOT language. A backslash is doubled: it would start an escape of its own."""
    return '"' + plain(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def dot(picture: Picture) -> str:
    """A graph in the DOT language, a cluster for each column."""
    names = {node.id: f"s{number}" for number, node in enumerate(picture.nodes, 1)}
    lines = [
        "digraph pathway {",
        f"  graph [rankdir=LR, newrank=true, label={_dot_text(picture.title)}, labelloc=t, fontname={_dot_text('Noto Sans')}]",
        '  node [shape=box, fontname="Noto Sans", fontcolor="#16202c"]',
        '  edge [color="#5b6b7f"]',
    ]
    for index, column in enumerate(picture.columns):
        mine = [node for node in picture.nodes if node.column == index]
        if not mine:
            continue
        lines.append(f"  subgraph cluster_{index + 1} {{")
        lines.append(f"    label={_dot_text(_headed(column))}; labelloc=t; color={_dot_text('#c3ccd6')}")
        lines += [f"    {names[node.id]} [{_dot_look(node)}]" for node in mine]
        lines.append("  }")
    lines += [f"  {names[arrow.start]} -> {names[arrow.end]} [style={_DOT_LINES[arrow.kind]}]" for arrow in picture.arrows]
    return "\n".join((*lines, "}")) + "\n"


def _dot_look(node: Node) -> str:
    """Attributes of one step."""
    ink, fill = PALETTES["light"].faces[node.status]
    href = safe_address(node.href)
    link = f", URL={_dot_text(href)}" if href else ""
    style = _dot_text(_DOT_BORDERS[node.status])
    return f'label={_dot_text(_named(node))}, style={style}, color="{ink}", fillcolor="{fill}"{link}'


def defused(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula: an apostrophe stands before the sign that would start one."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") or cell.lstrip()[:1] in ("=", "+", "-", "@") else cell


def csv(picture: Picture) -> str:
    """One row for each step, with header; ``needs`` and ``leads_to`` hold labels. Write it to a file as UTF-8."""
    labels = {node.id: plain(node.label) for node in picture.nodes}
    needs: dict[str, list[str]] = {node.id: [] for node in picture.nodes}
    leads_to: dict[str, list[str]] = {node.id: [] for node in picture.nodes}
    for arrow in picture.arrows:
        needs[arrow.end].append(labels[arrow.start])
        leads_to[arrow.start].append(labels[arrow.end])
    stream = io.StringIO()
    writer = csv_format.writer(stream)
    writer.writerow(COLUMNS)
    for node in sorted(picture.nodes, key=lambda node: node.column):
        column = picture.columns[node.column]
        row = (
            plain(column.name),
            plain(column.subtitle),
            plain(node.id),
            labels[node.id],
            STATUS_WORDS[node.status],
            "; ".join(map(plain, node.detail)),
            "; ".join(needs[node.id]),
            "; ".join(leads_to[node.id]),
            safe_address(node.href) or "",
        )
        writer.writerow(map(defused, row))
    return stream.getvalue()


def json(picture: Picture) -> str:
    """The picture itself; :func:`from_json` reads it back."""
    value = {
        "title": picture.title,
        "columns": [{"name": column.name, "subtitle": column.subtitle} for column in picture.columns],
        "nodes": [
            {"id": n.id, "label": n.label, "column": n.column, "status": n.status, "detail": list(n.detail), "href": n.href}
            for n in picture.nodes
        ],
        "arrows": [{"start": arrow.start, "end": arrow.end, "kind": arrow.kind} for arrow in picture.arrows],
        "footer": picture.footer,
    }
    text = json_format.dumps(value, ensure_ascii=False, indent=2) + "\n"
    # Half a surrogate pair cannot be written as UTF-8; its escape can, and reads back the same.
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def from_json(text: str) -> Picture:
    """Read what :func:`json` wrote.

    Raises
    ------
    PictureError
        If the text is no JSON, a field is missing or of another kind, or the picture does not fit together.
    """
    try:
        value = json_format.loads(text)
    except (json_format.JSONDecodeError, RecursionError) as error:
        message = f"not a picture: the text is not JSON ({error})"
        raise PictureError(message) from error
    top = _fields(value, "picture", {"title": str, "columns": list, "nodes": list, "arrows": list, "footer": str})
    columns = [_fields(c, f"column {i}", {"name": str, "subtitle": str}) for i, c in enumerate(top["columns"])]
    wanted = {"id": str, "label": str, "column": int, "status": str, "detail": list, "href": str | None}
    nodes = [_fields(node, f"step {i}", wanted) for i, node in enumerate(top["nodes"])]
    for node in nodes:
        if not all(isinstance(line, str) for line in node["detail"]):
            message = f'step {node["id"]!r}: expected texts in "detail"'
            raise PictureError(message)
    arrows = [_fields(a, f"arrow {i}", {"start": str, "end": str, "kind": str}) for i, a in enumerate(top["arrows"])]
    return Picture(
        title=top["title"],
        columns=tuple(Column(**column) for column in columns),
        nodes=tuple(Node(**{**node, "detail": tuple(node["detail"])}) for node in nodes),
        arrows=tuple(Arrow(**arrow) for arrow in arrows),
        footer=top["footer"],
    )


def _fields(value: object, where: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The named fields of an object, each of its kind; nothing else is taken over."""
    if not isinstance(value, dict):
        message = f"{where}: expected an object"
        raise PictureError(message)
    for name, kind in wanted.items():
        found = value.get(name)
        if not isinstance(found, kind) or isinstance(found, bool):
            message = f'{where}: "{name}" is missing or of another kind'
            raise PictureError(message)
    return {name: value.get(name) for name in wanted}


def png(svg: str, *, zoom: float = 2.0) -> bytes:
    """An SVG picture as PNG, on the background that it draws itself.

    Parameters
    ----------
    svg : str
        What :func:`pathways.draw.svg.svg` wrote.
    zoom : float
        Pixels of the image for each pixel of the drawing; above 0, at most 4.

    Raises
    ------
    MissingExtraError
        If resvg-py is not installed.
    ValueError
        If the zoom is out of range or the SVG cannot be read.
    """
    if not 0 < zoom <= 4:
        text = f"zoom {zoom}: expected more than 0, at most 4"
        raise ValueError(text)
    try:
        resvg = importlib.import_module("resvg_py")
    except ImportError as error:
        text = 'A PNG needs the optional package resvg-py: pip install "pathways[png]", or save the picture as SVG.'
        raise MissingExtraError(text) from error
    return bytes(resvg.svg_to_bytes(svg_string=svg, zoom=zoom, sans_serif_family="Noto Sans"))
