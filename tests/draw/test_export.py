"""Every format holds every step and arrow, and survives difficult text."""

from __future__ import annotations

import csv as csv_format
import importlib.util
import io
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings

from pathways.draw.export import COLUMNS, MissingExtraError, csv, dot, from_json, html, json, mermaid, png
from pathways.draw.page import fragment
from pathways.draw.picture import STATUS_WORDS, Column, Node, Picture, PictureError
from pathways.draw.svg import svg
from pathways.draw.text import plain
from tests.draw.pictures import layered, odd_picture, pictures, reading_plan

BOTH = pytest.mark.parametrize("picture", [reading_plan(), odd_picture(), layered(1, 70, 6, 90)], ids=["plan", "odd", "70 steps"])
TRUE_COLUMN = '{"id":"a","label":"A","column":true,"status":"next","detail":[],"href":null}'
VOID = {"meta", "br"}


class Page(HTMLParser):
    """Tags, their attributes and text; checks that every element is closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.texts.setdefault(tag, [])
        if tag in ("li", "tr", "h1", "summary"):
            self.texts[tag].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in ("li", "tr", "h1", "summary"):
            if tag in self.open:
                self.texts[tag][-1] += data


@BOTH
def test_the_page_has_every_step_with_what_it_needs_and_leads_to(picture: Picture) -> None:
    page = Page(html(picture))
    labels = {node.id: plain(node.label) for node in picture.nodes}
    rows = page.texts.get("li") or page.texts["tr"][1:]
    ordered = sorted(picture.nodes, key=lambda node: node.column)
    assert len(rows) == len(ordered)
    for row, node in zip(rows, ordered, strict=True):
        assert labels[node.id] in row
        assert STATUS_WORDS[node.status] in row
        for arrow in picture.arrows:
            if node.id in (arrow.start, arrow.end):
                assert labels[arrow.end if node.id == arrow.start else arrow.start] in row


def test_the_list_says_needs_and_leads_to_in_plain_words() -> None:
    found = Page(html(reading_plan())).texts["li"]
    assert found[5] == (
        "EDU 510 Structured Literacy · Planned · 3 credits"
        "Needs: Formative Assessment Design; EDU 501 Foundations of Literacy"
        "Leads to: Practicum Seminar (before or at the same time); EDU 512 Assessment of Reading; "
        "EDU 520 Diagnosis and Correction of Reading Difficulties"
    )


@BOTH
def test_the_page_stands_alone_with_one_heading_a_language_and_no_script(picture: Picture) -> None:
    text = html(picture)
    page = Page(text)
    names = [tag for tag, _ in page.tags]
    assert names.count("h1") == 1
    assert names.count("svg") == 1
    assert ("html", {"lang": "en"}) in page.tags
    assert not {"script", "link", "img", "iframe", "object"} & set(names)
    assert not any(key.startswith("on") or key in ("src", "style") for _, attributes in page.tags for key in attributes)
    assert "size: letter landscape" in text
    levels = [int(name[1]) for name in names if re.fullmatch(r"h[1-6]", name)]
    assert all(after <= before + 1 for before, after in pairwise(levels)), "no heading level is skipped"
    groups = [attributes for tag, attributes in page.tags if attributes.get("class") == "pw-scroll"]
    assert groups
    assert all(g["role"] == "group" and g["aria-label"] and g["tabindex"] == "0" for g in groups)


def test_above_sixty_steps_the_page_has_a_table_with_scoped_headers() -> None:
    page = Page(html(layered(1, 70, 6, 90), around="n3"))
    scopes = [attributes.get("scope") for tag, attributes in page.tags if tag == "th"]
    assert scopes == ["col"] * 6 + ["row"] * 70
    assert not Page(html(reading_plan())).texts.get("table")


@given(pictures(most=6))
@settings(max_examples=40, deadline=None)
def test_no_label_becomes_markup(picture: Picture) -> None:
    allowed = {
        "div",
        "svg",
        "title",
        "desc",
        "rect",
        "g",
        "path",
        "text",
        "tspan",
        "a",
        "details",
        "summary",
        "h4",
        "ul",
        "li",
        "strong",
        "br",
        "bdi",
    }
    assert {tag for tag, _ in Page(fragment(picture)).tags} <= allowed


def test_a_notebook_gets_the_drawing_and_the_list() -> None:
    picture = reading_plan()
    assert picture._repr_svg_() == svg(picture)
    page = Page(picture._repr_html_())
    assert page.texts["summary"] == ["Same pathway as a list"]
    assert len(page.texts["li"]) == 12


@BOTH
def test_csv_has_a_header_and_a_row_for_each_step(picture: Picture) -> None:
    header, *rows = csv_format.reader(io.StringIO(csv(picture)))
    assert tuple(header) == COLUMNS
    ordered = sorted(picture.nodes, key=lambda node: node.column)
    for row, node in zip(rows, ordered, strict=True):
        assert row[3].removeprefix("'") == plain(node.label)
        assert row[4] == STATUS_WORDS[node.status]
        assert row[0] == plain(picture.columns[node.column].name)
    csv(picture).encode("utf-8")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\t=", "\r="])
def test_no_cell_of_the_csv_is_a_formula(start: str) -> None:
    text = start + "1+cmd|' /C calc'!A0"
    nodes = (Node(text, text, 0, "next", (text,), text), Node("b", "B", 0, "target"))
    rows = list(csv_format.reader(io.StringIO(csv(Picture(text, (Column(text, text),), nodes)))))
    assert sum(cell.startswith("'") for cell in rows[1]) == 6
    assert not any(cell.lstrip()[:1] in ("=", "+", "-", "@") for row in rows for cell in row if cell)


@given(pictures())
@settings(max_examples=40, deadline=None)
def test_json_reads_back_as_the_same_picture(picture: Picture) -> None:
    assert from_json(json(picture)) == picture
    json(picture).encode("utf-8")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "picture: expected an object"),
        ("{}", '"title" is missing'),
        ('{"title":"t","columns":[1],"nodes":[],"arrows":[],"footer":""}', "column 0: expected an object"),
        ('{"title":"t","columns":[],"nodes":[{"id":"a"}],"arrows":[],"footer":""}', 'step 0: "label" is missing'),
        (
            '{"title":"t","columns":[],"nodes":[],"arrows":[{"start":"a","end":"b","kind":"needs"}],"footer":""}',
            "no step is called 'a'",
        ),
        (
            f'{{"title":"t","columns":[{{"name":"c","subtitle":""}}],"arrows":[],"footer":"","nodes":[{TRUE_COLUMN}]}}',
            '"column" is missing',
        ),
        ("[" * 100000, "not JSON"),
    ],
)
def test_json_that_is_no_picture_says_where(text: str, message: str) -> None:
    with pytest.raises(PictureError, match=message):
        from_json(text)


@BOTH
def test_mermaid_has_every_step_and_arrow_and_nothing_it_could_take_for_syntax(picture: Picture) -> None:
    text = mermaid(picture)
    steps = re.findall(r'^    (s\d+)\["([^"\n]*)"\]:::(\w+)$', text, re.M)
    by_name = {f"s{number}": node for number, node in enumerate(picture.nodes, 1)}
    assert {name for name, _, _ in steps} == by_name.keys()
    for name, label, status in steps:
        read = re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label)
        assert plain(by_name[name].label) in read
        assert read.startswith(STATUS_WORDS[by_name[name].status])
        assert by_name[name].status == status
        assert not set(re.sub(r"#\d+;", "", label)) & set('"<>&`;\\{}[]()|%#')
    arrows = re.findall(r"^  (s\d+) (?:-->|-\.->) (s\d+)$", text, re.M)
    assert {(by_name[a].id, by_name[b].id) for a, b in arrows} == {(arrow.start, arrow.end) for arrow in picture.arrows}
    assert len(text.splitlines()) == 4 + 2 * len({n.column for n in picture.nodes}) + len(steps) + len(arrows) + 5


@BOTH
def test_dot_has_every_step_and_arrow_in_quoted_strings(picture: Picture) -> None:
    text = dot(picture)
    steps = re.findall(r'^    (s\d+) \[label="((?:[^"\\]|\\.)*)", style="([\w,]+)"', text, re.M)
    by_name = {f"s{number}": node for number, node in enumerate(picture.nodes, 1)}
    assert {name for name, _, _ in steps} == by_name.keys()
    for name, label, _ in steps:
        assert plain(by_name[name].label) in re.sub(r"\\(.)", r"\1", label)
    arrows = re.findall(r"^  (s\d+) -> (s\d+) \[style=\w+\]$", text, re.M)
    assert {(by_name[a].id, by_name[b].id) for a, b in arrows} == {(arrow.start, arrow.end) for arrow in picture.arrows}


@pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not installed")
@BOTH
def test_graphviz_reads_the_dot_file(picture: Picture) -> None:
    done = subprocess.run(["dot", "-Tcanon"], input=dot(picture), capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_without_the_extra_a_png_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(MissingExtraError, match=r"pip install \"pathways\[png\]\""):
        png(svg(reading_plan()))


def test_a_png_of_absurd_size_is_refused() -> None:
    for zoom in (0.0, -1.0, 5.0, float("nan")):
        with pytest.raises(ValueError, match="more than 0, at most 4"):
            png(svg(reading_plan()), zoom=zoom)


@pytest.mark.skipif(importlib.util.find_spec("resvg_py") is None, reason="the extra png is not installed")
def test_a_png_has_the_size_of_the_drawing_and_its_white_ground() -> None:
    drawn = svg(reading_plan())
    image = png(drawn, zoom=2.0)
    wide, high = (int(re.search(rf'{name}="(\d+)"', drawn)[1]) for name in ("width", "height"))  # type: ignore[index]
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(image[16:20], "big"), int.from_bytes(image[20:24], "big")) == (2 * wide, 2 * high)
    assert png(drawn) == image
