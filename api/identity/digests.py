"""Keys of this server, one for each use, and digests of what callers show."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256

KEY_MARK = "pw"
ID_LENGTH = 12
SECRET_LENGTH = 43
_LETTERS = "0123456789abcdefghijkmnpqrstuvwxyz"


def derived(secret: bytes, use: str) -> bytes:
    """The key for one use: what is learned of one tells nothing of another.

    Examples
    --------
    >>> derived(b"k", "audit log") == derived(b"k", "sessions")
    False
    """
    return hmac.new(secret, b"pathways " + use.encode(), sha256).digest()


def digest(key: bytes, text: str) -> str:
    """A keyed digest as hexadecimal text."""
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def random_id(mark: str, length: int = 20) -> str:
    """A pseudonym: a mark of its kind and random letters, five bits each.

    Examples
    --------
    >>> random_id("p").startswith("p-"), len(random_id("p"))
    (True, 22)
    """
    return mark + "-" + "".join(secrets.choice(_LETTERS) for _ in range(length))


@dataclass(frozen=True, slots=True)
class ShownKey:
    """An API key as its owner sends it: ``pw_ID_SECRET``. The store keeps the id and a digest of the secret only.

    The secret has 256 random bits, so nobody finds it by trying: a slow hash would only slow down every request. The digest is
    keyed, so a stolen database alone cannot even check a guess.
    """

    id: str
    secret: str

    @property
    def text(self) -> str:
        """What is shown once, when it is made."""
        return f"{KEY_MARK}_{self.id}_{self.secret}"

    def __repr__(self) -> str:
        return f"ShownKey({self.id})"


def new_key() -> ShownKey:
    """A key nobody had before."""
    return ShownKey("".join(secrets.choice(_LETTERS) for _ in range(ID_LENGTH)), secrets.token_urlsafe(32))


def read_key(text: str) -> ShownKey | None:
    """A key in its parts; None where it cannot be one.

    Examples
    --------
    >>> read_key(new_key().text) is not None, read_key("letmein")
    (True, None)
    """
    mark, _, rest = text.partition("_")
    key_id, _, secret = rest.partition("_")
    fits = mark == KEY_MARK and len(key_id) == ID_LENGTH and set(key_id) <= set(_LETTERS) and len(secret) == SECRET_LENGTH
    return ShownKey(key_id, secret) if fits and secret.isascii() else None
