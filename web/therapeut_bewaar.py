"""Het concept vanzelf bewaren terwijl iemand typt, en de check die meeloopt.

Het script `static/advies.js` stuurt hetzelfde formulier als de knop *Bewaar*, en vraagt om JSON. Wat niet te lezen is,
houdt de rest niet tegen. Veranderde er iets op een ander scherm, dan wordt per veld samengevoegd. Bron: besluit 0043.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fastapi.responses import JSONResponse, Response

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst import Formulier, adviescheck
from paspoort.fhir.waarden import ext, verwijzing
from paspoort.toestemming import HIER
from web.advieslijst import Bevinding, check_uit, onderdelen
from web.bezoek import Bezoek
from web.bladzijde import tijd
from web.deur import DeurFout
from web.therapeut_invoer import Invoer, lees_in, vorm_van, zonder_onleesbaar

SJABLOON: Final = "werk/advies_paneel.html"
GEEN_CACHE: Final = {"Cache-Control": "no-store"}
POGINGEN: Final = 3  # zo vaak mag een ander scherm er nog tussen komen
BEWAARD_TOCH: Final = (
    "Dit advies is intussen op een ander scherm bewaard. Uw tekst staat hieronder. Kies per vraag welke tekst blijft."
)


@dataclass(frozen=True, slots=True)
class Regel:
    """Eén onderdeel in de inhoudsopgave."""

    id: str
    titel: str
    klaar: bool


@dataclass(frozen=True, slots=True)
class Paneel:
    """De check, de inhoudsopgave en de knoppen onderaan: alles wat verandert terwijl iemand typt."""

    check: tuple[Bevinding, ...]
    vragen: tuple[Bevinding, ...]
    open_vragen: tuple[Bevinding, ...]
    onderdelen: tuple[Regel, ...]
    reactie: bool
    voornaam: str
    bewaard: str
    bekend: str

    @property
    def compleet(self) -> bool:
        """Niets dat definitief tegenhoudt."""
        return not (self.check or self.open_vragen)


@dataclass(frozen=True)
class PaneelContext:
    """Alleen het paneel, om in de bladzijde te zetten."""

    paneel: Paneel


def paneel_uit(vorm: Formulier, advies: Json, reactie: bool, voornaam: str) -> Paneel:
    """Het paneel bij dit formulier; `vorm` draagt de bevindingen van de check."""
    check = check_uit(vorm)
    velden = list(vorm.velden())
    uit_paspoort = sum(bool(v.bronnen) for v in velden)
    totaal = sum(bool(v.waarden) for v in velden)
    gewijzigd = advies.get("meta", {}).get("lastUpdated")
    return Paneel(
        check=check.fouten,
        vragen=check.vragen,
        open_vragen=check.open,
        onderdelen=tuple(Regel(o.id, o.titel, o.klaar) for o in onderdelen(vorm)),
        reactie=reactie,
        voornaam=voornaam,
        bewaard=f"Bewaard om {tijd(gewijzigd)}." if gewijzigd else "",
        bekend=f"{uit_paspoort} van de {totaal} antwoorden kwamen uit het paspoort"
        + (f" ({uit_paspoort * 100 // totaal} %)." if totaal else "."),
    )


def sleutel_van(bezoek: Bezoek, id_: str) -> str:
    """De sleutel waarmee dit toestel getypte tekst versleutelt: alleen voor deze persoon, in deze rol, dit advies.

    Hij staat niet op het toestel en gaat alleen mee met de bladzijde zelf; wie niet is ingelogd, leest dus niets.
    """
    wie = f"{bezoek.actor.account}|{bezoek.actor.functie}"
    return bezoek.huis.opslag.slot("index").hmac(f"adviestekst|{wie}|{id_}")


def klaar() -> Response:
    """Het concept is niet meer te bewerken: het is definitief, of niet van u."""
    return _json({"stand": "dicht"}, 409)


async def bewaar(bezoek: Bezoek, advies: Json) -> Response:
    """Bewaar wat kan. Geeft de nieuwe versie, het paneel, en wat er op een ander scherm veranderde."""
    for _ in range(POGINGEN):
        invoer = await lees_in(bezoek, advies)
        if invoer.schuift:  # de namen op het scherm kloppen niet meer: het script verstuurt het formulier gewoon
            return _json({"stand": "opnieuw"}, 409)
        response = zonder_onleesbaar(invoer, advies) if invoer.meldingen else invoer.response
        if response.get("item") == advies.get("item"):
            return await _antwoord(bezoek, advies, invoer)
        try:
            nieuw = await bezoek.deur.wijzig({**response, "meta": advies.get("meta", {})})
        except DeurFout as nee:
            if nee.status in (409, 412):
                advies = await bezoek.deur.lees("QuestionnaireResponse", str(advies["id"]))
                continue
            return _json({"stand": "fout", "zinnen": [b.tekst for b in nee.bevindingen]}, nee.status)
        return await _antwoord(bezoek, nieuw, invoer)
    return _json({"stand": "fout", "zinnen": []}, 409)


async def _antwoord(bezoek: Bezoek, advies: Json, invoer: Invoer) -> Response:
    houder = (verwijzing(advies.get("subject")) or "").removeprefix("Patient/")
    # alleen wat de check nodig heeft: het hele paspoort bij elke toets zou het log vullen
    rond = await bezoek.deur.zoek("Condition", patient=houder)
    plek = f"QuestionnaireResponse/{advies['id']}"
    formulieren = await bezoek.deur.zoek("QuestionnaireResponse", patient=houder)
    reactie = any(verwijzing(ext(f, "bij", "valueReference")) == plek for f in formulieren)
    doelen = await bezoek.deur.zoek("Goal", patient=houder)
    vorm = vorm_van(advies, adviescheck(advies, [*rond, *doelen], datetime.now(HIER).date()), rond=[*rond, *doelen])
    paneel = paneel_uit(vorm, advies, reactie, bezoek.veld("voornaam")[:60] or "uw cliënt")
    html = bytes(bezoek.toon(SJABLOON, PaneelContext(paneel)).body).decode()
    waarden = {v.naam: _getoond(v.soort, v.waarden) for v in vorm.velden()}
    stand: dict[str, Any] = {
        "stand": "bewaard",
        "versie": str(advies.get("meta", {}).get("versionId", "")),
        "zin": paneel.bewaard,
        "paneel": html,
        "anders": {naam: waarden.get(naam, []) for naam in invoer.anders},
        "voorstellen": {v.code: list(v.voorstellen) for v in vorm.velden() if v.voorstellen},
        "keuzes": [
            {"naam": k.naam, "label": k.label, "daar": list(k.daar), "leesbaar": k.leesbaar} for k in invoer.keuzes
        ],
        "onleesbaar": _onleesbaar(invoer),
    }
    return _json(stand)


def _onleesbaar(invoer: Invoer) -> list[dict[str, str]]:
    vorm = vorm_van(invoer.response, invoer.meldingen)
    return [
        {"naam": v.naam, "id": v.id, "label": v.label, "tekst": v.fouten[0].tekst()}
        for v in vorm.velden()
        if v.naam in invoer.onleesbaar and v.fouten
    ]


def _getoond(soort: str, waarden: tuple[str, ...]) -> list[str]:
    """Waarden zoals zij in het formulier staan: een datum als dag-maand-jaar."""
    if soort != "datum":
        return list(waarden)
    return ["-".join(reversed(w.split("-"))) if len(w) == 10 and w[4] == "-" else w for w in waarden]


def _json(inhoud: dict[str, Any], status: int = 200) -> JSONResponse:
    return JSONResponse(inhoud, status, headers=GEEN_CACHE)
