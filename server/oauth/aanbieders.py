"""De inlogdiensten van deze installatie: makelaars voor DigiD en eHerkenning, uit één JSON-bestand (AANBIEDERS).

Wel: lezen en nakijken van dat bestand, en per dienst welke rollen er mogen inloggen en met welk niveau (`acr`).
Niet: de flow (`identity.py`). Geheimen staan in eigen bestanden, nooit in een foutmelding.

Bron: OpenID Connect Core 1.0 §2 (acr), §3.1.2.1 (acr_values), §9 (client_secret_basic, private_key_jwt).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, get_args
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from server.access.actor import Rol
from server.settings import InstellingFout, Settings

DEMO: Final = "demo"
DEMO_PAD: Final = "/demo-inlog"
DEMO_CLIENT_ID: Final = "hulpmiddelenpaspoort"
# Onder deze naam staan de demopersonen bij de accounts (issuer, sub=code). Los van het adres, dat per poort verschilt.
DEMO_ACCOUNT_ISSUER: Final = "demo-inlog"
DEMO_NIVEAUS: Final = ("laag", "substantieel", "hoog")

VERPLICHT: Final = ("code", "naam", "issuer", "client_id")
MAG: Final = (
    "client_secret_file", "client_secret_post", "sleutel_file", "scope", "claims", "niveaus", "acr", "rollen",
    "paspoort", "account_issuer",
)  # fmt: skip
# Wat wij van iemand kunnen lezen, en in welke claim het staat als het bestand niets zegt (OIDC Core §5.1).
CLAIMS: Final[Mapping[str, str]] = MappingProxyType({
    "naam": "name", "voornamen": "given_name", "achternaam": "family_name", "geboortedatum": "birthdate", "bsn": "",
    "vertegenwoordigt": "",
})  # fmt: skip
ROLLEN: Final = frozenset(get_args(Rol)) - {"proef"}
IEDEREEN: Final = "*"
SLEUTEL_ALGS: Final = {"RSA": "PS256", "P-256": "ES256", "P-384": "ES384"}


@dataclass(frozen=True, slots=True)
class Aanbieder:
    """Eén OpenID-provider. `account_issuer` is de naam waaronder accounts staan, als die niet `issuer` is.

    `niveaus` zijn de acr-waarden van laag naar hoog; `acr` per rol (of `*`) de laagste die genoeg is. Wie hier inlogt
    zonder rol, mag met `paspoort` een eigen paspoort maken.
    """

    code: str
    naam: str
    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    client_secret_post: bool = False
    sleutel: RSAKey | ECKey | None = field(default=None, repr=False)
    scope: str = "openid profile"
    claims: Mapping[str, str] = field(default_factory=lambda: CLAIMS)
    niveaus: tuple[str, ...] = ()
    acr: Mapping[str, str] = field(default_factory=dict)
    rollen: frozenset[str] = ROLLEN
    paspoort: bool = False
    account_issuer: str | None = None

    @property
    def accounts(self) -> str:
        """De uitgever waaronder accounts van deze dienst staan."""
        return self.account_issuer or self.issuer

    def minimum(self, rol: str) -> str | None:
        """Het laagste niveau voor deze rol, of None als elk niveau goed is."""
        return self.acr.get(rol, self.acr.get(IEDEREEN))

    def genoeg(self, rol: str, acr: str | None) -> bool:
        """Of iemand met dit niveau hier in deze rol mag. Een niveau dat niet in de lijst staat, is te laag."""
        minimum = self.minimum(rol)
        if rol not in self.rollen:
            return False
        return minimum is None or (acr in self.niveaus and self.niveaus.index(acr) >= self.niveaus.index(minimum))

    def vanaf(self, niveau: str | None) -> tuple[str, ...]:
        """De niveaus vanaf `niveau`, voor `acr_values`; zonder niveau het laagste dat ergens genoeg voor is."""
        laagst = [self.niveaus.index(n) for n in ([niveau] if niveau else self.acr.values())]
        return self.niveaus[min(laagst) :] if laagst else ()


def demo_aanbieder(base_url: str, pad: str) -> Aanbieder:
    """De dienst van de demo, over dezelfde weg als elke andere."""
    return Aanbieder(
        DEMO, "Demo", base_url + pad, DEMO_CLIENT_ID, niveaus=DEMO_NIVEAUS, acr={IEDEREEN: "substantieel"},
        paspoort=True, account_issuer=DEMO_ACCOUNT_ISSUER,
    )  # fmt: skip


def aanbieders_uit(settings: Settings) -> tuple[Aanbieder, ...]:
    """De inlogdiensten uit het bestand van `AANBIEDERS`. `InstellingFout` noemt plaats en veld, nooit een geheim."""
    if not settings.aanbieders:
        return ()
    pad = Path(settings.aanbieders)
    try:
        rijen = json.loads(pad.read_text("utf-8"))["aanbieders"]
    except (OSError, ValueError, KeyError, TypeError):
        raise InstellingFout('AANBIEDERS: geen leesbaar JSON-bestand met een lijst "aanbieders"') from None
    if not isinstance(rijen, list):
        raise InstellingFout('AANBIEDERS: "aanbieders" is geen lijst')
    uit = tuple(_aanbieder(rij, f"AANBIEDERS[{n}]", pad.parent) for n, rij in enumerate(rijen))
    codes = [a.code for a in uit]
    if len({*codes, DEMO}) != len(codes) + 1:
        raise InstellingFout(f"AANBIEDERS: elke code komt één keer voor, en {DEMO!r} is van de demo")
    if len({a.accounts for a in uit} | {DEMO_ACCOUNT_ISSUER}) != len(uit) + 1:
        # Twee diensten onder één naam: dezelfde sub kan dan twee mensen zijn.
        raise InstellingFout("AANBIEDERS: elke issuer (of account_issuer) komt één keer voor")
    return uit


def _aanbieder(rij: Any, waar: str, map_: Path) -> Aanbieder:
    if not isinstance(rij, dict) or not all(isinstance(rij.get(n), str) and rij[n] for n in VERPLICHT):
        raise InstellingFout(f"{waar}: {', '.join(VERPLICHT)} zijn nodig, als tekst")
    if vreemd := sorted(rij.keys() - {*VERPLICHT, *MAG}):
        raise InstellingFout(f"{waar}: onbekend veld {', '.join(vreemd)}; wat kan: {', '.join((*VERPLICHT, *MAG))}")
    if not rij["code"].isascii() or not rij["code"].replace("-", "").isalnum():
        raise InstellingFout(f"{waar}.code: alleen letters, cijfers en streepjes")
    geheim, sleutel = rij.get("client_secret_file"), rij.get("sleutel_file")
    if geheim and sleutel:
        raise InstellingFout(f"{waar}: client_secret_file of sleutel_file, niet allebei")
    niveaus = _teksten(rij.get("niveaus", []), f"{waar}.niveaus")
    return Aanbieder(
        **{n: rij[n] for n in VERPLICHT if n != "issuer"},
        issuer=_issuer(rij["issuer"], f"{waar}.issuer"),
        client_secret=_bestand(map_, geheim, f"{waar}.client_secret_file").strip() if geheim else None,
        client_secret_post=bool(rij.get("client_secret_post", False)),
        sleutel=_sleutel(_bestand(map_, sleutel, f"{waar}.sleutel_file"), f"{waar}.sleutel_file") if sleutel else None,
        scope=_scope(rij.get("scope", "openid profile"), f"{waar}.scope"),
        claims={**CLAIMS, **_paren(rij.get("claims", {}), set(CLAIMS), None, f"{waar}.claims")},
        niveaus=niveaus,
        acr=_paren(rij.get("acr", {}), {*ROLLEN, IEDEREEN}, set(niveaus), f"{waar}.acr"),
        rollen=_rollen(rij.get("rollen"), f"{waar}.rollen"),
        paspoort=bool(rij.get("paspoort", False)),
        account_issuer=str(rij["account_issuer"]) if rij.get("account_issuer") else None,
    )


def _issuer(issuer: str, waar: str) -> str:
    delen = urlsplit(issuer)
    # Zonder https kan iedereen onderweg zeggen wie u bent; alleen op de eigen machine komt niemand ertussen.
    eigen_machine = delen.hostname in ("127.0.0.1", "localhost", "::1")
    if delen.query or delen.fragment or not (delen.scheme == "https" or (delen.scheme == "http" and eigen_machine)):
        raise InstellingFout(f"{waar}: een https-adres zonder ? of #")
    return issuer


def _scope(scope: Any, waar: str) -> str:
    if not isinstance(scope, str) or "openid" not in scope.split():
        raise InstellingFout(f"{waar}: een tekst met openid erin")
    return scope


def _teksten(waarde: Any, waar: str) -> tuple[str, ...]:
    if (
        not isinstance(waarde, list)
        or not all(isinstance(x, str) and x for x in waarde)
        or len({*waarde}) < len(waarde)
    ):
        raise InstellingFout(f"{waar}: een lijst van verschillende teksten")
    return tuple(waarde)


def _rollen(waarde: Any, waar: str) -> frozenset[str]:
    if waarde is None:
        return ROLLEN
    rollen = frozenset(_teksten(waarde, waar))
    if not rollen <= ROLLEN:
        raise InstellingFout(f"{waar}: onbekende rol; wat kan: {', '.join(sorted(ROLLEN))}")
    return rollen


def _paren(waarde: Any, namen: set[str], waarden: set[str] | None, waar: str) -> dict[str, str]:
    if not isinstance(waarde, dict) or not all(isinstance(x, str) for x in waarde.values()):
        raise InstellingFout(f"{waar}: een object met teksten")
    if vreemd := sorted(waarde.keys() - namen):
        raise InstellingFout(f"{waar}: onbekend {', '.join(vreemd)}; wat kan: {', '.join(sorted(namen))}")
    if waarden is not None and not {*waarde.values()} <= waarden:
        raise InstellingFout(f"{waar}: elk niveau moet in niveaus staan")
    return dict(waarde)


def _bestand(map_: Path, naam: Any, waar: str) -> str:
    """De tekst van een bestand naast AANBIEDERS."""
    try:
        return (map_ / str(naam)).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise InstellingFout(f"{waar}: bestand niet te lezen") from None


def _sleutel(tekst: str, waar: str) -> RSAKey | ECKey:
    """De eerste privésleutel van een JWK of JWK Set; de inlogdienst krijgt de publieke helft."""
    try:
        gelezen = json.loads(tekst)
        rijen = gelezen.get("keys", [gelezen]) if isinstance(gelezen, dict) else []
        sleutel = KeySet.import_key_set({"keys": rijen}).keys[0]
    except (ValueError, JoseError, IndexError, TypeError, KeyError):
        raise InstellingFout(f"{waar}: geen JWK") from None
    if not isinstance(sleutel, RSAKey | ECKey) or not sleutel.is_private or sleutel_alg(sleutel) is None:
        raise InstellingFout(f"{waar}: een privésleutel RSA, P-256 of P-384")
    return sleutel


def sleutel_alg(sleutel: RSAKey | ECKey) -> str | None:
    """Waarmee deze sleutel tekent: wat de sleutel zelf zegt, anders wat bij de soort hoort."""
    rij = sleutel.as_dict(private=False)
    return str(rij.get("alg") or SLEUTEL_ALGS.get(str(rij.get("crv", rij["kty"]))) or "") or None
