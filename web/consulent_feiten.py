"""Wat een consulent van een paspoort leest, in korte regels voor drie kolommen: wie, vooraf, eisen, middelen, besluit.

Elke lijst heeft een grens, zodat de bladzijde op één scherm past (richting.md, *known limits*). Haalt niets op.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from paspoort.aanvraag import Behandeling, Fase, Verzoek, Wijziging
from paspoort.advies import Eis, Eissoort, FunctioneelAdvies
from paspoort.beschikking import Besluit
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import codestelsel
from paspoort.fhir.vragenlijst import antwoorden
from paspoort.fhir.waarden import code_uit, objecten
from paspoort.fouten import PaspoortFout
from paspoort.gegeven import Gegeven, Herkomst
from paspoort.hulpmiddel import Contractvorm, Gebruik, Hulpmiddel
from paspoort.termijn import begin
from web.bladzijde import als_datum, dag
from web.boek import Boek
from web.werk import Feit, voornaam
from web.werkwoorden import (
    CONTRACTEN,
    ORGANISATIES,
    STELSELS,
    TOEKENNINGEN,
    VORMEN,
    categorie,
    kapitaal,
    maand,
    opsomming,
)
from web.woorden import naam_van

VOORAF_MAX: Final = 4
EISEN_MAX: Final = 6
TEKST_MAX: Final = 160
ZELF: Final = frozenset({Herkomst.ZELF, Herkomst.DOCUMENT, Herkomst.IMPORT})


@dataclass(frozen=True, slots=True)
class Waarom:
    """De vraag in de woorden van de houder."""

    tekst: str
    door: str


@dataclass(frozen=True, slots=True)
class Eisregel:
    """Eén eis met zijn omstandigheid of gevolg."""

    tekst: str
    klein: str


@dataclass(frozen=True, slots=True)
class Eisenblok:
    """De eisen van het geldende advies, noodzakelijk eerst; `meer` staat op de bladzijde van het advies."""

    adres: str
    wanneer: str
    door: str
    noodzakelijk: tuple[Eisregel, ...]
    wenselijk: tuple[Eisregel, ...]
    meer: int


@dataclass(frozen=True, slots=True)
class Besluitblok:
    """Het lopende besluit: kort, en de rest van de zin."""

    kop: str
    zin: str


@dataclass(frozen=True, slots=True)
class Papierregel:
    """Iets wat de houder opgaf en u nog niet bevestigde."""

    verwijzing: str
    tekst: str
    bron: str
    stuk: str


def wie(boek: Boek, verzoek: Verzoek) -> tuple[Feit, ...]:
    """Adres, naaste en hoe iemand contact wil."""
    houder = boek.paspoort.houder
    uit = []
    if houder.adressen:
        adres = houder.adressen[0]
        uit.append(Feit("Woont", ", ".join(adres.regels) or adres.plaats or "Onbekend"))
    naasten = [n.volledig for v in boek.paspoort.vertegenwoordigers for n in v.namen[:1]]
    if naasten:
        uit.append(Feit("Naaste", naasten[0]))
    voorkeur = _antwoord(boek, verzoek, "contactvoorkeur")
    telefoon = next((c.waarde for c in houder.contact if c.soort == "phone"), None)
    post = next((c.waarde for c in houder.contact if c.soort == "email"), None)
    if contact := voorkeur or telefoon or post:
        uit.append(Feit("Contact", contact))
    return tuple(uit)


def waarom(boek: Boek, verzoek: Verzoek) -> Waarom | None:
    """Wat de houder schreef."""
    tekst = _antwoord(boek, verzoek, "reden")
    door = voornaam(boek.paspoort) if (verzoek.aanvrager or "").startswith("Patient/") else "Een naaste"
    return Waarom(_kort(tekst), f"{door}, {dag(verzoek.ingediend_op)}") if tekst else None


def vooraf(boek: Boek) -> tuple[Feit, ...]:
    """Wat er eerder gebeurde, het nieuwste boven."""
    momenten: list[tuple[date, str]] = []
    for gebruik in boek.paspoort.gebruiken:
        hulpmiddel = boek.hulpmiddel_van(gebruik)
        geleverd = (hulpmiddel.geleverd_op if hulpmiddel else None) or (
            gebruik.periode.van if gebruik.periode else None
        )
        if geleverd:
            momenten.append((geleverd, naam_van(hulpmiddel)))
    for besluit in boek.paspoort.besluiten:
        if besluit.genomen_op:
            soort = TOEKENNINGEN.get(besluit.toekenning.soort, "").lower() if besluit.toekenning else ""
            momenten.append((besluit.genomen_op, f"Besluit, {soort}" if soort else "Besluit"))
    for opdracht in boek.paspoort.opdrachten:
        op = opdracht.gewijzigd_op
        if opdracht.fase is Fase.GEREPAREERD and op:
            momenten.append((op.date(), f"{naam_van(boek.paspoort.hulpmiddel(opdracht.hulpmiddel))} gerepareerd"))
    momenten.sort(key=lambda m: (m[0], m[1]), reverse=True)
    return tuple(Feit(maand(op), tekst) for op, tekst in momenten[:VOORAF_MAX])


def casemanagers(boek: Boek) -> tuple[Feit, ...]:
    """Per organisatie het vaste contact."""
    uit = []
    for lid in (c for b in boek.paspoort.begeleiding for c in b.casemanagers):
        organisatie = lid.organisatie or boek.huis(lid.lid)
        wie_ = lid.lid if boek.heeft(lid.lid) else organisatie
        soort = code_uit(_soort(boek.mensen.organisaties.get(organisatie or "", {})), codestelsel("organisatiesoort"))
        if boek.heeft(wie_):
            uit.append(Feit(kapitaal(ORGANISATIES.get(soort or "", "contact")), boek.naam(wie_)))
    return tuple(uit[:3])


def eisen(boek: Boek) -> Eisenblok | None:
    """De eisen van het nieuwste geldende advies."""
    adviezen = boek.paspoort.nieuwste_adviezen
    if not adviezen:
        return None
    advies = max(adviezen, key=lambda a: (str(a.geschreven_op or ""), str(a.moment or ""), a.id))
    nodig = [e for e in advies.eisen if e.soort is not Eissoort.WENSELIJK]
    wens = [e for e in advies.eisen if e.soort is Eissoort.WENSELIJK]
    ruimte = max(EISEN_MAX - len(nodig), 0)
    return Eisenblok(
        adres=f"/advies/{advies.id}/lees",
        wanneer=f"Definitief, {dag(advies.geschreven_op)}" if advies.geschreven_op else "Definitief",
        door=_advieszin(boek, advies),
        noodzakelijk=tuple(_eisregel(e) for e in nodig[:EISEN_MAX]),
        wenselijk=tuple(_eisregel(e) for e in wens[:ruimte]),
        meer=max(len(nodig) - EISEN_MAX, 0) + max(len(wens) - ruimte, 0),
    )


def middelen(boek: Boek, betreft: Gebruik | None) -> tuple[tuple[str, str, str], ...]:
    """Per wet: (wet, het hulpmiddel waar het om gaat, de andere)."""
    per_wet: dict[str, list[Gebruik]] = {}
    for gebruik in boek.paspoort.lopende_gebruiken:
        verstrekker = gebruik.verstrekker_op(boek.vandaag)
        wet = STELSELS.get(verstrekker.stelsel or "", "Anders") if verstrekker else "Anders"
        per_wet.setdefault(wet, []).append(gebruik)
    volgorde = [*STELSELS.values(), "Anders"]
    uit = []
    for wet in sorted(per_wet, key=volgorde.index):
        dit = betreft is not None and betreft in per_wet[wet]
        rest = [naam_van(boek.hulpmiddel_van(g)) for g in per_wet[wet] if g is not betreft]
        naam = naam_van(boek.hulpmiddel_van(betreft)) if dit else ""
        anderen = opsomming(r.lower() if dit or n else r for n, r in enumerate(rest))
        uit.append((wet, naam, anderen))
    return tuple(uit)


def lopend_besluit(boek: Boek, gebruik: Gebruik | None) -> Besluit | None:
    """Het nieuwste geldende besluit over dit gebruik."""
    if gebruik is None:
        return None
    genoemd = gebruik.toekenning.besluit if gebruik.toekenning else None
    passend = [
        b
        for b in boek.paspoort.besluiten
        if b.geldt_op(boek.vandaag) and (b.betreft == gebruik.verwijzing or b.verwijzing == genoemd)
    ]
    return max(passend, key=lambda b: (str(b.genomen_op or ""), b.id), default=None)


def besluitblok(
    boek: Boek, gebruik: Gebruik | None, hulpmiddel: Hulpmiddel | None, behandeling: Behandeling
) -> Besluitblok | None:
    """Duur, sinds wanneer, vorm, contract en wanneer pgb besproken is."""
    besluit = lopend_besluit(boek, gebruik)
    toekenning = (besluit.toekenning if besluit else None) or (gebruik.toekenning if gebruik else None)
    if toekenning is None:
        return None
    sinds = toekenning.sinds or (besluit.genomen_op if besluit else None)
    kop = TOEKENNINGEN.get(toekenning.soort, "Besluit")
    if toekenning.tot:
        kop += f" {dag(toekenning.tot)}"
    vorm = (besluit.verstrekkingsvorm if besluit else None) or (gebruik.verstrekkingsvorm if gebruik else None)
    contract = hulpmiddel.contractvorm if hulpmiddel else None
    delen = [
        VORMEN.get(vorm or "", ""),
        CONTRACTEN.get(contract, "") if contract is not Contractvorm.ONBEKEND and contract else "",
    ]
    zinnen = [kapitaal(", ".join(d for d in delen if d))]
    if behandeling.pgb_besproken_op:
        zinnen.append(f"Pgb besproken op {dag(behandeling.pgb_besproken_op)}")
    start = f", sinds {dag(sinds)}. " if sinds else ". "
    return Besluitblok(kop, start + " ".join(f"{z}." for z in zinnen if z))


def papier(boek: Boek, gebruik: Gebruik | None, hulpmiddel: Hulpmiddel | None) -> tuple[Papierregel, ...]:
    """Wat bij dit verzoek telt maar nog van de houder zelf of van papier komt; het besluit voorop."""
    besluit = lopend_besluit(boek, gebruik)
    stukken: list[tuple[Gegeven, str]] = []
    if besluit:
        wanneer = f" van {dag(besluit.genomen_op)}" if besluit.genomen_op else ""
        stukken.append((besluit, f"Besluit{wanneer}"))
    if gebruik:
        stukken.append((gebruik, f"Toekenning en gebruik van {naam_van(hulpmiddel).lower()}"))
    if hulpmiddel:
        stukken.append((hulpmiddel, f"{naam_van(hulpmiddel)}: soort, contract en levering"))
    return tuple(
        Papierregel(g.verwijzing, tekst, _bron(boek, g), _stuk(boek, g)) for g, tekst in stukken if g.telt_als in ZELF
    )


def uiterlijk_van(behandeling: Behandeling, verzoek: Verzoek) -> date | None:
    """De laatste dag: zoals afgesproken in de taak, anders de wettelijke termijn (Wmo 2.3.2 en 2.3.5)."""
    if behandeling.uiterlijk:
        return behandeling.uiterlijk
    sinds = behandeling.aanvraagdatum or behandeling.meldingsdatum or als_datum(behandeling.gemaakt_op)
    code = "beschikking" if verzoek.wijziging is Wijziging.ONGEWIJZIGD else "onderzoek"
    return begin(code, sinds).uiterlijk if sinds else None


def titel(boek: Boek, verzoek: Verzoek) -> str:
    """*Vervanging elektrische rolstoel*."""
    gebruik = boek.paspoort.gebruik(verzoek.betreft)
    hulpmiddel = boek.hulpmiddel_van(gebruik)
    wat = (naam_van(hulpmiddel) if hulpmiddel else categorie(verzoek.categorie) or "hulpmiddel").lower()
    if verzoek.aanpassing:
        return f"Aanpassing {wat}"
    return f"Vervanging {wat}" if gebruik else f"Nieuw: {wat}"


def _soort(organisatie: Json) -> object:
    return next(iter(objecten(organisatie.get("type"))), None)


def _antwoord(boek: Boek, verzoek: Verzoek, code: str) -> str | None:
    for plek in verzoek.formulieren:
        inhoud = boek.inhouden.get(plek)
        try:
            tekst = antwoorden(inhoud).tekst(code) if inhoud else None
        except PaspoortFout:  # een versie die wij niet kennen
            tekst = None
        if tekst:
            return tekst
    return None


def _advieszin(boek: Boek, advies: FunctioneelAdvies) -> str:
    naam = advies.schrijver.naam if advies.schrijver else None
    naam = naam or (boek.naam(advies.auteur) if boek.heeft(advies.auteur) else None)
    rol = f", {advies.schrijver.rol}" if advies.schrijver and advies.schrijver.rol else ""
    eens = {"ja": "Cliënt is het ermee eens.", "nee": "Cliënt is het er niet mee eens."}.get(advies.akkoord or "", "")
    return " ".join(d for d in (f"{naam}{rol}." if naam else "", eens) if d)


def _eisregel(eis: Eis) -> Eisregel:
    return Eisregel(_kort(eis.tekst), _kort(eis.omstandigheden or eis.gevolg or ""))


def _bron(boek: Boek, gegeven: Gegeven) -> str:
    wie_ = boek.paspoort.houder.naam or "de cliënt"
    op = f", {dag(gegeven.moment)}" if gegeven.moment else ""
    return f"{'Van papier, door' if gegeven.herkomst is Herkomst.DOCUMENT else 'Opgegeven door'} {wie_}{op}"


def _stuk(boek: Boek, gegeven: Gegeven) -> str:
    """Het adres van de foto of scan waar dit van kwam, of leeg."""
    genoemd: Iterable[str] = gegeven.documenten if isinstance(gegeven, Besluit) else ()
    for document in boek.paspoort.documenten:
        if document.bijlagen and (document.verwijzing in genoemd or gegeven.verwijzing in document.betreft):
            return f"/stuk/{document.id}"
    return ""


def _kort(tekst: str) -> str:
    """Wat op één scherm past; de hele tekst staat op de bladzijde van het advies of de cliënt."""
    schoon = " ".join(tekst.split())
    return schoon if len(schoon) <= TEKST_MAX else schoon[: TEKST_MAX - 1].rsplit(" ", 1)[0] + "…"
