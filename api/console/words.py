"""Small pieces of text: prices, hours, places in a list, and strings made safe to print.

Nothing in here knows the terminal or the catalog.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from api.audit_schemas import NodeOut
from api.schemas import FactOut, ItemOut, LedgerOut, Number, UseOut
from pathways.units import unit_words

MOST_USES = 3
_PROOF = {
    "proven": "proven: no shorter way in this catalog",
    "bounds": "an estimate between proven bounds",
    "listed parts only": "listed parts only: the full list is not published",
    "requirements not in this catalog": "its requirements are not in this catalog",
    "unreachable": "no way to it in this catalog",
}


def clean(text: str) -> str:
    r"""One line without control characters, so that no text can move the cursor or change colors.

    Examples
    --------
    >>> clean("reading\x1b[31m\n coach")
    'reading[31m coach'
    """
    kept = (mark if mark.isprintable() else " " if mark.isspace() else "" for mark in text)
    return " ".join("".join(kept).split())


def shorten(text: str, length: int = 300) -> str:
    """The opening of a long text, so that a pasted page does not fill the screen.

    Examples
    --------
    >>> shorten("become a reading specialist", 10)
    'become a ...'
    """
    return text if len(text) <= length else f"{text[:length].rsplit(' ', 1)[0]} ..."


def number(value: Number) -> str:
    """A number in the fewest characters, with thousands marked.

    Examples
    --------
    >>> number(1900), number(4.50), number(7.0)
    ('1,900', '4.5', '7')
    """
    return f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"


def dollars(value: Number) -> str:
    """Money as people write it.

    Examples
    --------
    >>> dollars(50), dollars(49.5), dollars(0)
    ('$50', '$49.50', 'no charge')
    """
    if value == 0:
        return "no charge"
    return f"${value:,.2f}" if value % 1 else f"${value:,.0f}"


def counted(count: Number, noun: str, plural: str = "") -> str:
    """A count with its noun.

    Examples
    --------
    >>> counted(1, "step"), counted(3, "step")
    ('1 step', '3 steps')
    """
    return f"{number(count)} {noun if count == 1 else plural or noun + 's'}"


def price_and_time(cost_usd: Number | None, hours: Number | None) -> str:
    """Price and hours of one item; what is not published is said, never shown as zero.

    Examples
    --------
    >>> price_and_time(75, None)
    '$75 · hours not published'
    """
    price = "price not published" if cost_usd is None else dollars(cost_usd)
    time = "hours not published" if hours is None else counted(hours, "hour")
    return f"{price} · {time}"


def proof(kind: str) -> str:
    """What a proof word means to a reader."""
    return _PROOF.get(kind, kind)


def item(credential: ItemOut) -> str:
    """Name and id of a credential."""
    return f"{clean(credential.name)} ({credential.id})"


def listing(words: Iterable[str], *, most: int = 8) -> str:
    """Words joined by commas; a long list says how many it leaves out.

    Examples
    --------
    >>> listing(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    every = list(words)
    shown = ", ".join(every[:most])
    return shown if len(every) <= most else f"{shown} and {len(every) - most} more"


def grouped(words: Iterable[str]) -> list[str]:
    """Equal words once, with their number, in the order of their first mention.

    Examples
    --------
    >>> grouped(["badge", "exam", "badge"])
    ['2 x badge', 'exam']
    """
    return [name if count == 1 else f"{count} x {name}" for name, count in Counter(words).items()]


def fact_words(fact: FactOut) -> str:
    """How surely a page was read, its date, and a warning where the address is a copy.

    Examples
    --------
    >>> fact_words(FactOut(confidence="stated", date="2025", note="copy of slides, not the issuer's own page"))
    "stated, 2025; copy of slides, not the issuer's own page"
    """
    return f"{fact.confidence}, {fact.date or 'no date'}{f'; {fact.note}' if fact.note else ''}"


def ledger_words(ledger: LedgerOut) -> str:
    """The whole answer of a ledger: its first statement, the conditions it does not name already, and a remark."""
    told = ledger.text.casefold()
    conditions = "; ".join(words.rstrip(".") for words in ledger.conditions if not is_told(words.casefold(), told))
    parts = [ledger.text.rstrip("."), f"Conditions: {conditions}" if conditions else "", ledger.note.rstrip(".")]
    return ". ".join(part for part in parts if part) + "."


def is_told(words: str, told: str) -> bool:
    """Whether a condition stands in a text already, whole or as a title with an amount that both name."""
    title, _, amount = words.partition(": ")
    return words in told or bool(amount and title in told and amount.partition(" (")[0] in told)


def further_uses(ledger: LedgerOut) -> list[UseOut]:
    """Statements to show below the first: the next two, and every one that answers otherwise."""
    after = list(enumerate(ledger.uses))[1:]
    return [use for place, use in after if place < MOST_USES or use.answer != ledger.answer]


def ledger_facts(ledger: LedgerOut) -> list[FactOut]:
    """Sources of the line of a ledger: of its first statement, and of those that stand on no line of their own."""
    first = ledger.uses[0].facts if ledger.uses else []
    below = [fact for use in further_uses(ledger) for fact in use.facts]
    return [*first, *(fact for fact in ledger.facts if fact not in first and fact not in below)]


def requirement_head(node: NodeOut) -> str:
    """What one node asks: its whole words at a leaf, the words before its list where the parts stand below it.

    The words of an inner node repeat all parts (``all of: a; b``), which a reader of the parts does not need.
    """
    if not node.children or node.text == node.children[0].text:
        return node.text
    head = node.text.partition(": ")[0]
    return f"{head} these" if head.endswith((" of", " from")) else head


def requirement_progress(node: NodeOut) -> str:
    """How far one node is, ``6 of 9 semester credits``; empty where met or not met says it all."""
    if node.need > 1:
        return f"{number(node.have)} of {number(node.need)} {unit_words(node.unit, 2)}"
    if node.claims:
        return "can be claimed"
    return "in progress" if node.in_progress else ""
