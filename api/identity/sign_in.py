"""People sign in through the OpenID provider of their institution: code flow with PKCE, state and nonce, by Authlib.

What the provider says of a person is used once, to find who they are here, and is not kept: no name, no e-mail address. Leaves out
the routes: :mod:`api.routes.sign_in`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from api.identity.asker import Asker
from api.identity.errors import SignInRefusedError, SignInSetupError
from api.settings import Settings

if TYPE_CHECKING:
    from api.identity.people import People, Person

PATH = "/sign-in"
RETURN_PATH = "/sign-in/return"
LONGEST_PATH = 1000
#: A token signed with a shared secret, or not at all, proves nothing: the provider's own asymmetric algorithms only.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"})
_NO_ANSWER = "The sign-in provider does not answer. Try again in a few minutes."


class Provider:
    """The OpenID provider of settings.

    Raises
    ------
    SignInSetupError
        If it is not set up, or the package that speaks to it is missing.
    """

    def __init__(self, settings: Settings) -> None:
        if settings.oidc_issuer is None or settings.oidc_client_id is None:
            message = (
                "This server has no sign-in for people: PATHWAYS_OIDC_ISSUER and PATHWAYS_OIDC_CLIENT_ID name the provider. "
                "Machines send a key."
            )
            raise SignInSetupError(message)
        self.issuer = settings.oidc_issuer.rstrip("/")
        self._client = _client(settings, self.issuer)

    async def begin(self, request: Request, data: dict[str, Any]) -> Response:
        """Send the browser to the provider; what must be remembered of it is put into ``data``.

        Raises
        ------
        SignInSetupError
            If the provider cannot be reached, or is another than the settings name.
        """
        await self._load()
        request.scope["session"] = data
        answer: Response = await self._client.authorize_redirect(request, str(request.url_for("sign_in_return")))
        return answer

    async def subject(self, request: Request, data: dict[str, Any]) -> str:
        """Who came back, by the provider's id token: its signature, issuer, audience, times, nonce and our state are checked.

        Raises
        ------
        SignInRefusedError, SignInSetupError
        """
        from authlib.common.errors import AuthlibBaseError
        from joserfc.errors import JoseError

        metadata = await self._load()
        request.scope["session"] = data
        wanted = {
            "iss": {"essential": True, "values": [metadata["issuer"]]},
            "aud": {"essential": True, "values": [self._client.client_id]},
        }
        try:
            token = await self._client.authorize_access_token(request, claims_options=wanted)
        except (AuthlibBaseError, JoseError, ValueError) as error:
            raise SignInRefusedError("The sign-in was not completed. Open /sign-in and try again.") from error
        except _unreachable() as error:
            raise SignInSetupError(_NO_ANSWER) from error
        found = (token.get("userinfo") or {}).get("sub")
        if not isinstance(found, str) or not found:
            raise SignInRefusedError("The sign-in provider did not say who you are. Open /sign-in and try again.")
        return found

    async def _load(self) -> dict[str, Any]:
        try:
            metadata: dict[str, Any] = await self._client.load_server_metadata()
        except _unreachable() as error:
            raise SignInSetupError(_NO_ANSWER) from error
        if str(metadata.get("issuer", "")).rstrip("/") != self.issuer:
            raise SignInSetupError("The sign-in provider says that it is another one than PATHWAYS_OIDC_ISSUER names.")
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [name for name in offered if name in ALGORITHMS]
        return metadata


def person_of(people: People, settings: Settings, issuer: str, subject: str) -> Person:
    """Whom a subject of the provider is here; where settings name an institution, somebody new joins it as a learner.

    Raises
    ------
    SignInRefusedError
        If they are not known here, or were shut out.
    """
    found = people.by_subject(issuer, subject)
    if found is None and settings.oidc_institution is not None:
        joining = Asker("sign-in", settings.oidc_institution, frozenset(), "session")
        found = people.add(joining, settings.oidc_institution, ("learner",), issuer=issuer, subject=subject)
    if found is None or found.revoked_at is not None:
        message = f'You are not known here. Give your administrator this subject: "{subject[:200]}".'
        raise SignInRefusedError(message)
    return found


def has_provider(request: Request) -> bool:
    """Whether people can sign in."""
    settings: Settings = request.app.state.identity.settings
    return settings.oidc_issuer is not None


def sign_in_address(request: Request) -> str:
    """Where to sign in, and to come back to this page after it."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"{PATH}?next={quote(own_path(here), safe='')}"


def own_path(text: str) -> str:
    """A path of this server, or the front page for anything that might lead elsewhere.

    Examples
    --------
    >>> own_path("/plans/7F3K"), own_path("//elsewhere.example"), own_path("https://elsewhere.example")
    ('/plans/7F3K', '/', '/')
    """
    is_own = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable() and "\\" not in text
    return text if is_own and len(text) <= LONGEST_PATH else "/"


def _client(settings: Settings, issuer: str) -> Any:
    try:
        from authlib.integrations.starlette_client import OAuth
    except ModuleNotFoundError as error:
        raise SignInSetupError('Sign-in needs a package that is missing: pip install "pathways[server]"') from error
    registry = OAuth()
    secret = _client_secret(settings)
    how = "client_secret_basic" if secret is not None else "none"
    registry.register(
        name="provider",
        client_id=settings.oidc_client_id,
        client_secret=secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid",
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": how,
            "timeout": 10.0,
            "trust_env": False,
        },
    )
    return registry.provider


def _unreachable() -> tuple[type[Exception], ...]:
    """What a provider raises that does not answer, or not in JSON: Authlib uses httpx2 where that is installed, else httpx."""
    try:
        from httpx2 import HTTPError
    except ModuleNotFoundError:
        from httpx import HTTPError  # type: ignore[assignment]
    return HTTPError, OSError, ValueError


def _client_secret(settings: Settings) -> str | None:
    path = settings.oidc_client_secret_file
    if path is None:
        return None
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: the secret of the sign-in client cannot be read."
        raise SignInSetupError(message) from error
