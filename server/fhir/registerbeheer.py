"""Wat een beheerder aan het register doet: organisaties, teams, mensen, mandaten, en schorsen. Voor bladzijden en CLI.

Elke handeling staat in het log voordat zij werkt. Een beheerder komt hier nergens bij een paspoort. Apps:
`appbeheer.py`. Wie beheerder is, zegt de bladzijde of de CLI. Bron: issue 3 (*Organisaties en apps*), besluit 0023.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import uuid4

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.organisatie import (
    Medewerker,
    Organisatie,
    medewerker_naar,
    medewerker_uit,
    organisatie_naar,
    organisatie_uit,
    persoon_naar,
)
from paspoort.fhir.validatie import Validator
from paspoort.fouten import Melding, PaspoortFout
from paspoort.toegang import DOELEN
from server.store import personeel, session
from server.store.logrow import Logregel
from server.store.passports import Opslag
from server.store.register import ALLES, REGISTER, Mandaat
from server.store.versions import Volgnummerbotsing, Wijziging

POGINGEN = 5


@dataclass(frozen=True, slots=True)
class Beheerder:
    """Wie de handeling doet, voor het log."""

    account: str
    naam: str


def zelfde_naam(naam: str, anderen: Iterable[str]) -> bool:
    """Of een van de anderen zo heet; hoofdletters en spaties tellen niet mee."""
    kaal = " ".join(naam.split()).casefold()
    return any(" ".join(a.split()).casefold() == kaal for a in anderen)


class Registerbeheer:
    """Het beheer door één beheerder. Zonder eigen toestand; leest het register zoals het nu is."""

    def __init__(self, opslag: Opslag, validator: Callable[[], Validator], door: Beheerder) -> None:
        """`validator` wordt pas gevraagd als er geschreven wordt."""
        self.opslag, self._validator, self.door = opslag, validator, door

    async def ververs(self) -> None:
        """Lees het register zoals een ander proces het misschien net veranderde."""
        await self.opslag.momentopname(REGISTER)

    # --- lezen

    def organisaties(self) -> tuple[Organisatie, ...]:
        """Alle organisaties zonder hun teams, op naam."""
        alle = (organisatie_uit(v.inhoud) for v in self.opslag.register.van_type("Organization"))
        return tuple(sorted((o for o in alle if not o.is_team), key=lambda o: (o.naam.casefold(), o.id)))

    def organisatie(self, id: str) -> Organisatie:
        """Eén organisatie of team. PaspoortFout `niet-gevonden`."""
        return organisatie_uit(self._lees("Organization", id))

    def teams(self, organisatie: str) -> tuple[Organisatie, ...]:
        """De teams van een organisatie, op naam."""
        ids = self.opslag.register.teams_van_organisatie(organisatie)
        return tuple(sorted((self.organisatie(id) for id in ids), key=lambda o: (o.naam.casefold(), o.id)))

    def mensen(self, organisatie: str) -> tuple[Medewerker, ...]:
        """Wie er werkt, op naam."""
        alle = (self._medewerker(v.inhoud) for v in self.opslag.register.van_type("PractitionerRole"))
        return tuple(sorted((m for m in alle if m.organisatie == organisatie), key=lambda m: (m.naam.casefold(), m.id)))

    def medewerker(self, functie: str) -> Medewerker:
        """Eén medewerker. PaspoortFout `niet-gevonden`."""
        return self._medewerker(self._lees("PractitionerRole", functie))

    def is_geschorst(self, verwijzing: str) -> bool:
        """Of `Organization/id`, `PractitionerRole/id` of `Client/id` nu geschorst is."""
        register = self.opslag.register
        return verwijzing.removeprefix("Organization/") in register.geschorst or verwijzing in register.stil

    def mandaten(self, organisatie: str) -> tuple[Mandaat, ...]:
        """De mandaten die deze organisatie gaf of kreeg."""
        return tuple(m for m in self.opslag.register.mandaten if organisatie in (m.van, m.aan))

    # --- organisaties en teams

    async def zet_organisatie(self, o: Organisatie) -> str:
        """Maak (zonder id) of wijzig een organisatie of team; geeft haar id. PaspoortFout met elk veld dat fout is."""
        oud = self._lees("Organization", o.id) if o.id else None
        nieuw = o if o.id else replace(o, id=str(uuid4()))
        self._controleer_verband(nieuw, organisatie_uit(oud) if oud else None)
        await self._schrijf("wijzigde" if oud else "maakte", organisatie_naar(nieuw, oud))
        return nieuw.id

    def _controleer_verband(self, o: Organisatie, oud: Organisatie | None) -> None:
        fouten: list[Melding] = []
        boven = None
        if o.deel_van:
            rij = self.opslag.register.get("Organization", o.deel_van)
            boven = organisatie_uit(rij.inhoud) if rij is not None and not rij.verwijderd else None
            if boven is None or boven.is_team:
                fouten.append(Melding("beheer-onbekend", "deel_van"))
        if o.is_team and boven is None and not fouten:
            fouten.append(Melding("beheer-verplicht", "deel_van"))
        if oud is not None and (oud.is_team != o.is_team or (o.is_team and oud.deel_van != o.deel_van)):
            fouten.append(Melding("beheer-team-vast", "deel_van"))  # anders zou zicht ongemerkt verhuizen
        if o.neemt_aan - {*DOELEN, ALLES}:
            fouten.append(Melding("doel-onbekend", "neemt_aan"))
        if not o.is_team and boven is not None and o.id in self._boven(boven):
            fouten.append(Melding("beheer-kring", "deel_van"))
        fouten += self._dubbel(o, oud)
        if fouten:
            raise PaspoortFout(*fouten)

    def _dubbel(self, o: Organisatie, oud: Organisatie | None) -> list[Melding]:
        """Een naam (bij een team: binnen het huis) of nummer dat een ander al heeft; wat er al stond mag blijven."""
        naast = self.teams(o.deel_van) if o.is_team and o.deel_van else () if o.is_team else self.organisaties()
        anderen = [a for a in naast if a.id != o.id]
        fouten = []
        if (oud is None or oud.naam != o.naam) and zelfde_naam(o.naam, (a.naam for a in anderen)):
            fouten.append(Melding("beheer-bestaat-al", "naam"))
        for soort, nummer in o.nummers.items():
            nieuw = oud is None or oud.nummers.get(soort) != nummer
            if nummer and nieuw and any(a.nummers.get(soort) == nummer for a in anderen):
                fouten.append(Melding("beheer-bestaat-al", soort))
        return fouten

    def _boven(self, o: Organisatie) -> set[str]:
        gezien = {o.id}
        while o.deel_van and o.deel_van not in gezien:
            gezien.add(o.deel_van)
            rij = self.opslag.register.get("Organization", o.deel_van)
            if rij is None or rij.verwijderd:
                break
            o = organisatie_uit(rij.inhoud)
        return gezien

    # --- mensen

    async def zet_medewerker(self, m: Medewerker) -> str:
        """Maak (zonder id) of wijzig een medewerker; geeft het id van de functie.

        Een andere rol geldt meteen: wat er met de oude rol liep, eindigt. PaspoortFout met elk veld dat fout is.
        """
        oud = self._lees("PractitionerRole", m.id) if m.id else None
        eerder = self._medewerker(oud) if oud else None
        nieuw = replace(m, id=m.id or str(uuid4()), persoon=eerder.persoon if eerder else str(uuid4()))
        huis = self.organisatie(m.organisatie)
        fouten = []
        if huis.is_team or (eerder is not None and eerder.organisatie != m.organisatie):
            fouten.append(Melding("beheer-onbekend", "organisatie"))
        if m.rol and m.rol not in huis.rollen:
            fouten.append(Melding("beheer-rol", "rol"))
        if m.teams - set(self.opslag.register.teams_van_organisatie(m.organisatie)):
            fouten.append(Melding("beheer-onbekend", "teams"))
        if fouten:
            raise PaspoortFout(*fouten)
        rij = self.opslag.register.get("Practitioner", nieuw.persoon)
        functie = medewerker_naar(nieuw, oud)
        persoon = persoon_naar(nieuw.persoon, nieuw.naam, rij.inhoud if rij is not None else None)
        await self._schrijf("wijzigde" if oud else "maakte", persoon, functie)
        if eerder is not None and eerder.rol != nieuw.rol:
            await personeel.zet_rol(self.opslag, nieuw.id, nieuw.rol, int(time.time()))
        return nieuw.id

    async def koppel(self, functie: str, issuer: str, sub: str) -> None:
        """Laat het account (issuer, sub) met deze functie inloggen. PaspoortFout `beheer-verplicht` per leeg veld."""
        m = self.medewerker(functie)
        if leeg := [Melding("beheer-verplicht", naam) for naam, w in (("issuer", issuer), ("sub", sub)) if not w]:
            raise PaspoortFout(*leeg)
        await self._log("gaf een inlog", f"PractitionerRole/{functie}")
        account = await session.account_van(self.opslag, issuer, sub)
        account = account or await session.bewaar_account(self.opslag, issuer, sub, m.naam)
        if all(i.account.id != account.id for i in await personeel.inlogs_van(self.opslag, functie)):
            await session.zet_lidmaatschap(self.opslag, session.Lidmaatschap(account.id, m.rol, m.organisatie, functie))

    async def ontkoppel(self, functie: str, lid: str) -> None:
        """Haal een inlog bij een functie weg; wat er met die functie loopt, eindigt. PaspoortFout `niet-gevonden`."""
        if all(i.id != lid for i in await personeel.inlogs_van(self.opslag, functie)):
            raise PaspoortFout(Melding("niet-gevonden"))
        await self._log("haalde een inlog weg", f"PractitionerRole/{functie}")
        await personeel.stop_functie(self.opslag, functie, int(time.time()))
        await session.verwijder_lidmaatschap(self.opslag, lid)

    async def geef_code(self, functie: str) -> str:
        """Een code waarmee iemand na het inloggen deze functie aanneemt; een week geldig, een keer te gebruiken."""
        m = self.medewerker(functie)
        await self._log("maakte een code", f"PractitionerRole/{functie}")
        return await personeel.maak_code(self.opslag, m.organisatie, m.rol, functie, int(time.time()))

    # --- schorsen

    async def schors_organisatie(self, id: str, geschorst: bool) -> None:
        """Bij het volgende verzoek ziet niemand van deze organisatie nog iets, of weer wel."""
        if self.organisatie(id).is_team:
            raise PaspoortFout(Melding("beheer-onbekend", "organisatie"))
        await self._log(_schorswoord(geschorst), f"Organization/{id}")
        await self.opslag.schors(id, geschorst)

    async def schors_medewerker(self, functie: str, geschorst: bool) -> None:
        """Bij het volgende verzoek ziet deze persoon niets meer; sessies en tokens eindigen."""
        self.medewerker(functie)
        await self._log(_schorswoord(geschorst), f"PractitionerRole/{functie}")
        await personeel.schors_functie(self.opslag, functie, geschorst, int(time.time()))

    # --- mandaten

    async def zet_mandaat(self, m: Mandaat) -> None:
        """Laat `m.aan` een taak doen voor `m.van`. PaspoortFout met elk veld dat fout is."""
        fouten = []
        for veld, id_ in (("van", m.van), ("aan", m.aan)):
            rij = self.opslag.register.get("Organization", id_)
            if rij is None or rij.verwijderd or organisatie_uit(rij.inhoud).is_team:
                fouten.append(Melding("beheer-onbekend", veld))
        if m.van == m.aan:
            fouten.append(Melding("beheer-kring", "aan"))
        if m.taak != "*" and m.taak not in DOELEN:
            fouten.append(Melding("doel-onbekend", "taak"))
        fouten += [Melding("beheer-datum", v) for v, d in (("sinds", m.sinds), ("tot", m.tot)) if d and not _is_dag(d)]
        if not fouten and m.sinds and m.tot and m.tot < m.sinds:
            fouten.append(Melding("beheer-datum", "tot"))
        if fouten:
            raise PaspoortFout(*fouten)
        await self._log("gaf een mandaat", f"Organization/{m.van}", f"Organization/{m.aan}")
        await self.opslag.zet_mandaat(m)

    async def trek_mandaat_in(self, van: str, aan: str, taak: str) -> None:
        """Haal een mandaat weg; bij het volgende verzoek geldt het niet meer. PaspoortFout `niet-gevonden`."""
        if all((m.van, m.aan, m.taak) != (van, aan, taak) for m in self.opslag.register.mandaten):
            raise PaspoortFout(Melding("niet-gevonden"))
        await self._log("trok een mandaat in", f"Organization/{van}", f"Organization/{aan}")
        await self.opslag.trek_mandaat_in(van, aan, taak)

    # --- binnenkant

    def _lees(self, type: str, id: str) -> Json:
        versie = self.opslag.register.get(type, id)
        if versie is None or versie.verwijderd:
            raise PaspoortFout(Melding("niet-gevonden"))
        return versie.inhoud

    def _medewerker(self, functie: Json) -> Medewerker:
        m = medewerker_uit(functie, "")
        persoon = self.opslag.register.get("Practitioner", m.persoon)
        namen = persoon.inhoud.get("name") if persoon is not None else None
        naam = namen[0].get("text") if namen else None
        return replace(m, naam=naam or (functie.get("practitioner") or {}).get("display") or m.id)

    async def _schrijf(self, woord: str, *inhouden: Json) -> None:
        validator = self._validator()
        fouten = [f for i in inhouden for f in validator.controleer(i) if f.ernst == "error"]
        if fouten:
            raise PaspoortFout(*fouten)
        wijzigingen = [Wijziging(i["resourceType"], i["id"], i) for i in inhouden]
        regel = self._regel(woord, [f"{w.type}/{w.id}" for w in wijzigingen])
        for poging in range(POGINGEN):
            m = await self.opslag.momentopname(REGISTER)
            try:
                await self.opslag.schrijf(REGISTER, m.volgnummer, wijzigingen, self.door.account, "bron", [regel])
                return
            except Volgnummerbotsing:
                if poging == POGINGEN - 1:
                    raise PaspoortFout(Melding("te-druk")) from None

    async def _log(self, woord: str, *wat: str) -> None:
        await self.opslag.log([self._regel(woord, wat)])

    def _regel(self, woord: str, wat: Sequence[str]) -> Logregel:
        return beheerregel(self.door, woord, wat)


def beheerregel(door: Beheerder, woord: str, wat: Sequence[str]) -> Logregel:
    """De logregel van een beheerhandeling; over geen enkel paspoort."""
    return Logregel(
        actor=door.account, naam=door.naam, rol="beheerder", organisatie=None, client=None, namens=None,
        handeling=f"beheer: {woord}", partitie=None, doel=None, grond="dienst", wat=tuple(wat), uitkomst="gelukt",
    )  # fmt: skip


def _schorswoord(geschorst: bool) -> str:
    return "schorste" if geschorst else "hief een schorsing op"


def _is_dag(tekst: str) -> bool:
    try:
        return date.fromisoformat(tekst).isoformat() == tekst
    except ValueError:
        return False
