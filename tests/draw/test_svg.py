"""The drawing is valid XML, says everything in words, never by color alone, and can be read in every theme."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings

from pathways.draw.layout import CARD, PADDING
from pathways.draw.look import BORDERS, MARKS, PALETTES, THEMES, Theme, look, stylesheet
from pathways.draw.marks import safe_address
from pathways.draw.picture import STATUS_WORDS, STATUSES, Arrow, Column, Node, Picture, PictureError, neighborhood, table_needed
from pathways.draw.svg import svg
from pathways.draw.text import is_right_to_left, plain, width, wrap
from tests.draw.pictures import ODD_LABELS, layered, odd_picture, pictures, reading_plan

SVG = "{http://www.w3.org/2000/svg}"


def items(drawn: str) -> list[ET.Element]:
    """The steps of a drawing."""
    root = ET.fromstring(drawn)
    assert root.get("role") == "list"
    return [child for child in root if child.get("role") == "listitem"]


def words(element: ET.Element) -> str:
    """Text that is drawn inside an element."""
    texts = [piece for text in element.iter(f"{SVG}text") for piece in text.itertext()]
    return " ".join(" ".join(texts).replace("\u2067", "").replace("\u2069", "").split())


@given(pictures())
@settings(max_examples=50, deadline=None)
def test_any_picture_is_valid_xml_with_one_item_for_each_step(picture: Picture) -> None:
    found = items(svg(picture))
    assert len(found) == len(picture.nodes)


def test_every_step_is_a_list_item_with_its_status_label_and_details_as_text() -> None:
    picture = reading_plan()
    drawn = sorted(words(item) for item in items(svg(picture)))
    expected = sorted(" ".join((STATUS_WORDS[node.status], node.label, *node.detail)) for node in picture.nodes)
    assert drawn == expected


def test_a_link_is_named_by_its_own_text_and_nothing_else() -> None:
    picture = reading_plan()
    found = {a.get("href"): words(a) for item in items(svg(picture)) for a in item.iter(f"{SVG}a")}
    assert found == {node.href: node.label for node in picture.nodes if node.href}
    assert 'aria-label="' not in svg(picture)


def test_arrows_marks_and_headings_are_hidden_from_screen_readers_and_the_picture_is_named() -> None:
    root = ET.fromstring(svg(reading_plan()))
    shown = [child for child in root if child.tag == f"{SVG}g" and child.get("aria-hidden") != "true"]
    assert all(child.get("role") == "listitem" for child in shown)
    assert all(path.get("aria-hidden") == "true" for item in shown for path in item.iter(f"{SVG}path"))
    ids = {element.get("id"): element for element in root if element.get("id")}
    assert ids[root.get("aria-labelledby")].text == reading_plan().title
    assert "12 steps by term: Earned, Fall 2026" in (ids[root.get("aria-describedby")].text or "")


def test_there_is_no_script_no_style_and_nothing_from_outside() -> None:
    for picture in (reading_plan(), odd_picture()):
        drawn = svg(picture)
        tags = {element.tag for element in ET.fromstring(drawn).iter()}
        assert tags == {SVG + name for name in ("svg", "title", "desc", "rect", "g", "path", "text", "tspan", "a")}
        assert not re.search(r"(?:url\(|@import|xlink|\son\w+=|style=)", re.sub(r">[^<]*<", "><", drawn))


def test_all_classes_carry_the_prefix() -> None:
    names = {name for element in ET.fromstring(svg(odd_picture())).iter() for name in (element.get("class") or "").split()}
    assert names
    assert all(name.startswith("pw-") for name in names)


def test_addresses_that_would_run_something_are_no_links() -> None:
    bad = ("javascript:alert(1)", " JaVa\tScript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "", " ")
    assert [safe_address(href) for href in bad] == [None] * len(bad)
    picture = Picture("p", (Column("c"),), (Node("a", "A", 0, "next", (), "java\nscript:alert(1)"),))
    assert "<a" not in svg(picture)
    assert [safe_address(href) for href in ("/x?y=1", "https://example.edu/a", "#s", "a/b")] == [
        "/x?y=1",
        "https://example.edu/a",
        "#s",
        "a/b",
    ]


def test_difficult_labels_come_through_whole_or_end_in_an_ellipsis() -> None:
    picture = odd_picture()
    by_label = {node.id: node for node in picture.nodes}
    titles = [item.findtext(f"{SVG}title") for item in items(svg(picture))]
    drawn = {re.sub(r"\s", "", words(item)) for item in items(svg(picture))}
    for node in by_label.values():
        label = re.sub(r"\s", "", plain(node.label))
        whole = any(label in text for text in drawn)
        assert whole or plain(node.label) in titles, node.label


@pytest.mark.parametrize("label", ODD_LABELS)
@pytest.mark.parametrize("bold", [True, False])
def test_wrapped_lines_fit_and_lose_nothing(label: str, bold: bool) -> None:
    room = CARD - 2 * PADDING
    lines = wrap(label, room, 14, bold=bold)
    assert all(width(line, 14, bold=bold) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(plain(label).split())
    few = wrap(label, room, 14, bold=bold, most=2)
    assert len(few) <= 2
    assert all(width(line, 14, bold=bold) <= room for line in few)
    assert (few[-1][-1:] == "…") == (len(lines) > 2)


def test_accents_stay_with_their_letter_when_a_long_word_is_broken() -> None:
    lines = wrap("e\u0301" * 200, 100, 14)
    assert len(lines) > 1
    assert all(line.startswith("e") for line in lines)


def test_text_that_runs_right_to_left_stands_at_the_right() -> None:
    assert [is_right_to_left(text) for text in ("שלום EDU", "EDU שלום", "123 שלום", "12")] == [True, False, True, False]
    picture = Picture("p", (Column("c"),), (Node("a", "שלום", 0, "next"),))
    item = items(svg(picture))[0]
    span = next(text for text in item.iter(f"{SVG}text") if text.get("class") == "pw-label")
    rect = next(item.iter(f"{SVG}rect"))
    assert span.get("text-anchor") == "end"
    assert float(span[0].get("x", "0")) == float(rect.get("x", "0")) + CARD - PADDING


def test_the_whole_card_is_the_target_of_its_link() -> None:
    for item in items(svg(reading_plan())):
        face, *hits = item.iter(f"{SVG}rect")
        assert len(hits) == len(list(item.iter(f"{SVG}a")))
        assert all(hit.get(side) == face.get(side) for hit in hits for side in ("x", "y", "width", "height"))


def test_no_text_is_smaller_than_twelve_pixels() -> None:
    for picture in (reading_plan(), odd_picture(), layered(1, 70, 6, 80)):
        sizes = [float(element.get("font-size", "0")) for element in ET.fromstring(svg(picture)).iter(f"{SVG}text")]
        assert sizes
        assert min(sizes) >= 12


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_text_has_a_contrast_of_four_and_a_half_and_lines_of_three(theme: Theme) -> None:
    palette = PALETTES[theme]
    for ground in (palette.paper, palette.band):
        assert contrast(palette.ink, ground) >= 4.5
        assert contrast(palette.ink_2, ground) >= 4.5
        assert contrast(palette.edge, ground) >= 3
    for ink, fill in palette.faces.values():
        assert all(contrast(text, fill) >= 4.5 for text in (ink, palette.ink, palette.ink_2, palette.link))
        assert contrast(ink, palette.band) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_colors_drawn_are_those_of_the_theme_and_light_and_print_stand_on_white(theme: Theme) -> None:
    palette = PALETTES[theme]
    known = {palette.paper, palette.band, palette.band_edge, palette.ink, palette.ink_2, palette.edge, palette.link, "none"}
    known |= {color for face in palette.faces.values() for color in face}
    root = ET.fromstring(svg(odd_picture(), theme=theme))
    assert {element.get(key) for element in root.iter() for key in ("fill", "stroke") if element.get(key)} <= known
    assert all(element.get("fill") for tag in ("rect", "text", "path") for element in root.iter(SVG + tag)), (
        "nothing falls back to black"
    )
    paper = next(element for element in root if element.get("class") == "pw-paper")
    assert (paper.get("width"), paper.get("height")) == (root.get("width"), root.get("height"))
    if theme != "dark":
        assert paper.get("fill") == "#ffffff"


def test_status_is_never_color_alone() -> None:
    for theme in THEMES:
        table = look(theme)
        uncolored = {}
        for status in STATUSES:
            border = {k: v for k, v in table[f"pw-face pw-{status}"].items() if k not in ("fill", "stroke")}
            uncolored[status] = (tuple(sorted(border.items())), MARKS[status], STATUS_WORDS[status])
        for one, other in combinations(STATUSES, 2):
            assert uncolored[one][1] != uncolored[other][1]
            assert uncolored[one][2] != uncolored[other][2]
            if {one, other} != {"next", "target"}:
                assert BORDERS[one] != BORDERS[other]
    for item, node in zip(items(svg(reading_plan())), items(svg(reading_plan(), theme="print")), strict=True):
        assert words(item) == words(node)
        assert len(list(item.iter(f"{SVG}path"))) == 1


def test_the_stylesheet_names_every_class_of_the_look() -> None:
    text = stylesheet("dark")
    for name, attributes in look("dark").items():
        assert f".pw-picture .{name.replace(' ', '.')}{{" in text
        assert all(f"{key}:{value}" in text for key, value in attributes.items())


def test_lines_are_explained_where_there_are_several_kinds() -> None:
    drawn = "".join(ET.fromstring(svg(reading_plan())).itertext())
    assert all(text in drawn for text in ("needed before or at the same time", "counts toward", "data version 2026.11"))
    alone = Picture("p", (Column("a"), Column("b")), (Node("x", "X", 0, "next"), Node("y", "Y", 1, "target")), (Arrow("x", "y"),))
    assert "needed before" not in "".join(ET.fromstring(svg(alone)).itertext())


def test_the_same_picture_is_always_drawn_the_same() -> None:
    assert svg(odd_picture()) == svg(odd_picture())


def test_two_pictures_on_one_page_do_not_share_ids() -> None:
    first, second = (set(re.findall(r' id="([^"]+)"', svg(picture))) for picture in (reading_plan(), odd_picture()))
    assert first
    assert not first & second


def test_above_sixty_steps_a_table_is_asked_for_and_the_neighborhood_is_drawn() -> None:
    assert not table_needed(layered(1, 60, 6, 80))
    large = layered(1, 90, 8, 140)
    assert table_needed(large)
    near = {arrow.start for arrow in large.arrows if arrow.end == "n40"} | {
        arrow.end for arrow in large.arrows if arrow.start == "n40"
    }
    chosen = neighborhood(large, "n40", most=len(near) + 1)
    assert {node.id for node in chosen.nodes} == near | {"n40"}
    assert {(a.start, a.end) for a in chosen.arrows} == {
        (a.start, a.end) for a in large.arrows if {a.start, a.end} <= near | {"n40"}
    }
    old = {node.id: large.columns[node.column].name for node in large.nodes}
    assert all(chosen.columns[node.column].name == old[node.id] for node in chosen.nodes)
    drawn = svg(large, around="n40")
    assert len(items(drawn)) == 24
    assert "Near “EDU 540 Course number 40 of a long program”: 24 of 90 steps." in "".join(ET.fromstring(drawn).itertext())
    with pytest.raises(PictureError, match="no step is called 'nobody'"):
        svg(large, around="nobody")


def test_an_empty_picture_says_so() -> None:
    for picture in (Picture("", (), ()), Picture("Plan", (Column("Fall"),), ())):
        assert "No steps to show." in "".join(ET.fromstring(svg(picture)).itertext())


def test_without_heading_the_title_is_not_drawn_but_still_names_the_picture() -> None:
    root = ET.fromstring(svg(reading_plan(), heading=False))
    assert not [text for text in root.iter(f"{SVG}text") if text.get("class") == "pw-title"]
    assert root.findtext(f"{SVG}title") == reading_plan().title


@pytest.mark.parametrize(
    ("nodes", "arrows", "message"),
    [
        ((Node("a", "A", 0, "next"), Node("a", "B", 0, "next")), (), "twice"),
        ((Node("a", "A", 1, "next"),), (), "column 1; expected 0 to 0"),
        ((Node("a", "A", -1, "next"),), (), "column -1"),
        ((Node("a", "A", 0, "done"),), (), "expected one of earned, next"),  # type: ignore[arg-type]
        ((Node("a", "A", 0, "next"),), (Arrow("a", "b"),), "no step is called 'b'"),
        ((Node("a", "A", 0, "next"),), (Arrow("a", "a"),), "cannot lead to itself"),
        ((Node("a", "A", 0, "next"), Node("b", "B", 0, "next")), (Arrow("a", "b"), Arrow("a", "b", "with")), "twice"),
        ((Node("a", "A", 0, "next"), Node("b", "B", 0, "next")), (Arrow("a", "b", "leads"),), "expected one of needs"),  # type: ignore[arg-type]
    ],
)
def test_a_picture_that_does_not_fit_together_says_why(nodes: tuple[Node, ...], arrows: tuple[Arrow, ...], message: str) -> None:
    with pytest.raises(PictureError, match=message):
        Picture("p", (Column("c"),), nodes, arrows)


def test_an_unknown_theme_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no theme 'sepia'; expected one of light, dark, print"):
        svg(reading_plan(), theme="sepia")  # type: ignore[arg-type]
