"""De stukken die bij een beslissing ontstaan: besluit, opdracht, brief en de toestemmingen die veranderen.

Zuiver: krijgt de momentopname en geeft inhoud. Of het mag en wat er ontbreekt, zegt `operations/beslis.py`. Bronnen:
docs/fhir-afbeelding.md (*Besluit*, *Opdracht*, *Afwijzing*), toegang.md §4 (einde van een toestemming), N4.3, Awb 6:7.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import uuid4

from paspoort.aanvraag import Fase, Opdracht, Opdrachtsoort, Verzoek
from paspoort.advies import FunctioneelAdvies
from paspoort.beschikking import Afwijking, Besluit, Besluitsoort, Bezwaar, bezwaar_tot
from paspoort.fhir.aanvraag import opdracht_naar_fhir
from paspoort.fhir.beschikking import naar_fhir as besluit_naar_fhir
from paspoort.fhir.beschikking import schrijf_afwijking
from paspoort.fhir.hulpmiddel import toekenning
from paspoort.fhir.stelsels import TAAKINVOER, TAAKSTATUS, codestelsel
from paspoort.fhir.toestemming import uit_fhir as toestemming_uit
from paspoort.gegeven import Periode
from paspoort.gezondheid import Metingsoort
from paspoort.herhaaltoets.basis import Basis
from paspoort.hulpmiddel import Toekenning, Toekenningsoort, Verstrekkingsvorm
from paspoort.paspoort import Paspoort
from paspoort.termijn import begin
from paspoort.toestemming import HIER, einde_na
from server.fhir.papier import pdf
from server.fhir.request import Json
from server.store.register import Register
from server.store.versions import Momentopname, Wijziging

FASE: Final[dict[str, Fase]] = {
    "doorgezet": Fase.DOORGEZET,
    "afgewezen": Fase.AFGEWEZEN,
    "toegekend": Fase.TOEGEKEND,
    "gewijzigd": Fase.TOEGEKEND,
    "verlengd": Fase.TOEGEKEND,
    "bedrag": Fase.TOEGEKEND,
}
IN_WOORDEN: Final[dict[str, str]] = {
    "doorgezet": "Het verzoek is doorgezet naar de leverancier.",
    "toegekend": "Het verzoek is toegekend.",
    "gewijzigd": "Het verzoek is toegekend, met een wijziging.",
    "verlengd": "De toekenning is verlengd.",
    "bedrag": "Er is een bedrag toegekend.",
    "afgewezen": "Het verzoek is afgewezen.",
}
# Besluiten waar de houder zelf mee koopt: dan is er geen opdracht.
VAN_BESLUIT: Final = ("extension", "codeCodeableConcept", "supportingInfo", "occurrencePeriod", "note", "reasonCode")
TOESTEMMING_BESLUIT: Final = frozenset({"onderzoek", "herhaalverzoek"})


@dataclass(frozen=True, slots=True)
class Zaak:
    """Wat er te beslissen is: de behandeling, het verzoek, en waar het op steunt."""

    m: Momentopname
    paspoort: Paspoort
    taak_id: str
    taak: Json
    verzoek: Verzoek
    steun: Basis
    organisatie: str  # id van de verstrekker
    nu: datetime
    gezien: frozenset[str]  # `QuestionnaireResponse/id` die de beslisser ziet; `paspoort` is alles

    @property
    def vandaag(self) -> date:
        """De dag van de beslissing, hier."""
        return self.nu.astimezone(HIER).date()

    @property
    def houder(self) -> str:
        """`Patient/id`."""
        return f"Patient/{self.m.partitie}"

    @property
    def categorie(self) -> str | None:
        """De categorie waar het om gaat."""
        return self.verzoek.categorie or (self.steun.hulpmiddel.categorie if self.steun.hulpmiddel else None)

    @property
    def advies(self) -> FunctioneelAdvies | None:
        """Het geldende advies, als dat een functioneel advies in het paspoort is."""
        gegeven = s.gegeven if (s := self.steun.advies) is not None and not s.ingetrokken else None
        return gegeven if isinstance(gegeven, FunctioneelAdvies) else None


def nieuw(inhoud: Json, id: str | None = None) -> Wijziging:
    """Een nieuwe resource die de server schrijft."""
    kaal = {k: w for k, w in inhoud.items() if k not in ("id", "meta")}
    return Wijziging(str(inhoud["resourceType"]), id or str(uuid4()), kaal, herkomst="bron")


def besluit(zaak: Zaak, uitkomst: str, gegeven: Json | None, afwijkingen: Sequence[Afwijking]) -> Json:
    """De `order`: wat er liep gaat door, en wat de verstrekker meegaf gaat voor. Kop en afzender zet de server."""
    steun = zaak.steun
    liep = steun.toegekend.toekenning if steun.toegekend else None
    vorm = steun.toegekend.vorm if steun.toegekend else None
    basis = besluit_naar_fhir(
        Besluit(
            soort=Besluitsoort.BESCHIKKING,
            genomen_op=zaak.vandaag,
            door=f"Organization/{zaak.organisatie}",
            grondslag=(zaak.verzoek.verwijzing,),
            categorie=zaak.categorie,
            toekenning=_toekenning(liep, zaak.vandaag),
            verstrekkingsvorm=Verstrekkingsvorm.PGB if uitkomst == "bedrag" and vorm is None else vorm,
            betreft=steun.gebruik.verwijzing if steun.gebruik else None,
            afwijkingen=tuple(afwijkingen),
            bezwaar=Bezwaar(tot=bezwaar_tot(zaak.vandaag)),
        ),
        zaak.houder,
    )
    basis.pop("meta", None)
    for naam in VAN_BESLUIT:
        if gegeven and naam in gegeven and naam != "extension":
            basis[naam] = gegeven[naam]
    eigen = [e for e in (gegeven or {}).get("extension", ()) if isinstance(e, dict)]
    urls = {e.get("url") for e in eigen} - {e["url"] for e in basis["extension"] if _is_afwijking(e)}
    basis["extension"] = [*(e for e in basis["extension"] if e["url"] not in urls), *eigen]
    return basis


def opdracht(zaak: Zaak, leverancier: str, looptijd_tot: date | None) -> Json:
    """De Task voor de leverancier: alleen wat die nodig heeft en mag zien (profiel `hmp-opdracht`)."""
    steun = zaak.steun
    advies = zaak.advies
    soort = Opdrachtsoort.VERVANGING if steun.gebruik else Opdrachtsoort.NIEUW
    taak = Opdracht(
        status="requested",
        fase=Fase.ONTVANGEN,
        eigenaar=leverancier,
        opdrachtgever=f"Organization/{zaak.organisatie}",
        gemaakt_op=zaak.nu.replace(microsecond=0),
        gewijzigd_op=zaak.nu.replace(microsecond=0),
        uiterlijk=begin("eerste-contact", zaak.vandaag).uiterlijk,
        doel="levering",
        soort=Opdrachtsoort.AANPASSING if zaak.verzoek.aanpassing else soort,
        categorie=zaak.categorie,
        hulpmiddel=steun.hulpmiddel.verwijzing if steun.hulpmiddel else None,
        gebruik=steun.gebruik.verwijzing if steun.gebruik else None,
        eisen=advies.verwijzing if advies else None,
        maten=_maten(zaak),
        looptijd=Periode(zaak.vandaag, looptijd_tot),
    )
    inhoud = opdracht_naar_fhir(taak, zaak.houder)
    inhoud.pop("meta", None)
    return inhoud


def afgerond(
    zaak: Zaak, uitkomst: str, uitvoer: Sequence[tuple[str, str]], afwijkingen: Sequence[Afwijking] = ()
) -> Json:
    """De behandeling met haar uitkomst; `uitvoer` zijn (taakinvoer-code, `Type/id`).

    `afwijkingen` staan hier als er geen besluit is om ze bij te zetten: een afwijzing.
    """
    regels: list[Json] = [_regel("uitkomst", {"valueCoding": {"system": codestelsel("uitkomst"), "code": uitkomst}})]
    regels += [_regel(code, {"valueReference": {"reference": plek}}) for code, plek in uitvoer]
    eigen = [e for a in afwijkingen for e in schrijf_afwijking(a)]
    extensies = [*zaak.taak.get("extension", ()), *eigen]
    return {
        **zaak.taak,
        **({"extension": extensies} if extensies else {}),
        "status": "completed",
        "businessStatus": {"coding": [{"system": TAAKSTATUS, "code": FASE[uitkomst].value}]},
        "lastModified": zaak.nu.isoformat(timespec="seconds"),
        "output": [*zaak.taak.get("output", ()), *regels],
    }


def brief(zaak: Zaak, uitkomst: str, naam: str, motivering: str, afwijkingen: Sequence[Afwijking]) -> list[Wijziging]:
    """De brief aan de houder: DocumentReference en Binary; de eerste is de DocumentReference."""
    redenen = [afwijking_in_woorden(a) for a in afwijkingen]
    bezwaar = f"U kunt tot en met {bezwaar_tot(zaak.vandaag).isoformat()} bezwaar maken bij {naam}."
    inhoud = pdf(
        "Besluit op uw verzoek",
        [("Van", naam), ("Datum", zaak.vandaag.isoformat())],
        [IN_WOORDEN[uitkomst], motivering, *redenen, bezwaar],
        zaak.nu,
    )
    binary = str(uuid4())
    document = {
        "resourceType": "DocumentReference",
        "status": "current",
        "docStatus": "final",
        "type": {"coding": [{"system": codestelsel("documentsoort"), "code": "brief"}]},
        "subject": {"reference": zaak.houder},
        "date": zaak.nu.isoformat(timespec="seconds"),
        "author": [{"reference": f"Organization/{zaak.organisatie}"}],
        "content": [{"attachment": {"contentType": "application/pdf", "url": f"Binary/{binary}"}}],
        "context": {"related": [{"reference": zaak.verzoek.verwijzing}]},
    }
    data = base64.b64encode(inhoud).decode()
    houder = {"reference": zaak.houder}
    bytes_ = {"resourceType": "Binary", "contentType": "application/pdf", "securityContext": houder, "data": data}
    return [nieuw(document), nieuw(bytes_, binary)]


def afwijking_in_woorden(afwijking: Afwijking) -> str:
    """Eén eis die niet gevolgd wordt, in gewone taal."""
    anders = f" In plaats daarvan: {afwijking.alternatief}" if afwijking.alternatief else ""
    return f"Niet gevolgd: {afwijking.eis} Reden: {afwijking.reden}{anders}"


def toestemmingen(zaak: Zaak, register: Register, leverancier: str | None) -> list[Wijziging]:
    """De Consents die door deze beslissing veranderen; ze blijven van de houder.

    Die van de verstrekker eindigt zes weken na het besluit, tenzij hij nog een verzoek behandelt. Die voor de
    leverancier, door de houder bij het verzoek klaargezet, gaat in. Wat een ander voorstelde, gaat nooit vanzelf in.
    """
    uit = []
    nog_bezig = _behandelt_nog(zaak, register)
    for versie in zaak.m.van_type("Consent"):
        t = toestemming_uit(versie.inhoud)
        organisaties = {register.organisatie_van(aan) for aan in t.aan}
        if t.status == "active" and t.doel in TOESTEMMING_BESLUIT and zaak.organisatie in organisaties:
            einde = einde_na(t.doel or "", "besluit", zaak.vandaag)
            tot = t.tot.date() if isinstance(t.tot, datetime) else t.tot
            if nog_bezig or einde is None or (tot is not None and tot <= einde):
                continue
            uit.append(_consent(versie.id, met_einde(versie.inhoud, einde), versie.auteur, versie.herkomst))
        elif (
            leverancier is not None
            and t.status == "proposed"
            and t.doel == "levering"
            and versie.auteur == zaak.houder
            and register.organisatie_van(leverancier) in organisaties
            and _gaat_hierover(zaak, t.betreft)
        ):
            actief = {**versie.inhoud, "status": "active"}
            uit.append(_consent(versie.id, actief, versie.auteur, versie.herkomst))
    return uit


def met_einde(consent: Json, einde: date) -> Json:
    """De Consent met deze einddatum."""
    provision = consent.get("provision") or {}
    periode = {**(provision.get("period") or {}), "end": einde.isoformat()}
    return {**consent, "provision": {**provision, "period": periode}}


def _consent(id_: str, inhoud: Json, auteur: str, herkomst: str) -> Wijziging:
    return Wijziging("Consent", id_, inhoud, auteur, herkomst)


def _gaat_hierover(zaak: Zaak, betreft: frozenset[str]) -> bool:
    hier = {g.verwijzing for g in (zaak.steun.gebruik, zaak.steun.hulpmiddel) if g is not None}
    return not betreft or bool(betreft & {*hier, zaak.verzoek.verwijzing, f"Task/{zaak.taak_id}"})


def _behandelt_nog(zaak: Zaak, register: Register) -> bool:
    return any(
        b.open and b.id != zaak.taak_id and register.organisatie_van(b.eigenaar or "") == zaak.organisatie
        for b in zaak.paspoort.behandelingen
    )


def _toekenning(liep: Toekenning | None, vandaag: date) -> Toekenning:
    """Zonder andere keuze: open einde (B1), of de einddatum die nog niet voorbij is."""
    if liep is not None and liep.soort is Toekenningsoort.EINDDATUM and liep.loopt_op(vandaag):
        return replace(liep, sinds=vandaag, besluit=None)
    return Toekenning(soort=Toekenningsoort.OPEN, sinds=vandaag)


def _maten(zaak: Zaak) -> tuple[str, ...]:
    """Per maat de nieuwste die voor dit hulpmiddel geldt."""
    hier = {g.verwijzing for g in (zaak.steun.gebruik, zaak.steun.hulpmiddel) if g is not None}
    nieuwste: dict[str, tuple[date, str]] = {}
    for meting in zaak.paspoort.metingen:
        past = not meting.betreft or hier & set(meting.betreft)
        if meting.soort is Metingsoort.MATEN and meting.geldt and meting.code and past:
            kandidaat = (meting.gemeten_op or date.min, meting.verwijzing)
            nieuwste[meting.code.code] = max(kandidaat, nieuwste.get(meting.code.code, kandidaat))
    return tuple(sorted(plek for _, plek in nieuwste.values()))


def _regel(code: str, waarde: Json) -> Json:
    return {"type": {"coding": [{"system": TAAKINVOER, "code": code}]}, **waarde}


def _is_afwijking(ext: Json) -> bool:
    return str(ext.get("url")).endswith("/afwijking")


def toekenning_tot(order: Json | None, zaak: Zaak) -> date | None:
    """Tot wanneer wat besloten is loopt: uit het nieuwe besluit, anders uit wat er liep."""
    gevonden = toekenning(order) if order else None
    if gevonden is None and zaak.steun.toegekend is not None:
        gevonden = zaak.steun.toegekend.toekenning
    return gevonden.tot if gevonden is not None and gevonden.soort is Toekenningsoort.EINDDATUM else None


def leverancier_van(zaak: Zaak, register: Register) -> str | None:
    """De leverancier die bij het hulpmiddel staat, of de eigenaar als dat een leverancier is."""
    middel = zaak.steun.hulpmiddel
    kandidaten = [middel.leverancier, middel.eigenaar] if middel else []
    return next((k for k in kandidaten if k and is_leverancier(register, k)), None)


def is_leverancier(register: Register, plek: str) -> bool:
    """Of `Organization/id` een actieve, niet geschorste leverancier is."""
    return "leverancier" in soorten_organisatie(register, plek)


def soorten_organisatie(register: Register, plek: str) -> frozenset[str]:
    """De soorten achter `Organization/id` (ook een team) of `PractitionerRole/id`; leeg als die nu niet meedoet."""
    id_ = register.organisatie_van(plek)
    versie = register.get("Organization", id_) if id_ else None
    if id_ is None or versie is None or versie.verwijderd or versie.inhoud.get("active") is False:
        return frozenset()
    if id_ in register.geschorst:
        return frozenset()
    stelsel = codestelsel("organisatiesoort")
    codes = [c for t in versie.inhoud.get("type", ()) for c in t.get("coding", ()) if c.get("system") == stelsel]
    return frozenset(str(c["code"]) for c in codes if c.get("code"))
