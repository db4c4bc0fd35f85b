"""De kern van authlib aan een asynchrone server: een dunne vertaling, zonder raamwerk.

authlib heeft geen server voor Starlette en is synchroon. Hier: een HTTP-vraag als gewone waarde erin, een `Antwoord`
eruit, in een werkdraad; de kern vraagt de opslag via `wacht_op`, in de lus waar de opslag thuishoort. Welke grants
er zijn staat in `grants.py`; het ontdekkingsdocument rekent `metadata.py` uit wat hier geregistreerd is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, TypeVarTuple

import anyio.from_thread
import anyio.to_thread
from authlib.oauth2 import AuthorizationServer, OAuth2Request
from authlib.oauth2.rfc6749.requests import OAuth2Payload

T = TypeVar("T")
P = TypeVarTuple("P")


@dataclass(frozen=True)
class Vraag:
    """Wat de kern van HTTP moet weten: methode, kopregels en parameters in volgorde, met herhaling."""

    method: str
    headers: Mapping[str, str]
    query: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] = ()


@dataclass
class Antwoord:
    """Een antwoord van de kern. `body` is JSON (dict) of leeg; bij een doorverwijzing telt `location`."""

    status: int
    body: Any
    headers: list[tuple[str, str]]

    @property
    def location(self) -> str | None:
        """Het adres van een doorverwijzing; authlibs uitbreiding voor `iss` (RFC 9207) leest en schrijft dit."""
        return next((waarde for naam, waarde in self.headers if naam == "Location"), None)

    @location.setter
    def location(self, adres: str) -> None:
        self.headers = [(naam, adres if naam == "Location" else waarde) for naam, waarde in self.headers]


class Parameters(OAuth2Payload):  # type: ignore[misc]
    """De parameters van een vraag zoals authlib ze leest; lege waarden gelden als afwezig (RFC 6749 §3.1)."""

    def __init__(self, paren: tuple[tuple[str, str], ...]) -> None:
        self._lijst: defaultdict[str, list[str]] = defaultdict(list)
        for naam, waarde in paren:
            if waarde:
                self._lijst[naam].append(waarde)

    @property
    def data(self) -> dict[str, str]:
        return {naam: waarden[0] for naam, waarden in self._lijst.items()}

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        return self._lijst


class Verzoek(OAuth2Request):  # type: ignore[misc]
    """Een `Vraag` als authlib-verzoek."""

    def __init__(self, vraag: Vraag) -> None:
        # TLS eindigt bij de proxy en of http mag, beslissen de instellingen: authlib krijgt daarom een https-adres.
        super().__init__(vraag.method, "https://localhost/", headers=dict(vraag.headers))
        self.payload = Parameters(vraag.query + vraag.form)
        self._args = dict(vraag.query)
        self._form = {naam: waarde for naam, waarde in vraag.form if waarde}

    @property
    def args(self) -> dict[str, str]:
        return self._args

    @property
    def form(self) -> dict[str, str]:
        return self._form


class Bewaarder(Protocol):
    """Wat de server van de opslag nodig heeft; `bewaring.py` levert het."""

    def client(self, client_id: str) -> Any: ...

    def bewaar_token(self, token: dict[str, Any], verzoek: Any) -> None: ...


class Server(AuthorizationServer):  # type: ignore[misc]
    """authlibs server met onze opslag; een per proces, zonder toestand per verzoek."""

    def __init__(self, bewaring: Bewaarder) -> None:
        super().__init__()
        self.bewaring = bewaring

    def query_client(self, client_id: str) -> Any:
        return self.bewaring.client(client_id)

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        self.bewaring.bewaar_token(token, request)

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Wij luisteren niet mee: wat telt, gebeurt in de grants zelf."""

    def create_oauth2_request(self, request: Any) -> OAuth2Request:
        return request if isinstance(request, OAuth2Request) else Verzoek(request)

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Antwoord:
        return Antwoord(status, body, list(headers))

    @property
    def grant_types(self) -> tuple[str, ...]:
        """Wat er geregistreerd is, voor het ontdekkingsdocument."""
        return tuple(grant.GRANT_TYPE for grant, _ in self._token_grants)

    @property
    def response_types(self) -> tuple[str, ...]:
        return tuple(sorted(t for grant, _ in self._authorization_grants for t in grant.RESPONSE_TYPES))

    @property
    def token_auth_methods(self) -> tuple[str, ...]:
        gevonden = {m: None for grant, _ in self._token_grants for m in grant.TOKEN_ENDPOINT_AUTH_METHODS}
        return tuple(gevonden)


async def in_werkdraad(functie: Callable[..., T], *args: Any) -> T:
    """De synchrone kern buiten de lus laten lopen."""
    return await anyio.to_thread.run_sync(functie, *args)


def wacht_op(functie: Callable[[*P], Coroutine[Any, Any, T]], *args: *P) -> T:
    """Vanuit de werkdraad iets van de opslag vragen, in de lus waar die thuishoort."""
    return anyio.from_thread.run(functie, *args)
