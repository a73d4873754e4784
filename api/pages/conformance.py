"""How far the pages meet WCAG 2.2, criterion by criterion: levels A and AA. English, as the forms of universities ask for it.

What is checked by tests is said so; what nobody has checked with people or devices is said too. The API documentation at ``/docs``
comes from a third party and is told apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["supports", "partly", "not applicable"]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One success criterion, whether the pages meet it, and a remark."""

    number: str
    name: str
    level: Literal["A", "AA"]
    verdict: Verdict
    remark: str


_NO_MEDIA = "There is no audio or video."
_DOCS = "The API documentation at /docs is of a third party and falls short; the OpenAPI file is offered beside it."
_AXE = "Checked by axe on every page, light, dark and 320 px wide."

CRITERIA = tuple(
    Criterion(*row)
    for row in (
        ("1.1.1", "Non-text Content", "A", "supports",
         ("Pathway pictures name each step as text and have a list that says the same; bars have their numbers "
         "beside them.")),
        ("1.2.1", "Audio-only and Video-only (Prerecorded)", "A", "not applicable", _NO_MEDIA),
        ("1.2.2", "Captions (Prerecorded)", "A", "not applicable", _NO_MEDIA),
        ("1.2.3", "Audio Description or Media Alternative (Prerecorded)", "A", "not applicable", _NO_MEDIA),
        ("1.2.4", "Captions (Live)", "AA", "not applicable", _NO_MEDIA),
        ("1.2.5", "Audio Description (Prerecorded)", "AA", "not applicable", _NO_MEDIA),
        ("1.3.1", "Info and Relationships", "A", "supports",
         f"Landmarks, headings, lists, tables with scoped headers, labels. {_AXE}"),
        ("1.3.2", "Meaningful Sequence", "A", "supports", "The source is in reading order; nothing is moved by styles."),
        ("1.3.3", "Sensory Characteristics", "A", "supports", "No instruction rests on shape, size, place or color."),
        ("1.3.4", "Orientation", "AA", "supports", "Pages work upright and sideways."),
        ("1.3.5", "Identify Input Purpose", "AA", "not applicable",
         "No field asks for data about the person that the criterion lists."),
        ("1.4.1", "Use of Color", "A", "supports", "Every status has a word, and a border or a mark of its own."),
        ("1.4.2", "Audio Control", "A", "not applicable", _NO_MEDIA),
        ("1.4.3", "Contrast (Minimum)", "AA", "partly",
         f"At least 4.5 to 1 in light and dark, computed from the style sheet by a test. {_DOCS}"),
        ("1.4.4", "Resize Text", "AA", "supports", "Sizes are relative; text grows to 200 % without loss."),
        ("1.4.5", "Images of Text", "AA", "supports", "Pictures are SVG with real text."),
        ("1.4.10", "Reflow", "AA", "supports",
         ("No page scrolls sideways at 320 px, checked by tests; wide tables, boards and pictures scroll in a group "
         "of their own.")),
        ("1.4.11", "Non-text Contrast", "AA", "supports",
         "Borders of controls, focus rings and marks have at least 3 to 1, computed by a test."),
        ("1.4.12", "Text Spacing", "AA", "supports",
         ("No text stands in a box of fixed height. In pictures, labels are drawn at fixed places; the list below is "
         "the equivalent.")),
        ("1.4.13", "Content on Hover or Focus", "AA", "supports", "Nothing appears on hover or focus but the skip link."),
        ("2.1.1", "Keyboard", "A", "supports",
         ("Everything is a link, a button, a field or a disclosure; steps of a plan are moved with a list and a "
         "button.")),
        ("2.1.2", "No Keyboard Trap", "A", "supports", "Tests walk the page of next steps through and out by Tab."),
        ("2.1.4", "Character Key Shortcuts", "A", "supports",
         "Shortcuts in the review queue are off until a person turns them on."),
        ("2.2.1", "Timing Adjustable", "A", "partly",
         ("Nothing on a page is timed. A sign-in, where a server asks for one, ends after some hours without a way "
         "to lengthen it on the page.")),
        ("2.2.2", "Pause, Stop, Hide", "A", "supports", "Only the progress of a caseload moves, and it can be canceled."),
        ("2.3.1", "Three Flashes or Below Threshold", "A", "supports", "Nothing flashes."),
        ("2.4.1", "Bypass Blocks", "A", "supports", "A skip link is the first stop of every page."),
        ("2.4.2", "Page Titled", "A", "supports", "Each title names the page, and on the page of next steps how many were found."),
        ("2.4.3", "Focus Order", "A", "supports",
         ("Tab order is reading order, checked by a test on the page of next steps; after an answer, focus goes to "
         "its heading.")),
        ("2.4.4", "Link Purpose (In Context)", "A", "supports",
         "Links to sources are named by host, inside the sentence of the fact."),
        ("2.4.5", "Multiple Ways", "AA", "supports", "Navigation, search and links between credentials, targets and plans."),
        ("2.4.6", "Headings and Labels", "AA", "supports", _AXE),
        ("2.4.7", "Focus Visible", "AA", "supports", "A ring of 3 px with a gap."),
        ("2.4.11", "Focus Not Obscured (Minimum)", "AA", "supports", "Nothing is fixed over the page."),
        ("2.5.1", "Pointer Gestures", "A", "supports", "No gesture is needed."),
        ("2.5.2", "Pointer Cancellation", "A", "supports", "Controls act on release, as the browser does it."),
        ("2.5.3", "Label in Name", "A", "supports", "Names of controls begin with the visible words."),
        ("2.5.4", "Motion Actuation", "A", "not applicable", "Nothing reacts to motion."),
        ("2.5.7", "Dragging Movements", "AA", "supports", "There is no dragging."),
        ("2.5.8", "Target Size (Minimum)", "AA", "supports",
         "Buttons and fields are at least 32 px high, main buttons 44 px; links inside sentences are exempt."),
        ("3.1.1", "Language of Page", "A", "supports", "English or Spanish, as chosen."),
        ("3.1.2", "Language of Parts", "AA", "partly",
         ("On Spanish pages, facts of the catalog and computed reasons are marked as English; names that are Spanish "
         "in an English fact are not marked. Pages for advisors and evaluators are English only.")),
        ("3.2.1", "On Focus", "A", "supports", "Nothing happens on focus."),
        ("3.2.2", "On Input", "A", "supports", "Choosing in a list changes nothing until a button is pressed."),
        ("3.2.3", "Consistent Navigation", "AA", "supports", "The same header and footer on every page."),
        ("3.2.4", "Consistent Identification", "AA", "supports", "The same words for the same thing; one catalog of strings."),
        ("3.2.6", "Consistent Help", "A", "supports", "Help is the last entry of the navigation on every page."),
        ("3.3.1", "Error Identification", "A", "supports",
         ("Errors are listed at the top and stand beside their field; nothing typed is lost. A file must be chosen "
         "again, as browsers ask for it.")),
        ("3.3.2", "Labels or Instructions", "A", "supports",
         "Each field has a label, and an example where the form of the answer matters."),
        ("3.3.3", "Error Suggestion", "AA", "supports", "An unknown id is answered with the nearest ones."),
        ("3.3.4", "Error Prevention (Legal, Financial, Data)", "AA", "supports",
         ("Decisions are append-only and can be followed by another; changes of a plan can be undone; a caseload is "
         "shown before it starts.")),
        ("3.3.7", "Redundant Entry", "A", "supports", "What was typed stays in the form and goes along to the plan."),
        ("3.3.8", "Accessible Authentication (Minimum)", "AA", "partly",
         "These pages ask for no password. Where a server asks for sign-in, it is the provider's page that decides."),
        ("4.1.2", "Name, Role, Value", "A", "partly", f"{_AXE} {_DOCS}"),
        ("4.1.3", "Status Messages", "AA", "supports",
         "One status line says the outcome of each change that does not load a page."),
    )
)  # fmt: skip
"""Success criteria of levels A and AA in their order; 4.1.1 was removed from WCAG 2.2."""
