"""Credentials baked into pictures: found without decoding a pixel, and damaged or hostile pictures refused with a reason."""

from __future__ import annotations

import struct
import zlib

import pytest

from pathways.badges.errors import BadgeFileError
from pathways.badges.png import MAX_CHUNKS, baked_in_png
from pathways.badges.read import read
from pathways.badges.svg import baked_in_svg
from tests.badges.makers import badge, baked, chunk, encoded, header, in_svg, png, svg, text_chunk

MOST = 1000


def refused_png(data: bytes) -> str:
    with pytest.raises(BadgeFileError) as caught:
        baked_in_png(data, most=MOST)
    assert str(caught.value) == caught.value.text
    return caught.value.code


def refused_svg(data: bytes) -> str:
    with pytest.raises(BadgeFileError) as caught:
        baked_in_svg(data, most=MOST)
    return caught.value.code


def test_text_is_found_plain_or_packed_under_either_keyword() -> None:
    packed = zlib.compress(b"{}")
    assert baked_in_png(png(text_chunk(b"{}")), most=MOST) == b"{}"
    assert baked_in_png(png(text_chunk(b"{}", b"openbadges")), most=MOST) == b"{}"
    assert baked_in_png(png(text_chunk(packed, flags=b"\1\0")), most=MOST) == b"{}"
    assert baked_in_png(png(chunk(b"tEXt", b"openbadges\0{}"), text_chunk(b"[]")), most=MOST) == b"[]"


def test_a_picture_of_any_size_costs_what_its_file_costs() -> None:
    huge = png(text_chunk(b"{}"), first=header(60_000, 60_000))
    assert baked_in_png(huge, most=MOST) == b"{}"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (png(), "nothing_baked"),
        (png(text_chunk(b"{}"), text_chunk(b"{}")), "two_credentials"),
        (png(text_chunk(b"{}"), text_chunk(b"{}", b"openbadges")), "two_credentials"),
        (png(text_chunk(b"x" * (MOST + 1))), "too_large"),
        (png(text_chunk(zlib.compress(b"x" * (MOST + 1)), flags=b"\1\0")), "too_large"),
        (png(text_chunk(zlib.compress(b"x" * 50)[:-6], flags=b"\1\0")), "broken_png"),
        (png(text_chunk(b"no zlib", flags=b"\1\0")), "broken_png"),
        (png(text_chunk(b"{}", flags=b"\1\1")), "broken_png"),
        (png(chunk(b"iTXt", b"openbadgecredential\0")), "broken_png"),
        (png(chunk(b"iTXt", b"openbadgecredential\0\0\0no end")), "broken_png"),
        (png(text_chunk(b"{}"))[:-20], "broken_png"),
        (png(text_chunk(b"{}")).replace(b"IDAT", b"IDAX"), "broken_png"),
        (png(text_chunk(b"{}"), first=b""), "broken_png"),
        (b"\x89PNG\r\n\x1a\n" + struct.pack(">I4s", 2**31, b"IHDR") + b"x" * 20, "broken_png"),
        (b"GIF89a", "broken_png"),
        (png(*[chunk(b"tEXt", b"")] * (MAX_CHUNKS + 1)), "broken_png"),
    ],
)
def test_a_damaged_picture_is_refused(data: bytes, code: str) -> None:
    assert refused_png(data) == code


def test_what_follows_the_picture_is_not_looked_at() -> None:
    assert baked_in_png(png(text_chunk(b"{}")) + text_chunk(b"[]"), most=MOST) == b"{}"


def test_a_drawing_holds_its_credential_as_text_or_as_a_token() -> None:
    assert baked_in_svg(svg(in_svg({"a": 1})), most=MOST) == b'{"a": 1}'
    assert baked_in_svg(svg('<openbadges:credential verify="a.b.c"/>'), most=MOST) == b"a.b.c"
    assert baked_in_svg(svg('<ob2:assertion verify="https://issuer.example/a"> {} </ob2:assertion>'), most=MOST) == b"{}"
    assert baked_in_svg(svg("<g><openbadges:credential>{}</openbadges:credential></g>"), most=MOST) == b"{}"


@pytest.mark.parametrize(
    "before",
    [
        '<?xml version="1.0" encoding="utf-8"?>\n<!-- made by - a program -->\n',
        '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        "<!DOCTYPE svg>",
    ],
)
def test_what_drawing_programs_write_before_a_drawing_does_no_harm(before: str) -> None:
    assert baked_in_svg(svg(in_svg([]), before=before), most=MOST) == b"[]"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (svg(""), "nothing_baked"),
        (svg(in_svg(1) + in_svg(2)), "two_credentials"),
        (svg(f"<openbadges:credential>{in_svg(1)}</openbadges:credential>"), "broken_svg"),
        (svg(in_svg("x" * MOST)), "too_large"),
        (svg(f'<openbadges:credential verify="{"x" * 2000}"/>'), "too_large"),
        (svg("<g>" * 50_000), "too_deep"),
        (svg("<g>"), "broken_svg"),
        (b"<svg", "broken_svg"),
        (b'<?xml version="1.0" encoding="utf-7"?><svg/>', "broken_svg"),
        (b'<?xml version="1.0" encoding="no-such"?><svg/>', "broken_svg"),
        (svg(in_svg(1), before='<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "forbidden_xml"),
        (svg(in_svg(1), before='<!DOCTYPE svg [<!ENTITY x SYSTEM "http://127.0.0.1:1/">]>'), "forbidden_xml"),
        (svg(in_svg(1), before='<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'), "forbidden_xml"),
        (svg(in_svg(1), before='<!DOCTYPE svg SYSTEM "a.dtd"><!DOCTYPE svg SYSTEM "b.dtd">'), "forbidden_xml"),
        (svg(in_svg(1), before="<!DOCTYPE html>"), "forbidden_xml"),
    ],
)
def test_a_hostile_drawing_is_refused(data: bytes, code: str) -> None:
    assert refused_svg(data) == code


def test_a_script_beside_the_credential_is_never_kept() -> None:
    [reading] = read(svg(f"<script>alert(1)</script>{in_svg(badge())}"), name="badge.svg")
    assert reading.problems == ()
    assert "alert" not in repr((reading, reading.document))


def test_the_document_type_inside_the_credential_is_not_cut_out() -> None:
    """Only what stands before the drawing is; the credential's own text is signed."""
    inside = {"a": '<!DOCTYPE svg PUBLIC "x" "y">'}
    assert baked_in_svg(svg(in_svg(inside)), most=MOST) == b'{"a": "<!DOCTYPE svg PUBLIC \\"x\\" \\"y\\">"}'


def test_a_badge_may_lie_in_a_large_picture() -> None:
    data = png(text_chunk(encoded(badge())), chunk(b"tEXt", b"x" * 2_000_000))
    [reading] = read(data, name="large.png")
    assert reading.problems == ()
    assert reading.badge == read(baked(badge()), name="small.png")[0].badge
