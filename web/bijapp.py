"""Bij het toelaten van een app: wil haar organisatie ook zelf lezen? Eén vakje, één Consent (besluit 0027).

De afspraak is van `server/oauth/bijapp.py`; hier gaat het door de deur, als de houder. Een leverancier staat er niet
bij: zijn doelen gaan over een hulpmiddel dat de houder zelf kiest, en dat kan bij *Delen*. Bron: toegang.md §1 en §4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from paspoort.fhir.toestemming import naar_fhir
from paspoort.fhir.toestemming import uit_fhir as toestemming_uit
from paspoort.fouten import Melding, PaspoortFout
from paspoort.toestemming import HIER, Toestemming, leest, leest_niet, voorstel
from server.access.actor import Actor
from server.access.vertegenwoordiging import mag_namens
from server.access.voorbeeld import rol_van_organisatie
from server.fhir.gateway import Poort
from server.oauth.bijapp import Ook
from server.store.clients import client
from server.store.passports import Opslag
from web.deur import Deur, DeurFout
from web.woorden import WAARVOOR

DOEL_VAN_ROL: Final[Mapping[str, str]] = {"therapeut": "advies", "verstrekker": "onderzoek"}


class BijAppDeur:
    """De vraag en het ja bij het toelaten van een app."""

    def __init__(self, poort: Poort, opslag: Opslag) -> None:
        self._poort, self._opslag = poort, opslag

    async def vraag(self, actor: Actor, client_id: str) -> Ook | None:
        """Wat er bij het vakje staat; None zonder organisatie, zonder passend doel, of als zij al mag lezen."""
        t = await self._toestemming(actor, client_id)
        if t is None:
            return None
        (aan,) = t.aan
        versie = self._opslag.register.get("Organization", aan.removeprefix("Organization/"))
        naam = str(versie.inhoud.get("name") or "") if versie else ""
        tot = t.tot.date() if isinstance(t.tot, datetime) else t.tot
        return Ook(naam, WAARVOOR[t.doel or ""], leest(t.groepen), leest_niet(t.groepen), tot)

    async def geef(self, actor: Actor, client_id: str) -> None:
        """Leg de Consent vast. PaspoortFout `niet-van-u` als de deur het niet toelaat."""
        t = await self._toestemming(actor, client_id)
        if t is None:
            return
        gegeven = replace(t, gegeven_via="oauth", gegeven_op=datetime.now(HIER).replace(microsecond=0))
        try:
            await Deur(self._poort, replace(actor, scopes=None)).maak(naar_fhir(gegeven))
        except DeurFout as fout:
            raise PaspoortFout(Melding("opslag-stil" if fout.status == 503 else "niet-van-u")) from fout

    async def _toestemming(self, actor: Actor, client_id: str) -> Toestemming | None:
        """De Consent waar het om gaat, nog niet gegeven."""
        app = await client(self._opslag, client_id)
        if app is None or app.organisatie is None or actor.patient is None:
            return None
        m = await self._opslag.momentopname(actor.patient)
        nu = datetime.now(HIER)
        register = self._opslag.register
        rol = rol_van_organisatie(app.organisatie, register)
        versie = register.get("Organization", app.organisatie)
        meedoen = versie is not None and versie.inhoud.get("active") is not False
        if rol is None or not meedoen or app.organisatie in register.geschorst or rol not in DOEL_VAN_ROL:
            return None
        if mag_namens(actor, m, "toestemming-geven", nu) != "ja":
            return None
        aan = f"Organization/{app.organisatie}"
        t = voorstel(DOEL_VAN_ROL[rol], rol, f"Patient/{actor.patient}", aan, nu.date())
        al = (toestemming_uit(v.inhoud) for v in m.van_type("Consent"))
        return None if any(a.geldt(nu) and aan in a.aan and a.groepen >= t.groepen for a in al) else t
