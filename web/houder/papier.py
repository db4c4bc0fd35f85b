"""Een brief of advies van papier: een foto en een paar velden. Telt mee zodra iemand het bevestigt.

Het bestand, het document en het besluit gaan in één transactie. Bron: herhaaltoets.md (*Herkomst*),
docs/fhir-afbeelding.md (*Besluit*, *Document*).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.document import Documentsoort
from paspoort.fhir.vragenlijst.invoertekst import datum_iso
from paspoort.fhir.waarden import ext, verwijzing
from paspoort.gegeven import Herkomst
from paspoort.paspoort import vind
from paspoort.toestemming import HIER
from web import adviespapier
from web.bestand import TOONBAAR, lees_bestand
from web.bezoek import Bezoek, Huis
from web.boek import Boek
from web.deur import DeurFout, nieuw_adres
from web.houder import papierstuk
from web.houder.kader import Fout, Kop, hang, id_van, kop, open_boek, patient_van, toon
from web.houder.papierstuk import ANDERS, BESLUIT_BIJ
from web.woorden import naam_van

# In de volgorde van de bladzijde: zo loopt ook de lijst met fouten.
VELDEN: Final = (
    "foto", "organisatie", "wie", "op", "hulpmiddel", "hulpmiddel_naam", "waarover", "nodig", "duur", "tot", "vorm",
)  # fmt: skip
DUUR: Final = {
    "open": "Er staat geen einddatum in",
    "evaluatiemoment": "Er staat een datum in om te kijken hoe het gaat",
    "einddatum": "Er staat een einddatum in",
}
VORM: Final = {
    "natura": "Ik kreeg het hulpmiddel zelf",
    "pgb": "Ik kreeg geld om het te kopen (pgb)",
    "tegemoetkoming": "Ik kreeg een deel van het geld",
}


@dataclass(frozen=True, slots=True)
class Optie:
    """Iets om uit te kiezen."""

    code: str
    tekst: str
    gekozen: bool


@dataclass(frozen=True)
class Kiezen:
    """Wat voor papier is het?"""

    SJABLOON: ClassVar[str] = "houder/papier.html"

    kop: Kop


@dataclass(frozen=True)
class Invullen:
    """Een foto en een paar velden; wat getypt is blijft staan."""

    SJABLOON: ClassVar[str] = "houder/papier_invullen.html"

    kop: Kop
    soort: str
    titel: str
    op: str
    wie: str
    organisaties: tuple[Optie, ...]
    hulpmiddelen: tuple[Optie, ...]
    hulpmiddel_naam: str
    waarover: str
    nodig: str
    duren: tuple[Optie, ...]
    tot: str
    vormen: tuple[Optie, ...]
    fouten: tuple[Fout, ...]


@dataclass(frozen=True)
class Stuk:
    """Eén papier in het paspoort."""

    SJABLOON: ClassVar[str] = "houder/papier_stuk.html"

    kop: Kop
    titel: str
    omschrijving: str
    op: date | None
    over: tuple[str, ...]
    bevestigd_door: str
    bevestigd_op: date | None
    zelf: bool
    bestand: str | None
    advies: str | None
    beeld: bool
    net_bewaard: bool


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/papier`, `/papier/nieuw/{id}`, `/papier/{id}` en het bestand erbij."""
    hang(router, huis, "/papier", kiezen)
    hang(router, huis, "/papier/nieuw/{id}", invullen)
    hang(router, huis, "/papier/nieuw/{id}", bewaar, "POST")
    hang(router, huis, "/papier/{id}", stuk)
    hang(router, huis, "/papier/{id}/bestand", bestand)


async def kiezen(bezoek: Bezoek) -> Response:
    """Een besluit of een advies."""
    return toon(bezoek, Kiezen(kop(bezoek, await open_boek(bezoek), "meer")))


async def invullen(bezoek: Bezoek) -> Response:
    """Het lege formulier."""
    return await _formulier(bezoek, await open_boek(bezoek), ())


async def bewaar(bezoek: Bezoek) -> Response:
    """Controleer alles tegelijk en bewaar het in één keer."""
    boek = await open_boek(bezoek)
    soort = _soort(bezoek)
    bytes_, mediatype, fout = await lees_bestand(bezoek.bestand("foto"))
    fouten = [Fout("foto", fout)] if fout else []
    op = _datum(bezoek, "op", boek.vandaag, fouten, "Vul de datum in die op het papier staat.")
    organisaties = await _organisaties(bezoek)
    fouten += _controleer(bezoek, boek, soort, set(organisaties))
    tot = None
    if soort is Documentsoort.BESCHIKKING and bezoek.veld("duur") in ("evaluatiemoment", "einddatum"):
        tot = _datum(bezoek, "tot", None, fouten, "Vul de datum in die bij het einde staat.")
    if fouten:
        if not fout:
            fouten.append(Fout("foto", "Kies de foto nog een keer. Die kunnen wij niet voor u bewaren."))
        return await _formulier(bezoek, boek, tuple(sorted(fouten, key=lambda f: VELDEN.index(f.veld))))
    document, foto = nieuw_adres(), nieuw_adres()
    regels, gebruik = papierstuk.hulpmiddel(bezoek, boek, organisaties)
    if soort is Documentsoort.BESCHIKKING:
        regels.append(papierstuk.besluit(bezoek, boek, op, tot, document, gebruik, organisaties))
    if soort is Documentsoort.ADVIES:
        houder = f"Patient/{patient_van(bezoek)}"
        regels.append(adviespapier.advies(bezoek, houder, houder, op, document))
    data = base64.b64encode(bytes_).decode()
    antwoord = await bezoek.deur.samen(
        {**papierstuk.document(bezoek, soort, op, foto, mediatype, gebruik), "_fullUrl": document},
        {"resourceType": "Binary", "contentType": mediatype, "data": data, "_fullUrl": foto},
        *regels,
    )
    plek = str(antwoord[0].get("response", {}).get("location", "")).partition("DocumentReference/")[2]
    return bezoek.naar(f"/papier/{plek.partition('/')[0]}?bewaard")


async def stuk(bezoek: Bezoek) -> Response:
    """Eén papier, en of iemand het bevestigde."""
    boek = await open_boek(bezoek)
    document = vind(boek.paspoort.documenten, f"DocumentReference/{id_van(bezoek)}")
    if document is None:
        raise DeurFout(404, ())
    hierop = [b for b in boek.paspoort.besluiten if document.verwijzing in b.documenten]
    bevestigd = next((g for g in (document, *hierop) if g.bevestigd_op), None)
    bijlage = document.bijlagen[0] if document.bijlagen else None
    dingen = [boek.paspoort.hulpmiddel(p) or boek.hulpmiddel_van(boek.paspoort.gebruik(p)) for p in document.betreft]
    namen = [naam_van(h) for h in dingen if h is not None]
    return toon(
        bezoek,
        Stuk(
            kop=kop(bezoek, boek, "meer"),
            titel=(document.soort or Documentsoort.OVERIG).value.capitalize(),
            omschrijving=document.omschrijving or "",
            op=document.van.astimezone(HIER).date() if document.van else None,
            over=tuple(dict.fromkeys(namen)),
            bevestigd_door=boek.wie(bevestigd.bevestigd_door) if bevestigd else "",
            bevestigd_op=bevestigd.bevestigd_op if bevestigd else None,
            zelf=document.herkomst in (Herkomst.ZELF, Herkomst.DOCUMENT),
            bestand=f"/papier/{document.id}/bestand" if bijlage else None,
            advies=_advies_bij(boek, document.verwijzing),
            beeld=bool(bijlage and (bijlage.mediatype or "").startswith("image/")),
            net_bewaard="bewaard" in bezoek.request.query_params,
        ),
    )


async def bestand(bezoek: Bezoek) -> Response:
    """De bytes zelf. Wat geen foto of pdf is, komt alleen als download."""
    document = await bezoek.deur.lees("DocumentReference", id_van(bezoek))
    url = next((c.get("attachment", {}).get("url", "") for c in document.get("content", [])), "")
    if not url.startswith("Binary/"):
        raise DeurFout(404, ())
    binary = await bezoek.deur.lees("Binary", url.partition("/")[2])
    mediatype = binary.get("contentType", "")
    toonbaar = mediatype in TOONBAAR
    return Response(
        base64.b64decode(binary.get("data", "")),
        media_type=mediatype if toonbaar else "application/octet-stream",
        headers={"content-disposition": "inline" if toonbaar else "attachment", "cache-control": "no-store"},
    )


def _advies_bij(boek: Boek, document: str) -> str | None:
    """Het adres van het advies dat van dit papier is overgenomen."""
    for a in boek.paspoort.adviezen:
        if verwijzing(ext(boek.inhouden[a.verwijzing], "uit-document", "valueReference")) == document:
            return f"/advies/{a.id}"
    return None


def _soort(bezoek: Bezoek) -> Documentsoort:
    soorten = {"besluit": Documentsoort.BESCHIKKING, "advies": Documentsoort.ADVIES}
    if id_van(bezoek) not in soorten:
        raise DeurFout(404, ())
    return soorten[id_van(bezoek)]


async def _organisaties(bezoek: Bezoek) -> dict[str, tuple[str, str]]:
    """Wie er kan besluiten: `Organization/id` → naam en soort."""
    gevonden = await bezoek.deur.zoek("Organization", type=",".join(BESLUIT_BIJ))
    uit = {}
    for o in gevonden:
        soorten = [c.get("code") for t in o.get("type", []) for c in t.get("coding", [])]
        uit[f"Organization/{o['id']}"] = (str(o.get("name", "")), next(s for s in soorten if s in BESLUIT_BIJ))
    return dict(sorted(uit.items(), key=lambda paar: paar[1][0]))


async def _formulier(bezoek: Bezoek, boek: Boek, fouten: tuple[Fout, ...]) -> Response:
    soort = _soort(bezoek)
    organisaties = await _organisaties(bezoek)
    gekozen = {n: bezoek.veld(n) for n in ("organisatie", "hulpmiddel", "duur", "vorm")}
    lopend = [(g, boek.hulpmiddel_van(g)) for g in boek.paspoort.lopende_gebruiken]
    return toon(
        bezoek,
        Invullen(
            kop=kop(bezoek, boek, "meer"),
            soort=id_van(bezoek),
            titel="Een besluit van papier" if soort is Documentsoort.BESCHIKKING else "Een advies van papier",
            op=bezoek.veld("op"),
            wie=bezoek.veld("wie"),
            organisaties=tuple(Optie(o, naam, o == gekozen["organisatie"]) for o, (naam, _) in organisaties.items()),
            hulpmiddelen=(
                *(Optie(g.id, naam_van(h), g.id == gekozen["hulpmiddel"]) for g, h in lopend),
                Optie(ANDERS, "Het staat er nog niet bij", gekozen["hulpmiddel"] == ANDERS),
            ),
            hulpmiddel_naam=bezoek.veld("hulpmiddel_naam"),
            waarover=bezoek.veld("waarover"),
            nodig=bezoek.veld("nodig"),
            duren=tuple(Optie(c, t, c == gekozen["duur"]) for c, t in DUUR.items()),
            tot=bezoek.veld("tot"),
            vormen=tuple(Optie(c, t, c == gekozen["vorm"]) for c, t in VORM.items()),
            fouten=fouten,
        ),
        fouten,
    )


def _controleer(bezoek: Bezoek, boek: Boek, soort: Documentsoort, organisaties: set[str]) -> list[Fout]:
    fouten = []
    if soort is Documentsoort.BESCHIKKING:
        if bezoek.veld("organisatie") not in organisaties:
            fouten.append(Fout("organisatie", "Kies wie het besluit nam."))
        if bezoek.veld("duur") not in DUUR:
            fouten.append(Fout("duur", "Kies hoe lang het besluit geldt."))
        if bezoek.veld("vorm") not in VORM:
            fouten.append(Fout("vorm", "Kies hoe u het hulpmiddel kreeg."))
    else:
        if not bezoek.veld("wie"):
            fouten.append(Fout("wie", "Vul in wie het advies schreef, bijvoorbeeld: ergotherapeut J. Jansen."))
        fouten += [Fout(veld, tekst) for veld, tekst in adviespapier.te_lang(bezoek)]
    if len(bezoek.veld("wie")) > 200:
        fouten.append(Fout("wie", "Deze naam is te lang. Gebruik hoogstens 200 tekens."))
    gekozen = bezoek.veld("hulpmiddel")
    if gekozen != ANDERS and gekozen not in {g.id for g in boek.paspoort.lopende_gebruiken}:
        fouten.append(Fout("hulpmiddel", "Kies over welk hulpmiddel het gaat."))
    if gekozen == ANDERS and not 0 < len(bezoek.veld("hulpmiddel_naam")) <= 100:
        fouten.append(Fout("hulpmiddel_naam", "Vul in hoe het hulpmiddel heet, bijvoorbeeld: douchestoel."))
    return fouten


def _datum(bezoek: Bezoek, veld: str, uiterlijk: date | None, fouten: list[Fout], zin: str) -> date:
    try:
        gelezen = date.fromisoformat(datum_iso(bezoek.veld(veld)))
    except ValueError:
        fouten.append(Fout(veld, f"{zin} Bijvoorbeeld 9-3-2019."))
        return date.min
    if uiterlijk is not None and gelezen > uiterlijk:
        fouten.append(Fout(veld, "Deze datum is nog niet geweest. Kijk nog eens op het papier."))
    elif gelezen.year < 1950:
        fouten.append(Fout(veld, "Deze datum is wel heel lang geleden. Kijk nog eens op het papier."))
    return gelezen
