"""De adviescheck op een QuestionnaireResponse: leest het advies, roept `paspoort/adviescheck.py`, wijst elementen aan.

Doet zelf geen uitspraak over een tekst.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from paspoort.advies import Eis, Eissoort
from paspoort.adviescheck import controleer_advies
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst.antwoorden import Antwoorden, antwoorden
from paspoort.fhir.vragenlijst.controle import controleer, items_van, ontbrekend
from paspoort.fhir.vragenlijst.gegevens import diagnose
from paspoort.fhir.vragenlijst.inhoud import inhoud_van
from paspoort.fhir.vragenlijst.lijst import Vragenlijst, eigen
from paspoort.fouten import Melding

# in deel 1 levert een merk een vraag op; bij wat er nu is en wat geprobeerd is, hoort een merk juist thuis
MERK_IS_VRAAG: Final = ("hulpvraag", "verwachte-behoefte", "activiteiten", "participatie", "wil-kan-mag")


def adviescheck(response: Json, paspoort: Iterable[Json] = ()) -> list[Melding]:
    """Alles wat aan dit functioneel advies nog moet of kan, elk bij zijn element; `error` houdt definitief tegen.

    `paspoort` zijn de resources van de houder: hun diagnosen mogen niet in een eis staan die de leverancier leest.
    Ook fouten in de antwoorden zelf (`controleer`) en alles wat nodig is voor definitief.
    """
    lijst = eigen("functioneel-advies")
    gegeven = antwoorden(response, lijst)
    rijen = gegeven.groepen("eis")
    plekken = _eisplekken(response, lijst)
    eis = lijst.per_code["eis"]
    links = {vraag.sleutel: vraag.link_id for vraag in eis.boom()}
    buiten = {link for code, link in links.items() if code != "eis"} | {eis.link_id}

    def plek(rij: int, code: str) -> str:
        for nummer, item in enumerate(items_van(plekken[rij][1])):
            if isinstance(item, dict) and item.get("linkId") == links[code]:
                return f"{plekken[rij][0]}.item[{nummer}]"
        return f"{plekken[rij][0]}.item.where(linkId='{links[code]}')"

    def plek_tekst(code: str) -> str:
        return _plek(response, lijst, lijst.per_code[code].link_id)

    teksten = {code: tekst for code in MERK_IS_VRAAG if (tekst := gegeven.tekst(code))}
    meldingen = controleer(response | {"status": "in-progress"}, lijst)
    meldingen += [m for m in ontbrekend(response, lijst) if not _van(m.plek, buiten)]
    termen = diagnosetermen(paspoort) + tuple(str(waarde) for waarde in gegeven.alle("diagnose"))
    return meldingen + controleer_advies([_eis(rij) for rij in rijen], teksten, termen, plek, plek_tekst)


def diagnosetermen(paspoort: Iterable[Json]) -> tuple[str, ...]:
    """De diagnosen in het paspoort zoals zij er staan, ook de namen bij hun codes."""
    inhoud = inhoud_van(paspoort)
    termen = [str(gegeven.waarde) for gegeven in diagnose(inhoud)]
    bronnen = {gegeven.bron.verwijzing for gegeven in diagnose(inhoud)}
    for condition in inhoud.van("Condition"):
        if f"Condition/{condition.get('id')}" in bronnen:
            termen += [str(c["display"]) for c in (condition.get("code") or {}).get("coding") or [] if c.get("display")]
    return tuple(dict.fromkeys(term for term in termen if term))


def _eis(rij: Antwoorden) -> Eis:
    soort = rij.een("eis-soort")
    return Eis(
        tekst=str(rij.een("eis-tekst") or ""),
        soort=Eissoort(soort) if soort in set(Eissoort) else None,
        onderbouwing=rij.tekst("eis-onderbouwing"),
        doel=rij.tekst("eis-doel"),
        domein=rij.een("eis-domein"),
        categorie=rij.een("eis-categorie"),
        omstandigheden=rij.tekst("eis-omstandigheden"),
        gevolg=rij.tekst("eis-gevolg"),
    )


def _van(plek: str | None, links: set[str]) -> bool:
    """Of een ontbreekmelding over een eis gaat: die meldt de adviescheck zelf, met uitleg."""
    return any(str(plek).endswith(f"where(linkId='{link}')") for link in links)


def _eisplekken(response: Json, lijst: Vragenlijst) -> list[tuple[str, Json]]:
    """(plek, item) van elke eis, in de volgorde van `groepen("eis")`."""
    gevonden: list[tuple[str, Json]] = []
    deel, eis = lijst.per_code["deel-eisen"].link_id, lijst.per_code["eis"].link_id
    for i, item in enumerate(items_van(response)):
        if isinstance(item, dict) and item.get("linkId") == deel:
            for j, kind in enumerate(items_van(item)):
                if isinstance(kind, dict) and kind.get("linkId") == eis:
                    gevonden.append((f"QuestionnaireResponse.item[{i}].item[{j}]", kind))
    return gevonden


def _plek(response: Json, lijst: Vragenlijst, link_id: str) -> str:
    """Waar deze vraag van deel 1 of 2 staat, of zou staan."""
    for i, deel in enumerate(items_van(response)):
        for j, item in enumerate(items_van(deel)):
            if isinstance(item, dict) and item.get("linkId") == link_id:
                return f"QuestionnaireResponse.item[{i}].item[{j}]"
    ouder = next(v for v in lijst.vragen if any(k.link_id == link_id for k in v.kinderen))
    return f"QuestionnaireResponse.item.where(linkId='{ouder.link_id}').item.where(linkId='{link_id}')"
