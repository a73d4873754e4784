"""Places a rule can belong to: nation, state, district, institution.

A place is where a rule binds. A national rule binds everywhere in the nation; a state's rule in that state; a district's or
institution's rule only there. Codes follow ISO 3166-2 (``US-OH``).
"""

from __future__ import annotations

from dataclasses import dataclass

from pathways.errors import QuestionError

#: United States and its states, territories and federal district, by ISO 3166-2 code.
STATES = {
    "US-AL": "Alabama", "US-AK": "Alaska", "US-AZ": "Arizona", "US-AR": "Arkansas", "US-CA": "California",
    "US-CO": "Colorado", "US-CT": "Connecticut", "US-DE": "Delaware", "US-DC": "District of Columbia", "US-FL": "Florida",
    "US-GA": "Georgia", "US-HI": "Hawaii", "US-ID": "Idaho", "US-IL": "Illinois", "US-IN": "Indiana", "US-IA": "Iowa",
    "US-KS": "Kansas", "US-KY": "Kentucky", "US-LA": "Louisiana", "US-ME": "Maine", "US-MD": "Maryland",
    "US-MA": "Massachusetts", "US-MI": "Michigan", "US-MN": "Minnesota", "US-MS": "Mississippi", "US-MO": "Missouri",
    "US-MT": "Montana", "US-NE": "Nebraska", "US-NV": "Nevada", "US-NH": "New Hampshire", "US-NJ": "New Jersey",
    "US-NM": "New Mexico", "US-NY": "New York", "US-NC": "North Carolina", "US-ND": "North Dakota", "US-OH": "Ohio",
    "US-OK": "Oklahoma", "US-OR": "Oregon", "US-PA": "Pennsylvania", "US-RI": "Rhode Island", "US-SC": "South Carolina",
    "US-SD": "South Dakota", "US-TN": "Tennessee", "US-TX": "Texas", "US-UT": "Utah", "US-VT": "Vermont",
    "US-VA": "Virginia", "US-WA": "Washington", "US-WV": "West Virginia", "US-WI": "Wisconsin", "US-WY": "Wyoming",
    "US-AS": "American Samoa", "US-GU": "Guam", "US-MP": "Northern Mariana Islands", "US-PR": "Puerto Rico",
    "US-VI": "U.S. Virgin Islands",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule binds, or where a learner works.

    Parameters
    ----------
    nation : str or None
        ``"US"``; ``None`` means anywhere (a rule of an international issuer).
    state : str or None
        ISO 3166-2 code such as ``"US-OH"``.
    district, institution : str or None
        Names as their own pages give them.
    """

    nation: str | None = None
    state: str | None = None
    district: str | None = None
    institution: str | None = None

    def __str__(self) -> str:
        """Most specific part first: ``Aurora Public Schools, Colorado``."""
        state = STATES.get(self.state, self.state) if self.state else None
        nation = None if state else self.nation
        return ", ".join(part for part in (self.institution, self.district, state, nation) if part) or "anywhere"


ANYWHERE = Place()

#: Nations and territories, by ISO 3166-1 two-letter code.
NATIONS = frozenset({
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE",
    "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD",
    "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM",
    "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF",
    "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU",
    "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN",
    "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME",
    "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA",
    "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM",
    "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI",
    "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK",
    "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI",
    "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW",
})  # fmt: skip


def parse_place(code: str, *, district: str | None = None) -> Place:
    """Read ``US``, ``US-OH``, ``OH`` or ``Ohio``; the code of another nation, or of a part of one, is kept as given.

    Raises
    ------
    QuestionError
        If the code has no such form, or there is no such state or nation.

    Examples
    --------
    >>> parse_place("Ohio").state
    'US-OH'
    """
    text = code.strip()
    upper = text.upper()
    by_name = {name.casefold(): state for state, name in STATES.items()}
    if text.casefold() in by_name:
        return Place("US", by_name[text.casefold()], district)
    if f"US-{upper}" in STATES:
        return Place("US", f"US-{upper}", district)
    nation, dash, subdivision = upper.partition("-")
    if len(nation) == 2 and nation.isalpha() and (not dash or (subdivision.isalnum() and len(subdivision) <= 3)):
        if nation == "US" and dash and upper not in STATES:
            message = f'"{code[:40]}" is not a US state. Expected a code such as US-OH, or a name such as Ohio.'
            raise QuestionError(message)
        if nation not in NATIONS:
            message = (
                f'"{code[:40]}" is no US state and no nation (ISO 3166). Expected a code such as US-OH, or a name such as Ohio.'
            )
            raise QuestionError(message)
        return Place(nation, upper if dash else None, district)
    message = f'"{code[:40]}" is not a place. Expected a code such as US-OH, or a state name such as Ohio.'
    raise QuestionError(message)


def elsewhere(theirs: Place, mine: Place, bound: str = "Its issuer is there") -> str:
    """What to say of something of another state than one's own; empty where both are the same or one is not known.

    Examples
    --------
    >>> elsewhere(Place("US", "US-OH"), Place("US", "US-TN"))
    'Belongs to Ohio. Its issuer is there; nothing in this catalog says Tennessee accepts it.'
    >>> elsewhere(Place("US"), Place("US", "US-TN"))
    ''
    """
    if theirs.state is None or mine.state is None or theirs.state == mine.state:
        return ""
    there, here = Place(theirs.nation, theirs.state), Place(mine.nation, mine.state)
    return f"Belongs to {there}. {bound}; nothing in this catalog says {here} accepts it."


def binds(rule: Place, here: Place) -> bool:
    """Whether a rule of one place binds a person in another.

    A part the rule names must be the person's; a rule of an institution binds nobody by place alone (it binds its own students).

    Examples
    --------
    >>> binds(Place("US", "US-OH"), Place("US", "US-OH", "Columbus City Schools"))
    True
    >>> binds(Place("US", "US-OH"), Place("US"))
    False
    """
    if rule.institution is not None and rule.institution != here.institution:
        return False
    pairs = ((rule.nation, here.nation), (rule.state, here.state), (rule.district, here.district))
    return all(mine is None or _same(mine, theirs) for mine, theirs in pairs)


def _same(mine: str, theirs: str | None) -> bool:
    return theirs is not None and mine.casefold() == theirs.casefold()
