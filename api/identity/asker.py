"""Who asks: a person or a machine of one institution, with roles that were read a moment ago."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from api.store.location import LOCAL

Role = Literal["learner", "advisor", "evaluator", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)
How = Literal["local", "anyone", "key", "session"]
Mode = Literal["local", "required", "anyone"]
"""``local``: the person at this machine, all roles. ``required``: a key or a session. ``anyone``: strangers, no roles."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever sent a request.

    Parameters
    ----------
    person_id : str
        Pseudonym: never a name, an address or the subject of a sign-in provider. ``key:...`` for a machine.
    institution_id : str
        The one institution whose rows they may touch.
    roles : frozenset of str
        As the store has them now; none for a stranger.
    how : str
        How they are known.
    """

    person_id: str
    institution_id: str
    roles: frozenset[Role]
    how: How

    def is_any(self, *roles: Role) -> bool:
        """Whether one of these roles is theirs.

        Examples
        --------
        >>> LOCAL_ASKER.is_any("advisor"), STRANGER.is_any("advisor")
        (True, False)
        """
        return not self.roles.isdisjoint(roles)


LOCAL_ASKER = Asker("local", LOCAL, frozenset(ROLES), "local")
STRANGER = Asker("anyone", LOCAL, frozenset(), "anyone")
