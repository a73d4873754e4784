"""Refusals: not signed in, not allowed, too often, and ids that are not this institution's. Nothing here needs a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from pathways.errors import PathwaysError


class SignInError(PathwaysError):
    """Nobody is known to ask; one text for every cause, so that a guess learns nothing from it."""

    headers: Mapping[str, str] = {"WWW-Authenticate": 'Bearer realm="pathways"'}

    def __str__(self) -> str:
        """Say what a caller can do."""
        return (
            "Sign in first: a machine sends a key that is neither expired nor revoked (Authorization: Bearer KEY), "
            "a person opens /sign-in."
        )


@dataclass
class NotAllowedError(PathwaysError):
    """Somebody known asks for what their role may not do."""

    what: str
    roles: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Name the roles that may."""
        who = f" It needs the role {' or '.join(self.roles)}." if self.roles else ""
        return f"You may not {self.what}.{who} An administrator of your institution gives roles."


@dataclass
class TooManyError(PathwaysError):
    """Too many requests, or too many failed sign-ins."""

    what: str
    seconds: float

    @property
    def headers(self) -> Mapping[str, str]:
        """When to come again."""
        return {"Retry-After": str(max(1, ceil(self.seconds)))}

    def __str__(self) -> str:
        """Say when to come again."""
        return f"Too many {self.what}. Try again in {max(1, ceil(self.seconds))} seconds."


@dataclass
class UnknownHereError(PathwaysError):
    """An id that this institution does not have; another institution's id is answered in the very same words."""

    kind: str
    id: str
    advice: str = "Check the id."

    def __str__(self) -> str:
        """Name the id."""
        return f'There is no {self.kind} "{self.id[:100]}" here. {self.advice}'


@dataclass
class StaleRecordError(PathwaysError):
    """A change of a learner's record for a version that is no longer the last one."""

    id: str
    now: int

    def __str__(self) -> str:
        """Name the version and what to do."""
        return f"The record of {self.id} is at version {self.now} by now. Read it again, then change it."


class AdminError(PathwaysError):
    """An institution, person, role or key that cannot be made as asked."""


class SignInSetupError(PathwaysError):
    """Sign-in for people is not set up, or the provider cannot be used."""


class ForeignSiteError(PathwaysError):
    """A request that another site's page made a browser send."""

    def __str__(self) -> str:
        """Say where to come from."""
        return "This request comes from another site. Open this server's own pages, at the address it listens on."


class SignInRefusedError(PathwaysError):
    """Somebody came back from the sign-in provider whom this server does not let in."""
