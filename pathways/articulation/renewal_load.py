"""The renewal load of a place, and the values of progress toward it.

A target is written ``renewal:US-TN``, or ``renewal:US-IL:administrators`` where the load depends on who renews. What of a load is
done is :mod:`pathways.articulation.renewal`; what would close the rest :mod:`pathways.articulation.renewal_ways`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from pathways.articulation.conversion import binds_here, same_unit, unit_key
from pathways.articulation.policies import Policy
from pathways.credential import Source
from pathways.errors import QuestionError
from pathways.places import Place, parse_place
from pathways.units import CreditValue, show, unit_words

PREFIX = "renewal:"

UncountedReason = Literal[
    "no rule found", "other unit", "amount not stated", "not granted yet", "outside the cycle", "date not stated",
    "same item twice", "over a cap", "refused",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class RenewalTarget:
    """Whose renewal is meant: the state, and who renews where that matters."""

    place: Place
    audience: str | None = None

    def __str__(self) -> str:
        """The text form, ``renewal:US-TN``."""
        tail = f":{self.audience}" if self.audience else ""
        return f"{PREFIX}{self.place.state or self.place.nation}{tail}"


@dataclass(frozen=True, slots=True)
class LoadOption:
    """One way a place states its load; ``unverified`` where no current page of the place was read."""

    load: CreditValue
    period_months: int | None
    audience: str | None
    sources: tuple[Source, ...]
    unverified: bool
    rule: str


@dataclass(frozen=True, slots=True)
class LoadPart:
    """A named share inside a load: at least (``minimum``) or at most so much of one category, or a share in words."""

    category: str
    amount: CreditValue | None
    minimum: bool
    audience: str | None
    rule: str
    source: Source


@dataclass(frozen=True, slots=True)
class RenewalLoad:
    """The load of one place.

    Parameters
    ----------
    option : LoadOption
        The load used; ``alternatives`` are its other units or audiences, current ones first.
    parts : tuple of LoadPart
        Category minimums and caps. What an item's category is, no row says: they are shown, not computed.
    carry_over : bool or None
        Whether a surplus carries into the next cycle; None where no source says.
    """

    target: RenewalTarget
    option: LoadOption
    alternatives: tuple[LoadOption, ...] = ()
    parts: tuple[LoadPart, ...] = ()
    carry_over: bool | None = None
    notes: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """Unit of the load in use."""
        return self.option.load.unit

    def __str__(self) -> str:
        """Render as ``60 PDP`` or ``180 Act 48 hours per 5 years``."""
        months = self.option.period_months
        amount = self.option.load.amount
        text = f"{show(amount)} {unit_words(self.unit, amount)}"
        if months is None:
            return text
        years = f"{show(Fraction(months, 12))} years" if months != 12 else "year"
        return f"{text} per {years}"


@dataclass(frozen=True, slots=True)
class Counted:
    """Something that counts, in the unit of the load; ``achievement`` is None for progress the learner reported as a sum."""

    label: str
    amount: CreditValue
    achievement: int | None
    sources: tuple[Source, ...]
    how: str
    policy_id: str | None = None


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Something that does not count, or not in full, and why."""

    label: str
    reason: UncountedReason
    sentence: str
    achievement: int | None = None


@dataclass(frozen=True, slots=True)
class RenewalProgress:
    """How far a renewal is.

    Parameters
    ----------
    done, remaining : CreditValue
        In the unit of the load; ``remaining`` is zero where ``done`` reaches it.
    surplus : CreditValue
        What is done beyond the load.
    effects : tuple of str
        What caps took away, and shares of the load that no row lets the record prove.
    """

    load: RenewalLoad
    done: CreditValue
    remaining: CreditValue
    surplus: CreditValue
    counted: tuple[Counted, ...]
    uncounted: tuple[Uncounted, ...]
    effects: tuple[str, ...]
    on: date

    @property
    def unit(self) -> str:
        """Unit of the load."""
        return self.load.unit


def parse_renewal_target(text: str) -> RenewalTarget:
    """Read ``renewal:US-TN`` or ``renewal:US-IL:administrators``.

    Raises
    ------
    QuestionError
        If it does not start with ``renewal:`` or names no place.

    Examples
    --------
    >>> parse_renewal_target("renewal:US-TN").place.state
    'US-TN'
    """
    cleaned = text.strip()
    if not cleaned.casefold().startswith(PREFIX):
        message = f'"{cleaned[:60]}" is not a renewal target. Expected renewal: and a place, such as renewal:US-TN.'
        raise QuestionError(message)
    code, _, audience = cleaned[len(PREFIX) :].partition(":")
    return RenewalTarget(parse_place(code), audience.strip() or None)


def load_for(target: RenewalTarget, policies: Sequence[Policy], *, unit: str | None = None) -> RenewalLoad | None:
    """The renewal load of a place; None where no row states one.

    Parameters
    ----------
    target : RenewalTarget
        Place, and who renews.
    policies : sequence of Policy
        All rows; ``renewal_load`` rows of the place itself are used.
    unit : str, optional
        Prefer the alternative in this unit (Georgia states its load in four).

    Returns
    -------
    RenewalLoad or None
        Current rows come before unverified ones; a superseded row is used only where nothing else is known.
    """
    rows = [row for row in policies if row.kind == "renewal_load" and _of_place(row, target)]
    options = _options(target, rows)
    if not options:
        return None
    chosen = next((option for option in options if unit and same_unit(option.load.unit, unit)), options[0])
    rest = tuple(option for option in options if option is not chosen)
    return RenewalLoad(target, chosen, rest, _parts(target, rows), _carry_over(rows), _notes(rows))


def _of_place(row: Policy, target: RenewalTarget) -> bool:
    """Rows of the state for its teachers; a row on one credential's upkeep counts only where that audience is named."""
    if row.place.institution is not None or row.place.district is not None or not binds_here(row.place, target.place):
        return False
    return row.applies_to == () or (target.audience is not None and _audience_fits(row, target))


def _audience_fits(row: Policy, target: RenewalTarget) -> bool:
    return row.audience is None or target.audience is None or target.audience.casefold() in row.audience.casefold()


def _options(target: RenewalTarget, rows: list[Policy]) -> list[LoadOption]:
    order = {"current": 0, "unverified": 1, "superseded": 2}
    base = [row for row in rows if row.load is not None and row.load_unit and row.category is None and row.computable]
    fitting = [row for row in base if _audience_fits(row, target)]
    if any(row.standing != "superseded" for row in fitting):
        fitting = [row for row in fitting if row.standing != "superseded"]
    found: list[LoadOption] = []
    for row in sorted(fitting, key=lambda row: (order[row.standing], target.audience is not None and row.audience is None)):
        assert row.load is not None
        assert row.load_unit is not None
        option = LoadOption(
            CreditValue(row.load, row.load_unit),
            row.period_months,
            row.audience,
            (row.source,),
            row.standing != "current",
            row.rule,
        )
        if not any(_same_option(option, other) for other in found):
            found.append(option)
    return found or _summed(target, rows)


def _same_option(one: LoadOption, other: LoadOption) -> bool:
    """Whether an option repeats one already listed (a secondary table beside the state's own figure)."""
    same = one.load.amount == other.load.amount and same_unit(one.load.unit, other.load.unit)
    return same and (one.audience == other.audience or one.unverified)


def _summed(target: RenewalTarget, rows: list[Policy]) -> list[LoadOption]:
    """Where a place states only a mix by category for each audience, its total is the load (North Carolina)."""
    by_audience: dict[str, list[Policy]] = {}
    for row in rows:
        if row.category and row.audience and row.load is not None and row.load_unit and _audience_fits(row, target):
            by_audience.setdefault(row.audience, []).append(row)
    found: list[LoadOption] = []
    for audience, mix in by_audience.items():
        units = {unit_key(row.load_unit or "") for row in mix}
        if len(mix) < 2 or len(units) != 1:
            continue
        total = sum((row.load or Fraction(0) for row in mix), Fraction(0))
        unverified = any(row.standing != "current" for row in mix)
        words = f"sum of the stated mix: {', '.join(row.category or '' for row in mix)}"
        found.append(
            LoadOption(
                CreditValue(total, mix[0].load_unit or ""), mix[0].period_months, audience,
                tuple(dict.fromkeys(row.source for row in mix)), unverified, words,
            )
        )  # fmt: skip
    return found


def _parts(target: RenewalTarget, rows: list[Policy]) -> tuple[LoadPart, ...]:
    found: list[LoadPart] = []
    for row in rows:
        if row.category is None or not _audience_fits(row, target):
            continue
        capped = row.cap is not None and row.cap_unit is not None
        amount = CreditValue(row.cap or Fraction(0), row.cap_unit or "") if capped else None
        if not capped and row.load is not None and row.load_unit is not None and row.unit != "percent":
            amount = CreditValue(row.load, row.load_unit)
        found.append(LoadPart(row.category, amount, not capped, row.audience, row.rule, row.source))
    return tuple(found)


def _carry_over(rows: list[Policy]) -> bool | None:
    said = {row.carry_over for row in rows if row.category is None} - {None}
    return said.pop() if len(said) == 1 else None


def _notes(rows: list[Policy]) -> tuple[str, ...]:
    """Rows that state no amount, in their own words."""
    return tuple(f"{row.rule}: {row.value} {row.unit}" for row in rows if row.load is None and row.cap is None)
