"""De websessie: van cookie naar `Actor`, met csrf-token, een kwartier stilte en een nieuw token bij elke inlog.

`web/` vraagt hier wie er is: `await sessies.actor(request)` en `await sessies.csrf(request)`. Niet: de inlogflow
(`identity.py`) en de bladzijden ervan (`inloggen.py`). Bron: ontwerp.md deel 2 (account = uitgever en sub).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, cast

from fastapi import Request
from fastapi.responses import Response

from paspoort.fouten import Melding, PaspoortFout
from paspoort.toestemming import HIER
from server.access.actor import Actor, Rol
from server.oauth.aanbieders import DEMO_PAD, Aanbieder, aanbieders_uit, demo_aanbieder
from server.oauth.idtoken import Afmelding, Identiteit
from server.oauth.paspoort_namens import Vertegenwoordigde, lid_id, vertegenwoordigden
from server.oauth.toestel import toestel
from server.settings import Settings
from server.store import session as opgeslagen
from server.store.clients import onthoud_jti
from server.store.forms import gooi_alles_weg, lees_klad, wacht_er_een, zet_klad
from server.store.passports import Opslag
from server.store.session import Account, Lidmaatschap

STIL_SECONDEN: Final = 15 * 60
LANGST_SECONDEN: Final = 12 * 3600
# Wat iemand typte en nog niet verstuurde, blijft een werkdag: wie tussendoor bij een cliënt was, vindt het terug.
BEWAAR_SECONDEN: Final = 8 * 3600
# Niet bij elke bladzijde schrijven: pas als er een minuut van het kwartier op is.
VERLENG_NA: Final = 60

# Waar wie is uitgenodigd een rol aanneemt: als medewerker, of om iemand te helpen.
ZONDER_ROL: Final = ("/medewerker", "/helpen")

ROLZINNEN: Final = {
    "houder": "Uw eigen paspoort",
    "vertegenwoordiger": "Het paspoort van {namens}",
    "therapeut": "Therapeut",
    "verstrekker": "Consulent",
    "leverancier": "Leverancier",
    "beheerder": "Beheerder",
}


@dataclass(frozen=True, slots=True)
class Sessie:
    """Een open sessie. `actor` is None zolang iemand met meer rollen nog niet koos, of het niveau te laag is.

    `nummer` blijft bij elk nieuw token hetzelfde. `acr` en `auth_time` zijn van de inlogdienst; zegt die niets over de
    tijd, dan is het het moment waarop iemand hier binnenkwam. `verloopt` is wanneer de stilte om is.
    """

    token: str
    csrf: str
    account: Account
    lidmaatschappen: tuple[Lidmaatschap, ...]
    gekozen: Lidmaatschap | None
    actor: Actor | None
    begonnen: int
    nummer: str
    verloopt: int
    aanbieder: Aanbieder | None
    acr: str | None
    auth_time: int
    gegevens: Mapping[str, Any]

    def klopt_csrf(self, csrf: str) -> bool:
        """Of een formulier van deze sessie is; kijkt in vaste tijd."""
        return secrets.compare_digest(self.csrf.encode(), csrf.encode("utf-8", "replace"))

    def mag(self, lid: Lidmaatschap) -> bool:
        """Of wie zo is ingelogd deze rol mag gebruiken (minimum `acr` per rol)."""
        return self.aanbieder is None or self.aanbieder.genoeg(lid.rol, self.acr)

    @property
    def mag_paspoort(self) -> bool:
        """Of hier een eigen paspoort te maken is: de dienst mag het, het niveau is genoeg, en er is er nog geen."""
        return (
            self.aanbieder is not None
            and self.aanbieder.paspoort
            and self.gekozen is None
            and self.aanbieder.genoeg("houder", self.acr)
            and not any(lid.rol == "houder" for lid in self.lidmaatschappen)
        )


class Sessies:
    """Zonder eigen toestand: alles staat in de opslag, dus elk proces mag elke vraag doen."""

    def __init__(self, opslag: Opslag, settings: Settings) -> None:
        """`InstellingFout` als het bestand met inlogdiensten niet klopt."""
        self._opslag, self._settings = opslag, settings
        self.https = settings.base_url.startswith("https://")
        self.naam_cookie = "__Host-hmp" if self.https else "hmp"
        self.naam_poging = "__Host-hmp-inlog" if self.https else "hmp-inlog"
        demo = (demo_aanbieder(settings.base_url, DEMO_PAD),) if settings.demo else ()
        self.aanbieders = (*aanbieders_uit(settings), *demo)
        self._aanbieder = {a.code: a for a in self.aanbieders}

    async def actor(self, request: Request) -> Actor | None:
        """Wie er is ingelogd, of None."""
        sessie = await self.huidige(request)
        return None if sessie is None else sessie.actor

    async def csrf(self, request: Request) -> str:
        """Het csrf-token voor de formulieren van deze sessie; leeg zonder sessie, en dan klopt er geen."""
        sessie = await self.huidige(request)
        return "" if sessie is None else sessie.csrf

    async def klopt_csrf(self, request: Request, csrf: str) -> bool:
        """Of een formulier van deze sessie is."""
        sessie = await self.huidige(request)
        return sessie is not None and sessie.klopt_csrf(csrf)

    async def huidige(self, request: Request) -> Sessie | None:
        """De sessie bij het cookie, één keer per verzoek opgezocht. PaspoortFout `opslag-stil`."""
        if not hasattr(request.state, "hmp_sessie"):
            request.state.hmp_sessie = await self._lees(request.cookies.get(self.naam_cookie, ""))
        return cast("Sessie | None", request.state.hmp_sessie)

    async def met_token(self, token: str) -> Actor | None:
        """Wie bij een net gemaakt token hoort, of None als er nog geen rol gekozen is."""
        sessie = await self._lees(token)
        return None if sessie is None else sessie.actor

    async def over(self, request: Request) -> int:
        """Hoeveel seconden deze sessie nog duurt als er niets gebeurt. Vragen is geen teken van leven."""
        rij = await self._rij(request)
        return 0 if rij is None else max(0, _einde(rij) - int(time.time()))

    async def verleng(self, sessie: Sessie) -> int:
        """Een kwartier erbij, nooit langer dan een sessie hoogstens duurt; geeft het nieuwe einde."""
        tot = int(time.time()) + STIL_SECONDEN
        await opgeslagen.verleng_sessie(self._opslag, sessie.token, tot)
        return min(tot, sessie.begonnen + LANGST_SECONDEN)

    async def begin(self, request: Request, identiteit: Identiteit, volgende: str = "/") -> tuple[str, bool]:
        """Een nieuwe sessie voor wie net is ingelogd; de oude van deze browser eindigt op hetzelfde moment.

        Geeft (token, moet nog kiezen). PaspoortFout `account-onbekend` als er nergens een rol bij hoort, er hier geen
        eigen paspoort te maken is, en `volgende` geen bladzijde is waar zo iemand juist een rol krijgt.
        """
        self._opslag.rem.tel("inloggen.account", f"{identiteit.issuer}|{identiteit.sub}")
        account = await opgeslagen.account_van(self._opslag, identiteit.issuer, identiteit.sub)
        rollen = () if account is None else await opgeslagen.lidmaatschappen(self._opslag, account.id)
        aanbieder = self._aanbieder.get(identiteit.aanbieder)
        if not rollen and not (aanbieder is not None and aanbieder.paspoort) and not zonder_rol(volgende):
            raise PaspoortFout(Melding("account-onbekend"))
        account = await opgeslagen.bewaar_account(self._opslag, identiteit.issuer, identiteit.sub, identiteit.naam)
        nu = int(time.time())
        gegevens = {
            "begonnen": nu, "aanbieder": identiteit.aanbieder, "acr": identiteit.acr,
            "auth_time": min(nu, identiteit.auth_time or nu), "sid": identiteit.sid, "id_token": identiteit.id_token,
            "toestel": toestel(request.headers.get("user-agent", "")),
        }  # fmt: skip
        mogelijk = [lid for lid in rollen if aanbieder is None or aanbieder.genoeg(lid.rol, identiteit.acr)]
        gekozen = mogelijk[0].id if len(mogelijk) == len(rollen) == 1 else None
        if gekozen is not None and aanbieder is not None and aanbieder.paspoort:
            persoon = identiteit.gegevens or {}
            if self._te_maken(account, rollen, persoon, aanbieder, identiteit.acr):
                gekozen = None  # er is ook nog een paspoort te maken
        if gekozen is None and aanbieder is not None and aanbieder.paspoort:
            # Alleen tot er een rol gekozen is: daarna weten wij het niet meer, of staat het in het paspoort.
            gegevens["persoon"] = dict(identiteit.gegevens or {})
        token = await self._nieuw(request, account.id, {**gegevens, "lidmaatschap": gekozen})
        return token, gekozen is None

    def te_maken(self, sessie: Sessie) -> tuple[Vertegenwoordigde, ...]:
        """Voor wie deze persoon hier een eerste paspoort mag maken, volgens de inlogdienst."""
        if sessie.gekozen is not None or sessie.aanbieder is None or not sessie.aanbieder.paspoort:
            return ()
        persoon = sessie.gegevens.get("persoon") or {}
        return self._te_maken(sessie.account, sessie.lidmaatschappen, persoon, sessie.aanbieder, sessie.acr)

    def _te_maken(
        self, account: Account, rollen: tuple[Lidmaatschap, ...], persoon: Mapping[str, str],
        dienst: Aanbieder, acr: str | None,
    ) -> tuple[Vertegenwoordigde, ...]:  # fmt: skip
        if not dienst.genoeg("vertegenwoordiger", acr):
            return ()
        al = {lid.id for lid in rollen}
        mogelijk = vertegenwoordigden(persoon, datetime.now(HIER).date())
        return tuple(v for v in mogelijk if lid_id(self._opslag, account, v.sub) not in al)

    async def kies(self, request: Request, lid: Lidmaatschap) -> str:
        """Verder met deze rol, met een nieuw token: wie meer mag, krijgt nooit een oud token.

        PaspoortFout `niveau-te-laag` als wie zo is ingelogd deze rol niet mag gebruiken.
        """
        sessie = await self.huidige(request)
        if sessie is None or not sessie.mag(lid):
            raise PaspoortFout(Melding("niveau-te-laag", "lidmaatschap"))
        mee = {n: w for n, w in sessie.gegevens.items() if n != "persoon"}
        return await self._nieuw(request, lid.account, {**mee, "lidmaatschap": lid.id}, sessie.nummer)

    async def klad(self, request: Request) -> dict[str, Any]:
        """Wat een bladzijde van meer stappen bewaarde voor deze persoon in deze rol; ook na opnieuw inloggen."""
        sessie = await self.huidige(request)
        if sessie is None or sessie.gekozen is None:
            return {}
        return await lees_klad(self._opslag, sessie.account.id, sessie.gekozen.id, int(time.time()))

    async def zet_klad(self, request: Request, klad: dict[str, Any]) -> None:
        """Vervang het klad; versleuteld, en weg na `BEWAAR_SECONDEN` of uitloggen. Zonder sessie gebeurt er niets."""
        sessie = await self.huidige(request)
        if sessie is not None and sessie.gekozen is not None:
            nu = int(time.time())
            account, lid = sessie.account.id, sessie.gekozen.id
            await zet_klad(self._opslag, account, lid, klad, nu, nu + BEWAAR_SECONDEN)

    async def zet_formulier(self, request: Request, ja: bool) -> None:
        """Onthoud of er een bewaard formulier wacht (`formulier.py`); zonder dat kijkt geen bladzijde ernaar."""
        rij = await self._rij(request)
        if rij is not None:
            token = request.cookies[self.naam_cookie]
            await opgeslagen.herschrijf_sessie(self._opslag, token, rij.csrf, {**rij.gegevens, "formulier": ja})

    async def _rij(self, request: Request) -> opgeslagen.Websessie | None:
        token = request.cookies.get(self.naam_cookie, "")
        rij = await opgeslagen.lees_sessie(self._opslag, token, int(time.time())) if token else None
        return None if rij is None or _einde(rij) <= int(time.time()) else rij

    async def eindig(self, request: Request) -> None:
        """Uitloggen in deze browser; wat nog niet verstuurd was, gaat mee weg, tenzij iemand elders nog bezig is."""
        if len(await self.alle(request)) == 1 and (sessie := await self.huidige(request)) is not None:
            await gooi_alles_weg(self._opslag, sessie.account.id)
        if token := request.cookies.get(self.naam_cookie):
            await opgeslagen.beeindig_sessie(self._opslag, token)

    async def alle(self, request: Request) -> tuple[opgeslagen.Websessie, ...]:
        """Waar deze persoon nu is ingelogd, de nieuwste eerst."""
        sessie = await self.huidige(request)
        if sessie is None:
            return ()
        rijen = await opgeslagen.sessies_van(self._opslag, sessie.account.id, int(time.time()))
        return tuple(sorted(rijen, key=lambda r: -int(r.gegevens["begonnen"])))

    async def eindig_ander(self, sessie: Sessie, nummer: str | None) -> None:
        """Log één andere eigen sessie uit, of met None alle andere."""
        if nummer is None:
            await opgeslagen.beeindig_sessies_van(self._opslag, sessie.account.id, behalve=sessie.nummer)
        elif nummer != sessie.nummer:
            await opgeslagen.beeindig_sessie_met_nummer(self._opslag, sessie.account.id, nummer)

    async def eenmalig(self, soort: str, teken: str, verloopt: int) -> bool:
        """Waar als dit teken (state, jti) nog niet eerder gebruikt is; wij onthouden het tot het verlopen is."""
        return await onthoud_jti(self._opslag, f"inlog|{soort}", teken, int(time.time()), verloopt)

    async def afgemeld(self, afmelding: Afmelding) -> None:
        """De inlogdienst zegt dat iemand daar uitlogde: dan hier ook."""
        if afmelding.sid is not None:
            await opgeslagen.beeindig_bij_dienst(self._opslag, afmelding.issuer, afmelding.sid)
        elif account := await opgeslagen.account_van(self._opslag, afmelding.issuer, afmelding.sub or ""):
            await opgeslagen.beeindig_sessies_van(self._opslag, account.id)

    def zet(self, antwoord: Response, token: str) -> None:
        """Het sessiecookie. Lax: wie van een app komt om toestemming te geven, blijft ingelogd."""
        antwoord.set_cookie(self.naam_cookie, token, httponly=True, samesite="lax", secure=self.https, path="/")

    def vergeet(self, antwoord: Response) -> None:
        antwoord.delete_cookie(self.naam_cookie, httponly=True, samesite="lax", secure=self.https, path="/")

    def organisatienaam(self, organisatie: str | None) -> str | None:
        """De naam uit het register."""
        rij = self._opslag.register.get("Organization", organisatie) if organisatie else None
        return None if rij is None else str(rij.inhoud.get("name", "")) or None

    async def _nieuw(self, request: Request, account: str, gegevens: dict[str, Any], nummer: str = "") -> str:
        nu = int(time.time())
        aanbieder = self._aanbieder.get(str(gegevens.get("aanbieder")))
        sid = gegevens.get("sid")
        gegevens["formulier"] = await wacht_er_een(self._opslag, account, nu)
        token, _ = await opgeslagen.maak_sessie(
            self._opslag, account, gegevens, nu, nu + STIL_SECONDEN, nummer=nummer,
            bij_dienst=(aanbieder.accounts, str(sid)) if aanbieder and sid else None,
            in_plaats_van=request.cookies.get(self.naam_cookie, ""),
        )  # fmt: skip
        return token

    async def _lees(self, token: str) -> Sessie | None:
        nu = int(time.time())
        rij = await opgeslagen.lees_sessie(self._opslag, token, nu) if token else None
        if rij is None or nu >= _einde(rij):
            return None
        code = str(rij.gegevens.get("aanbieder") or "")
        aanbieder = self._aanbieder.get(code)
        account = await opgeslagen.account_met_id(self._opslag, rij.account)
        if account is None or (code and aanbieder is None):  # een dienst die niet meer mag, laat niemand binnen
            return None
        rollen = await opgeslagen.lidmaatschappen(self._opslag, account.id)
        verloopt = rij.verloopt
        if verloopt - nu < STIL_SECONDEN - VERLENG_NA:
            verloopt = nu + STIL_SECONDEN
            await opgeslagen.verleng_sessie(self._opslag, token, verloopt)
        begonnen = int(rij.gegevens["begonnen"])
        sessie = Sessie(
            token, rij.csrf, account, rollen, None, None, begonnen, rij.nummer,
            min(verloopt, begonnen + LANGST_SECONDEN), aanbieder, rij.gegevens.get("acr"),
            int(rij.gegevens.get("auth_time") or begonnen), rij.gegevens,
        )  # fmt: skip
        gekozen = next((lid for lid in rollen if lid.id == rij.gegevens["lidmaatschap"] and sessie.mag(lid)), None)
        if gekozen is not None and self._opslag.register.is_stil(None, gekozen.functie):
            gekozen = None
        return replace(sessie, gekozen=gekozen, actor=None if gekozen is None else actor_van_lid(account, gekozen))


def zonder_rol(pad: str) -> bool:
    """Of dit een bladzijde is voor wie nog geen rol heeft en er daar een krijgt."""
    return any(pad == begin or pad.startswith((begin + "/", begin + "?")) for begin in ZONDER_ROL)


def _einde(rij: opgeslagen.Websessie) -> int:
    """Wanneer deze sessie ophoudt: na een kwartier stilte, en hoe dan ook na twaalf uur."""
    return min(rij.verloopt, int(rij.gegevens["begonnen"]) + LANGST_SECONDEN)


def actor_van_lid(account: Account, lid: Lidmaatschap) -> Actor:
    """De actor van een eigen bladzijde: zonder beperking door scopes."""
    return Actor(
        "persoon", cast(Rol, lid.rol), account.naam, account=account.id, organisatie=lid.organisatie,
        functie=lid.functie, patient=lid.patient, namens=lid.namens, mandaat=lid.mandaat, scopes=None,
    )  # fmt: skip


def rolzin(lid: Lidmaatschap, organisatie: str | None) -> str:
    """Hoe een rol in de keuze staat."""
    zin = ROLZINNEN.get(lid.rol, lid.rol).format(namens=lid.namens or "")
    return f"{zin} bij {organisatie}" if organisatie else zin
