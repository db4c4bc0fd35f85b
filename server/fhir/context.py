"""Eén verzoek onderweg: wie vraagt, wat hij ziet, wat er gelogd en vastgelegd moet worden.

De deur maakt hem; interacties en operaties krijgen hem en kunnen alleen langs hem bij gegevens. Wat hier niet
uitkomt, is niet zichtbaar. Doet geen HTTP.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import extension
from paspoort.fhir.validatie import Validator
from paspoort.fouten import Melding, PaspoortFout
from server.access.actor import Actor
from server.access.scopes import is_fijn, laat_toe, nodig
from server.access.zicht import Getoond, Grond, Zicht
from server.fhir import afschrift, namens
from server.fhir.afschrift import Afschriftvraag
from server.fhir.definities import Definities
from server.fhir.regels import auteur_van
from server.fhir.request import FhirRequest, FhirResponse
from server.fhir.scopezicht import Doorgang, past, zicht_door_scope
from server.fhir.search.zoeken import Treffer
from server.registry import TYPES
from server.store.logrow import Logregel
from server.store.passports import Opslag
from server.store.register import REGISTER, Register
from server.store.versions import Deel, Momentopname, Versie, Wijziging

HOUDERS: Final = ("houder", "vertegenwoordiger")
Erbij = Callable[[tuple[Versie, ...]], Sequence[Wijziging]]
UIT_DOCUMENT: Final = extension("uit-document")
NIVEAU: Final[dict[str, str]] = {"app": "system", "persoon": "user", "dienst": "system"}


@dataclass(frozen=True, slots=True)
class Deur:
    """Wat alle verzoeken delen; onveranderlijk na het starten."""

    opslag: Opslag
    validator: Validator
    definities: Definities
    basis: str  # de FHIR-basis zonder schuine streep
    klok: Callable[[], datetime]
    voer_uit: Callable[[Actor, FhirRequest], Awaitable[FhirResponse]]  # Poort.handle, voor regels van een Bundle


@dataclass(slots=True)
class Blik:
    """Eén partitie door de ogen van deze vrager."""

    momentopname: Momentopname
    zicht: Zicht
    nieuw: bool = False  # bestaat nog niet in de opslag (proeftuin: het paspoort ontstaat met deze schrijfactie)


@dataclass(slots=True)
class Gezien:
    """Wat er uit één partitie naar buiten gaat, en op welke gronden: de stof voor de logregel."""

    wat: dict[str, None] = field(default_factory=dict)
    gronden: dict[int, tuple[Grond, ...]] = field(default_factory=dict)  # op identiteit: vergelijken is duurder

    def kopie(self) -> Gezien:
        """Een eigen exemplaar, om verder in te noteren."""
        return Gezien(dict(self.wat), dict(self.gronden))

    def noteer(self, naam: str, getoond: Getoond) -> None:
        """Eén resource erbij."""
        self.wat[naam] = None
        self.gronden[id(getoond.gronden)] = getoond.gronden

    def van(self, kies: Callable[[Grond], str | None]) -> str | None:
        """Wat `kies` uit elke gebruikte grond haalt, elk één keer, of None."""
        return " ".join(sorted({t for g in self.gronden.values() for x in g if (t := kies(x))})) or None


@dataclass(slots=True)
class Context:
    """De toestand van één poging; bij een botsing begint de deur met een nieuwe."""

    deur: Deur
    actor: Actor
    vraag: FhirRequest
    handeling: str
    nu: datetime
    blikken: dict[str, Blik] = field(default_factory=dict)
    gelogd: bool = False
    waarschuwingen: list[Melding] = field(default_factory=list)
    afschriften: list[Afschriftvraag] = field(default_factory=list)  # mee in de transactie van `leg_vast`
    plaatsmaken: list[str] = field(default_factory=list)  # testpaspoorten die weg kunnen als `leg_vast` lukte
    _gezien: dict[str | None, Gezien] = field(default_factory=dict)

    @property
    def opslag(self) -> Opslag:
        """De opslag; interacties lezen er alleen langs `blik` uit."""
        return self.deur.opslag

    @property
    def register(self) -> Register:
        """Het register zoals het nu is."""
        return self.deur.opslag.register

    # --- zien

    async def blik(self, partitie: str) -> Blik | None:
        """De partitie met het zicht erop, of None als zij niet bestaat."""
        al = self.blikken.get(partitie)
        if al is not None:
            return al
        try:
            momentopname = await self.opslag.momentopname(partitie)
        except PaspoortFout as fout:
            if fout.meldingen[0].code != "niet-gevonden":
                raise
            return None
        return self.kijk(momentopname)

    def kijk(self, momentopname: Momentopname, nieuw: bool = False) -> Blik:
        """Bepaal het zicht op een momentopname en onthoud het voor dit verzoek."""
        # In het register zijn mensen te zien die in een paspoort van dit verzoek genoemd worden (toegang.md §3).
        paspoorten = [b.zicht for b in self.blikken.values()] if momentopname.partitie == REGISTER else []
        doorgang = Doorgang(self.handeling, self.vraag.type, self.deur.basis)
        zicht = zicht_door_scope(self.actor, momentopname, self.register, self.nu, doorgang, paspoorten)
        blik = Blik(momentopname, zicht, nieuw)
        self.blikken[momentopname.partitie] = blik
        return blik

    def registerblik(self) -> Blik:
        """Het register door de ogen van deze vrager; zo nieuw als de laatste momentopname van dit verzoek."""
        return self.blikken.get(REGISTER) or self.kijk(self.register.momentopname)

    async def plaats(self, type: str, id: str) -> Blik | None:
        """De blik op de partitie waar deze resource staat. Wie bij één paspoort hoort, kijkt nooit ergens anders."""
        if TYPES[type].binding.soort == "register":
            partitie: str | None = REGISTER
        elif self.actor.patient is not None and self.actor.rol in HOUDERS:
            partitie = self.actor.patient
        else:
            partitie = await self.opslag.partitie_van(type, id)
        if partitie is None:
            # Hetzelfde werk als bij een paspoort dat er wel is: anders zegt de tijd dat het er niet is (toegang.md §6).
            self._schijnblik(await self.opslag.momentopname(REGISTER), id)
            return None
        return await self.blik(partitie)

    def _schijnblik(self, m: Momentopname, partitie: str) -> None:
        """Een zicht op een leeg paspoort, dat niemand krijgt."""
        doorgang = Doorgang(self.handeling, self.vraag.type, self.deur.basis)
        zicht_door_scope(self.actor, Momentopname(partitie, m.volgnummer), self.register, self.nu, doorgang, [])

    def toon(self, blik: Blik, versie: Versie) -> Getoond | None:
        """Wat de vrager van deze versie ziet; onthoudt voor het log dat en waarom hij het zag."""
        getoond = blik.zicht.toon(versie)
        if getoond is not None:
            self._gezien.setdefault(versie.partitie, Gezien()).noteer(f"{versie.type}/{versie.id}", getoond)
        return getoond

    def zichtbaar(self, blik: Blik, type: str, id: str) -> Treffer | None:
        """De resource als treffer, zonder haar als gezien te loggen (dat doet `geef`)."""
        versie = blik.momentopname.get(type, id)
        return None if versie is None or versie.verwijderd else treffer(versie, blik.zicht.toon(versie))

    def geef(self, blik: Blik, treffers: Iterable[Treffer]) -> None:
        """Noteer voor het log dat deze treffers de deur uit gaan, en op welke grond."""
        gezien = self._gezien.setdefault(blik.momentopname.partitie, Gezien())
        for t in treffers:
            if isinstance(t.bron, Getoond):
                gezien.noteer(f"{t.type}/{t.id}", t.bron)

    def gegeven(self, blik: Blik) -> Gezien:
        """Wat dit verzoek tot nu toe uit deze partitie gaf, om bij een zelfde antwoord weer te geven."""
        return self._gezien.get(blik.momentopname.partitie, Gezien()).kopie()

    def geef_weer(self, blik: Blik, gezien: Gezien) -> None:
        """Noteer voor het log dat precies dit weer de deur uit gaat."""
        self._gezien[blik.momentopname.partitie] = gezien.kopie()

    def eis_scope(self, type: str, interactie: str) -> None:
        """PaspoortFout `scope-ontbreekt` als het token dit niet dekt; zegt niets over gegevens."""
        if not laat_toe(self.actor.scopes, None, type, interactie):
            raise self._scope_ontbreekt(type, interactie)

    def eis_past(self, type: str, interactie: str, id: str, gezien: Getoond | Json) -> None:
        """PaspoortFout `scope-ontbreekt` als de scope deze interactie niet op deze ene resource toestaat."""
        if not past(self.actor.scopes, type, interactie, id, gezien, self.deur.basis):
            raise self._scope_ontbreekt(type, interactie)

    async def eis_past_nu(self, type: str, interactie: str, id: str) -> None:
        """Als `eis_past`, op de resource zoals de vrager haar nu ziet; wat hij niet ziet, meldt de operatie zelf."""
        if is_fijn(self.actor.scopes) and (blik := await self.plaats(type, id)) is not None:
            versie = blik.momentopname.get(type, id)
            getoond = blik.zicht.toon(versie) if versie is not None else None
            if getoond is not None:
                self.eis_past(type, interactie, id, getoond)

    def _scope_ontbreekt(self, type: str, interactie: str) -> PaspoortFout:
        niveau = "patient" if self.actor.patient else NIVEAU[self.actor.soort]
        scope = nodig(niveau, type, interactie)  # type: ignore[arg-type]
        return PaspoortFout(Melding("scope-ontbreekt", None, {"scope": scope}))

    def tel_zoeken(self) -> None:
        """Eén keer zoeken erbij voor dit account of deze app. `TeVaak` (429) boven de grens van `server/rem.py`."""
        self.opslag.rem.tel("zoeken.wie", self.actor.account or self.actor.client_id or self.actor.naam)

    def noteer(self, partitie: str | None, *wat: str) -> None:
        """Noteer voor het log wat er getoond is en niet uit een momentopname komt (het log zelf)."""
        self._gezien.setdefault(partitie, Gezien()).wat.update(dict.fromkeys(wat))

    def mag_lezen(self, type: str) -> bool:
        """Of het token dit type mag lezen; wat niet mag, komt ook niet mee met `_include` of `$everything`."""
        soort = TYPES.get(type)
        return soort is not None and laat_toe(self.actor.scopes, None, soort.scope_type, "read")

    def mag_tonen(self, type: str, id: str, getoond: Getoond) -> bool:
        """Of het token precies deze resource mag lezen."""
        return self.mag_lezen(type) and past(self.actor.scopes, type, "read", id, getoond, self.deur.basis)

    def leesbaar(self) -> frozenset[str]:
        """Alle types die het token mag lezen."""
        return _leesbaar(self.actor.scopes)

    # --- loggen en vastleggen

    def logregels(self, uitkomst: str, anders: Sequence[str] = ()) -> list[Logregel]:
        """De regels van dit verzoek: één per partitie, en altijd minstens één."""
        a = self.actor
        gezien = self._gezien or {next(iter(self.blikken), None): Gezien()}
        return [
            Logregel(
                actor=auteur_van(a),
                naam=a.naam,
                rol=a.rol,
                organisatie=a.organisatie,
                client=a.client_id,
                namens=a.namens,
                handeling=self.handeling,
                partitie=partitie,
                doel=g.van(lambda grond: grond.doel),
                grond=g.van(_grond_als_tekst),
                wat=(*g.wat, *(w for w in anders if w not in g.wat)),
                uitkomst=uitkomst,
            )
            for partitie, g in gezien.items()
        ]

    async def leg_vast(
        self, blik: Blik, wijzigingen: Sequence[Wijziging], erbij: Erbij | None = None
    ) -> tuple[Blik, tuple[Versie, ...]]:
        """Schrijf de wijzigingen met hun logregels in één transactie; geeft de nieuwe blik en de nieuwe versies.

        `erbij` maakt uit de nieuwe versies wat er in dit paspoort nog bij hoort (een zegel over hun bytes). Gevraagde
        afschriften gaan mee in dezelfde transactie. Volgnummerbotsing als iemand eerder was: de deur begint dan
        opnieuw. Daarna is dit verzoek gelogd.
        """
        m = blik.momentopname
        alles = [*wijzigingen, *self._gebeurtenissen(m, wijzigingen)]
        log = self.logregels("gelukt", [f"{w.type}/{w.id}" for w in alles])
        if blik.nieuw:
            await self.opslag.maak_partitie(m.partitie, m.soort, m.testdata_van)
        organisaties = {a.organisatie: await self._organisatiepartitie(a.organisatie) for a in self.afschriften}

        def vervolg(versies: tuple[Versie, ...]) -> tuple[Sequence[Wijziging], Sequence[Deel]]:
            delen: dict[str, list[Wijziging]] = {}
            for a in self.afschriften:
                naam = self._organisatienaam(a.organisatie)
                stukken = afschrift.wijzigingen(a, naam, blik.zicht, versies, self.deur.basis, self.nu)
                delen.setdefault(a.organisatie, []).extend(stukken)
            samen = [Deel(f"org-{o}", organisaties[o], tuple(w)) for o, w in delen.items()]
            return (erbij(versies) if erbij else ()), samen

        versies = await self.opslag.schrijf(
            m.partitie, m.volgnummer, alles, auteur_van(self.actor), lambda w: herkomst(self.actor, w), log, vervolg
        )
        self.gelogd = True
        for partitie in self.plaatsmaken:
            await self.opslag.wis(partitie)
        return self.kijk(await self.opslag.momentopname(m.partitie)), versies

    def _gebeurtenissen(self, m: Momentopname, wijzigingen: Sequence[Wijziging]) -> list[Wijziging]:
        """Per afschrift de Provenance waarin de houder het ziet, en die van wie namens de houder schreef."""
        wie = auteur_van(self.actor)
        bij_afschrift = [afschrift.gebeurtenis(a, m, wijzigingen, wie, self.nu) for a in self.afschriften]
        return [*bij_afschrift, *namens.gebeurtenissen(self.actor, m, wijzigingen, self.nu)]

    async def _organisatiepartitie(self, organisatie: str) -> int:
        """Het volgnummer van de partitie van een organisatie; zij ontstaat bij haar eerste afschrift."""
        partitie = f"org-{organisatie}"
        try:
            return (await self.opslag.momentopname(partitie)).volgnummer
        except PaspoortFout as fout:
            if fout.meldingen[0].code != "niet-gevonden":
                raise
        with contextlib.suppress(PaspoortFout):  # een ander verzoek maakte haar net
            await self.opslag.maak_partitie(partitie, "organisatie")
        return (await self.opslag.momentopname(partitie)).volgnummer

    def _organisatienaam(self, organisatie: str) -> str:
        versie = self.register.get("Organization", organisatie)
        return str(versie.inhoud.get("name") or organisatie) if versie and not versie.verwijderd else organisatie


@lru_cache(maxsize=2048)
def _leesbaar(scopes: frozenset[str] | None) -> frozenset[str]:
    return frozenset(t.name for t in TYPES.values() if laat_toe(scopes, None, t.scope_type, "read"))


def treffer(versie: Versie, getoond: Getoond | None) -> Treffer | None:
    """Een getoonde versie als treffer."""
    return None if getoond is None else Treffer(versie.type, versie.id, getoond)


def herkomst(actor: Actor, wijziging: Wijziging) -> str:
    """De herkomst van wat deze actor schrijft (docs/fhir-afbeelding.md, *Herkomst*)."""
    if actor.soort == "dienst":
        return "import"
    inhoud: Mapping[str, object] = wijziging.inhoud or {}
    if any(isinstance(e, dict) and e.get("url") == UIT_DOCUMENT for e in _lijst(inhoud.get("extension"))):
        return "document"  # ook als een professional het overneemt: hij schreef het niet
    if actor.rol not in HOUDERS:
        return "bron"
    bronnen = [*_lijst(inhoud.get("derivedFrom")), *_lijst(inhoud.get("supportingInfo"))]
    uit_document = any(
        isinstance(b, dict) and str(b.get("reference", "")).startswith("DocumentReference/") for b in bronnen
    )
    return "document" if uit_document or wijziging.type in ("DocumentReference", "Binary") else "zelf"


def _lijst(waarde: object) -> list[object]:
    return waarde if isinstance(waarde, list) else []


def _grond_als_tekst(grond: Grond) -> str:
    """`soort:verwijzing` voor het log, met de aanleiding erbij als een collega zo binnenkwam."""
    tekst = f"{grond.soort}:{grond.verwijzing}" if grond.verwijzing else grond.soort
    return f"{tekst} aanleiding:{grond.aanleiding}" if grond.aanleiding else tekst


def nu_utc() -> datetime:
    """De klok van de deur, tenzij een test een andere geeft."""
    return datetime.now(UTC)
