"""De intake: één verzoek op één bladzijde, met het voorstel, elke grond en norm, en één knop (beeld `07-intake`).

Toont alleen wat de deur geeft; de uitslag komt van `$herhaaltoets`, beslissen gaat met `$beslis`, papier bevestigen met
`$bevestig`. Anders beslissen staat in `consulent_anders.py`.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.aanvraag import Behandeling, Fase, Verzoek
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import TAAKSTATUS
from paspoort.paspoort import vind
from paspoort.termijn import begin
from web.bezoek import Bezoek, Huis, bladzijde
from web.bladzijde import dag
from web.boek import Boek, sla_open
from web.consulent_feiten import (
    Besluitblok,
    Eisenblok,
    Papierregel,
    Waarom,
    besluitblok,
    casemanagers,
    eisen,
    middelen,
    papier,
    titel,
    uiterlijk_van,
    vooraf,
    waarom,
    wie,
)
from web.consulent_toets import Grond, Ontbreekt, Toets, uit_guidance
from web.deur import DeurFout
from web.gesprek import Regel, gesprek
from web.werk import Badge, Feit, Fout, TeGast, Werkkop, badge, fouten_uit, te_gast, werkkop
from web.werkwoorden import UITKOMST_VOORBIJ, WIJZIGINGEN

VEILIGE_SOORTEN: Final = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
MAX_LICHTER: Final = 1


@dataclass(frozen=True, slots=True)
class Voorstel:
    """Wat de herhaaltoets voorstelt, en de ene knop die daarbij hoort (`actie` en `knop`)."""

    titel: str
    kloppend: int
    gronden: tuple[Grond, ...]
    ontbreekt: tuple[Ontbreekt, ...]
    vragen: str
    lichter: tuple[str, ...]
    actie: str
    knop: str
    daarna: str


@dataclass(frozen=True)
class IntakeContext:
    """Eén verzoek."""

    kop: Werkkop
    gast: TeGast
    id: str
    titel: str
    aan_de_beurt: bool
    beurt: str
    termijn: Badge | None
    labels: tuple[str, ...]
    wie: tuple[Feit, ...]
    bsn: str
    waarom: Waarom | None
    gesprek: tuple[Regel, ...]
    vooraf: tuple[Feit, ...]
    casemanagers: tuple[Feit, ...]
    eisen: Eisenblok | None
    middelen: tuple[tuple[str, str, str], ...]
    besluit: Besluitblok | None
    papier: tuple[Papierregel, ...]
    voorstel: Voorstel | None
    besloten: str
    fouten: tuple[Fout, ...]


@dataclass(frozen=True)
class Zaak:
    """De behandeling met alles eromheen."""

    taak: Json
    boek: Boek
    behandeling: Behandeling
    verzoek: Verzoek
    toets: Toets | None


def router(huis: Huis) -> APIRouter:
    """`/intake/{id}` en het stuk dat erbij hoort."""
    paden = APIRouter()
    paden.add_api_route("/intake/{id}", bladzijde(huis, "consulent", intake), methods=["GET"])
    paden.add_api_route("/intake/{id}", bladzijde(huis, "consulent", doe), methods=["POST"])
    paden.add_api_route("/stuk/{id}", bladzijde(huis, "professional", stuk), methods=["GET"])
    return paden


async def intake(bezoek: Bezoek) -> Response:
    """De bladzijde."""
    return _toon(bezoek, await open_zaak(bezoek))


async def doe(bezoek: Bezoek) -> Response:
    """Eén knop: `bevestig` (het voorstel), `onderzoek`, `papier` of `bsn`."""
    zaak = await open_zaak(bezoek)
    actie = bezoek.veld("actie")
    if actie == "bsn":
        return _toon(bezoek, zaak, bsn=_bsn(await bezoek.deur.lees("Patient", zaak.boek.paspoort.houder.id)))
    try:
        if actie == "bevestig":
            uitkomst = "doorgezet" if zaak.toets and zaak.toets.licht else "gewijzigd"
            parameters = [{"name": "uitkomst", "valueCode": uitkomst}]
            await bezoek.deur.operatie("Task", zaak.behandeling.id, "beslis", parameters)
        elif actie == "papier":
            await _bevestig_papier(bezoek, zaak)
        elif actie == "onderzoek":
            await bezoek.deur.wijzig(naar_fase(zaak, Fase.IN_ONDERZOEK, "in-progress"))
    except DeurFout as nee:
        if nee.status not in (400, 403, 409, 412, 422):
            raise
        return _toon(bezoek, await open_zaak(bezoek), fouten=fouten_uit(nee.bevindingen))
    return bezoek.naar(f"/intake/{zaak.behandeling.id}")


async def stuk(bezoek: Bezoek) -> Response:
    """De foto of scan achter een document; alleen soorten die een browser veilig toont."""
    document = await bezoek.deur.lees("DocumentReference", str(bezoek.request.path_params["id"]))
    inhoud = document.get("content") or [{}]
    adres = str((inhoud[0].get("attachment") or {}).get("url", ""))
    if not adres:
        raise DeurFout(404, ())
    bestand = await bezoek.deur.lees("Binary", adres.rpartition("/")[2])
    soort = str(bestand.get("contentType", ""))
    if soort not in VEILIGE_SOORTEN:
        raise DeurFout(404, ())
    koppen = {"Content-Disposition": "inline", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(base64.b64decode(str(bestand.get("data", ""))), media_type=soort, headers=koppen)


async def open_zaak(bezoek: Bezoek) -> Zaak:
    """De taak en het paspoort erbij. `DeurFout` 404 als dit geen behandeling is die u ziet."""
    taak = await bezoek.deur.lees("Task", str(bezoek.request.path_params["id"]))
    patient = str((taak.get("for") or {}).get("reference", "")).removeprefix("Patient/")
    boek = await sla_open(bezoek.deur, patient)
    behandeling = vind(boek.paspoort.behandelingen, f"Task/{taak['id']}")
    verzoek = vind(boek.paspoort.verzoeken, behandeling.verzoek) if behandeling else None
    if behandeling is None or verzoek is None:
        raise DeurFout(404, ())
    return Zaak(taak, boek, behandeling, verzoek, await _toets(bezoek, verzoek))


def naar_fase(zaak: Zaak, fase: Fase, status: str) -> Json:
    """De taak in een andere fase, sinds nu: de houder leest sinds wanneer iemand aan de beurt is."""
    return {
        **zaak.taak,
        "lastModified": zaak.boek.nu.isoformat(timespec="milliseconds"),
        "status": status,
        "businessStatus": {"coding": [{"system": TAAKSTATUS, "code": fase.value}]},
    }


async def _toets(bezoek: Bezoek, verzoek: Verzoek) -> Toets | None:
    try:
        return uit_guidance(await bezoek.deur.operatie("DeviceRequest", verzoek.id, "herhaaltoets"))
    except DeurFout as nee:
        if nee.status in (403, 404):
            return None
        raise


async def _bevestig_papier(bezoek: Bezoek, zaak: Zaak) -> None:
    gebruik = zaak.boek.paspoort.gebruik(zaak.verzoek.betreft)
    plekken = [r.verwijzing for r in papier(zaak.boek, gebruik, zaak.boek.hulpmiddel_van(gebruik))]
    if not plekken:
        return
    type_, _, id_ = plekken[0].partition("/")
    ook = [{"name": "ook", "valueReference": {"reference": p}} for p in plekken[1:]]
    await bezoek.deur.operatie(type_, id_, "bevestig", ook)


def _toon(bezoek: Bezoek, zaak: Zaak, fouten: tuple[Fout, ...] = (), bsn: str = "") -> Response:
    return bezoek.toon("werk/intake.html", _context(bezoek, zaak, fouten, bsn), 422 if fouten else 200)


def _context(bezoek: Bezoek, zaak: Zaak, fouten: tuple[Fout, ...], bsn: str) -> IntakeContext:
    boek, behandeling, verzoek = zaak.boek, zaak.behandeling, zaak.verzoek
    gebruik = boek.paspoort.gebruik(verzoek.betreft)
    hulpmiddel = boek.hulpmiddel_van(gebruik)
    wacht = behandeling.fase is Fase.WACHT_OP_HOUDER
    return IntakeContext(
        kop=werkkop(bezoek, "werkvoorraad"),
        gast=te_gast(boek, bezoek.actor, behandeling.doel),
        id=behandeling.id,
        titel=titel(boek, verzoek),
        aan_de_beurt=behandeling.open and not wacht,
        beurt="De cliënt is aan de beurt" if behandeling.open and wacht else "",
        termijn=badge(uiterlijk_van(behandeling, verzoek), boek.vandaag) if behandeling.open else None,
        labels=_labels(zaak),
        wie=wie(boek, verzoek),
        bsn=bsn,
        waarom=waarom(boek, verzoek),
        gesprek=gesprek(boek, behandeling.verwijzing),
        vooraf=vooraf(boek),
        casemanagers=casemanagers(boek),
        eisen=eisen(boek),
        middelen=middelen(boek, gebruik),
        besluit=besluitblok(boek, gebruik, hulpmiddel, behandeling),
        papier=papier(boek, gebruik, hulpmiddel) if behandeling.open else (),
        voorstel=_voorstel(zaak, boek.naam(_leverancier(zaak)) if _leverancier(zaak) else "") if zaak.toets else None,
        besloten=_besloten(zaak),
        fouten=fouten,
    )


def _labels(zaak: Zaak) -> tuple[str, ...]:
    uit = [WIJZIGINGEN.get(zaak.verzoek.wijziging or "", "")]
    if zaak.behandeling.spoed:
        uit.append("Spoed")
    if zaak.behandeling.ontslagdatum:
        uit.append(f"Naar huis op {dag(zaak.behandeling.ontslagdatum)}")
    if zaak.toets and any(g.feit == "bekend" and g.uitkomst == "ja" for g in zaak.toets.gronden):
        uit.append("Bekende cliënt")
    return tuple(t for t in uit if t)


def _leverancier(zaak: Zaak) -> str | None:
    """Wie het hulpmiddel nu levert, als u die kent."""
    hulpmiddel = zaak.boek.hulpmiddel_van(zaak.boek.paspoort.gebruik(zaak.verzoek.betreft))
    plek = hulpmiddel.leverancier if hulpmiddel else None
    return plek if zaak.boek.heeft(plek) else None


def _voorstel(zaak: Zaak, leverancier: str) -> Voorstel:
    toets = zaak.toets
    assert toets is not None
    open_ = zaak.behandeling.open
    naar = f" naar {leverancier}" if leverancier else ""
    actie, knop, daarna = "", "", ""
    if open_ and toets.licht:
        actie, knop = "bevestig", f"Bevestig: zet door{naar}"
        uiterlijk = begin("eerste-contact", zaak.boek.vandaag).uiterlijk
        daarna = f"{leverancier or 'De leverancier'} belt uiterlijk {dag(uiterlijk)} (N4.3)."
    elif open_ and toets.route == "akkoord-casemanager":
        actie, knop = "bevestig", f"Geef akkoord: zet door{naar}"
    elif open_ and zaak.behandeling.fase is Fase.INGEDIEND:
        actie, knop = "onderzoek", "Begin het onderzoek"
    vragen = f"{toets.gevraagd} vragen te stellen, {toets.bespaard} bespaard."
    return Voorstel(
        titel=toets.titel,
        kloppend=toets.kloppend,
        gronden=toets.gronden,
        ontbreekt=toets.ontbreekt if not toets.licht else (),
        vragen=vragen if toets.gevraagd else f"0 medische vragen gesteld, {toets.bespaard} bespaard.",
        lichter=toets.lichter[:MAX_LICHTER],
        actie=actie,
        knop=knop,
        daarna=daarna,
    )


def _besloten(zaak: Zaak) -> str:
    b = zaak.behandeling
    if b.open:
        return ""
    op = dag(b.gewijzigd_op or b.moment)
    wat = UITKOMST_VOORBIJ.get(b.uitkomst or "", "Ingetrokken door de cliënt")
    opdracht = vind(zaak.boek.paspoort.opdrachten, b.opdracht)
    naar = f" naar {zaak.boek.naam(opdracht.eigenaar)}" if opdracht and zaak.boek.heeft(opdracht.eigenaar) else ""
    return f"{wat}{naar} op {op}."


def _bsn(patient: Json) -> str:
    for i in patient.get("identifier", ()):
        if str(i.get("system")).endswith("/bsn"):
            return str(i.get("value", ""))
    return "Dit paspoort heeft geen BSN."
