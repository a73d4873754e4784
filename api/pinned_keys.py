"""Keys that an administrator vouches for: issuer by issuer, in one file, where no document of the issuer's says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.settings import SettingError, Settings

_NAME = "PATHWAYS_PINNED_KEYS"
_EXPECTED = "a JSON file from issuers' ids to lists of public keys (Multikey such as z6Mk..., JWK or PEM)"


def pinned_keys(settings: Settings) -> Mapping[str, tuple[str, ...]]:
    """Read the file that the settings name.

    Parameters
    ----------
    settings : Settings

    Returns
    -------
    mapping of str to tuple of str
        Issuer id to keys; empty where no file is named.

    Raises
    ------
    SettingError
        If it is not such a file, or a key in it cannot be used: a mistake here must not pass for no key at all.
    """
    if settings.pinned_keys is None:
        return {}
    from pathways.badges.keys import BadKeyError, parse_key
    from pathways.text_files import StrictJsonError, strict_json

    try:
        value = strict_json(settings.pinned_keys.read_bytes(), max_depth=10)
    except (OSError, StrictJsonError) as error:
        raise SettingError(_NAME, f"{settings.pinned_keys.name}: {error}", _EXPECTED) from None
    found = {issuer: _texts(keys) for issuer, keys in value.items()} if isinstance(value, dict) else {"": ()}
    for issuer, keys in found.items():
        try:
            kinds = [parse_key(key) for key in keys]
        except BadKeyError as error:
            raise SettingError(_NAME, f"{issuer[:40]}: {error}", _EXPECTED) from None
        if not kinds:
            raise SettingError(_NAME, f"{settings.pinned_keys.name}: {issuer[:40] or 'a list'} without keys", _EXPECTED)
    return found


def _texts(keys: Any) -> tuple[str, ...]:
    """A key, or a list of them, as texts; a JWK may stand as the object it is."""
    import json

    listed = keys if isinstance(keys, list) else [keys]
    return tuple(key if isinstance(key, str) else json.dumps(key) for key in listed)
