"""De apps van de demo: per soort organisatie één met een eigen sleutel, een persoonlijke app en de proefapp.

De geheime sleutels staan alleen in DATA/demo.json (mode 0600); een volgende keer worden zij daar teruggelezen, zodat
wie al aansloot blijft werken. Buiten de demo bestaat dit niet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from server.demo.register import LINDEWAARD, NOORDERWIEL, VLIERHOF, ZILVERLINDE
from server.store.clients import Client, zet_client
from server.store.passports import Opslag

CODE: Final = ("authorization_code", "refresh_token")
SLEUTEL: Final = ("client_credentials",)
ALG: Final = "ES384"


@dataclass(frozen=True, slots=True)
class Demoapp:
    """Eén app. Met `terug` een app voor personen, zonder een achtergrondapp met een eigen sleutel."""

    soort: str
    client_id: str
    naam: str
    scope: str
    organisatie: str | None = None
    terug: tuple[str, ...] = ()


APPS: Final = (
    Demoapp("gemeente", "demo-gemeente", "Zaaksysteem van Lindewaard", "system/*.cruds", LINDEWAARD),
    Demoapp("leverancier", "demo-leverancier", "Orders van Noorderwiel", "system/*.cruds", NOORDERWIEL),
    Demoapp("zorgpraktijk", "demo-zorgpraktijk", "EPD van De Vlierhof", "system/*.cruds", VLIERHOF),
    Demoapp("zorgverzekeraar", "demo-verzekeraar", "Portaal van Zilverlinde", "system/*.cruds", ZILVERLINDE),
    Demoapp(
        "persoonlijk", "demo-persoonlijk", "Mijn eigen app",
        "openid fhirUser profile launch/patient offline_access patient/*.cruds user/*.cruds",
        terug=("http://127.0.0.1:8765/callback", "http://localhost/callback", "http://127.0.0.1/callback"),
    ),
    Demoapp("proef", "demo-proef", "Proeftuin", "system/*.cruds"),
)  # fmt: skip


async def zet_apps(opslag: Opslag, vorige: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Bewaar de apps en geef `apps` voor demo.json. `vorige` is wat daar al in stond; kapotte sleutels tellen niet."""
    oud = {app.get("client_id"): app.get("private_jwk") for app in vorige if isinstance(app, Mapping)}
    uit = []
    for app in APPS:
        rij: dict[str, Any] = {"soort": app.soort, "client_id": app.client_id, "naam": app.naam, "scope": app.scope}
        if app.organisatie:
            rij["organisatie"] = app.organisatie
        jwks = None
        if app.terug:
            rij["redirect_uris"] = list(app.terug)
        else:
            sleutel = _sleutel(oud.get(app.client_id))
            rij["private_jwk"] = dict(sleutel.as_dict(private=True))
            jwks = {"keys": [dict(sleutel.as_dict(private=False))]}
        await zet_client(
            opslag,
            Client(
                client_id=app.client_id, soort=app.soort, naam=app.naam, organisatie=app.organisatie,
                redirect_uris=app.terug, jwks=jwks, scopes=app.scope, grant_types=CODE if app.terug else SLEUTEL,
            ),
        )  # fmt: skip
        uit.append(rij)
    return uit


def _sleutel(bestaand: Any) -> ECKey:
    """De sleutel van de vorige keer, of een nieuwe."""
    if isinstance(bestaand, dict):
        try:
            return ECKey.import_key(bestaand)
        except (JoseError, ValueError, TypeError, KeyError):
            pass
    return ECKey.generate_key("P-384", {"use": "sig", "alg": ALG}, auto_kid=True)
