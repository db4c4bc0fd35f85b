"""De adviescheck op een QuestionnaireResponse: leest het advies, roept `paspoort/adviescheck.py`, wijst elementen aan.

Werkt op item.code en dus voor elke vragenlijst met een programma van eisen. Doet zelf geen uitspraak over een tekst.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import Final

from paspoort.advies import Eis, Eissoort, Urgentie
from paspoort.adviescheck import Context, controleer_advies
from paspoort.adviescheck_woorden import kaal, woorden
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst.antwoorden import Antwoorden, antwoorden
from paspoort.fhir.vragenlijst.controle import controleer, items_van, ontbrekend
from paspoort.fhir.vragenlijst.gegevens import beperking, diagnose, doelen
from paspoort.fhir.vragenlijst.inhoud import inhoud_van
from paspoort.fhir.vragenlijst.lijst import Vraag, Vragenlijst, vragenlijst_van
from paspoort.fhir.vragenlijst.vullen import keuzes_uit
from paspoort.fouten import Melding

# in deel 1 levert een merk een vraag op; bij wat er nu is en wat geprobeerd is, hoort een merk juist thuis
MERK_IS_VRAAG: Final = (
    "hulpvraag",
    "verwachte-behoefte",
    "activiteiten",
    "participatie",
    "wil-kan-mag",
    "wil",
    "kan",
    "mag",
)
# wat de houder verder leest, en waarin een probleem of doel genoemd kan zijn
LEEST_HOUDER: Final = (
    "stoornissen", "persoonlijke-factoren", "omgeving-woning", "omgeving-vervoer", "omgeving-werk-school",
    "omgeving-hulp", "eerder-geprobeerd", "urgentie-reden", "wat-veranderd-uitleg",
)  # fmt: skip
NAAM_IN: Final = ("Patient", "RelatedPerson", "Practitioner")


def adviescheck(response: Json, paspoort: Iterable[Json] = (), vandaag: date | None = None) -> list[Melding]:
    """Alles wat aan dit functioneel advies nog moet of kan, elk bij zijn element; `error` houdt definitief tegen.

    `paspoort` zijn de resources van de houder: hun diagnosen mogen niet in een eis staan die de leverancier leest, hun
    namen zijn geen merk. Zonder `vandaag` geldt de dag waarop het advies geschreven is. Ook fouten in de antwoorden
    zelf (`controleer`) en alles wat nodig is voor definitief. Werpt `PaspoortFout` (`vragenlijst-onbekend`).
    """
    lijst = vragenlijst_van(response)
    resources = tuple(paspoort)
    gegeven = antwoorden(response, lijst)
    plekken = _eisplekken(response, lijst)
    eis = lijst.per_code["eis"]
    links = {vraag.sleutel: vraag.link_id for vraag in eis.boom()}
    buiten = set(links.values())

    def plek(rij: int, code: str) -> str:
        for nummer, item in enumerate(items_van(plekken[rij][1])):
            if isinstance(item, dict) and item.get("linkId") == links[code]:
                return f"{plekken[rij][0]}.item[{nummer}]"
        return f"{plekken[rij][0]}.item.where(linkId='{links[code]}')"

    def plek_tekst(code: str) -> str:
        return _plek(response, lijst, lijst.per_code[code])

    meldingen = controleer(response | {"status": "in-progress"}, lijst)
    meldingen += [m for m in ontbrekend(response, lijst) if not _van(m.plek, buiten)]
    # de vragenlijst eist het niet, dus een vraag: wie haar niet stelt of al definitief is, blijft geldig
    if "urgentie" in lijst.per_code and gegeven.een("urgentie") is None:
        meldingen.append(Melding("urgentie-open", plek_tekst("urgentie"), {}, "warning"))
    context = _context(response, gegeven, lijst, resources, vandaag or _dag(response.get("authored")))
    return meldingen + controleer_advies([_eis(rij) for rij in gegeven.groepen("eis")], context, plek, plek_tekst)


def diagnosetermen(paspoort: Iterable[Json]) -> tuple[str, ...]:
    """De diagnosen in het paspoort zoals zij er staan, ook de namen bij hun codes."""
    inhoud = inhoud_van(paspoort)
    termen = [str(gegeven.waarde) for gegeven in diagnose(inhoud)]
    bronnen = {gegeven.bron.verwijzing for gegeven in diagnose(inhoud)}
    for condition in inhoud.van("Condition"):
        if f"Condition/{condition.get('id')}" in bronnen:
            termen += [str(c["display"]) for c in (condition.get("code") or {}).get("coding") or [] if c.get("display")]
    return tuple(dict.fromkeys(term for term in termen if term))


def _context(
    response: Json, gegeven: Antwoorden, lijst: Vragenlijst, resources: Sequence[Json], vandaag: date | None
) -> Context:
    """Wat de check naast de eisen weet, uit deel 1 en uit het paspoort."""
    inhoud = inhoud_van(resources)
    teksten = {code: t for code in MERK_IS_VRAAG if code in lijst.per_code and (t := gegeven.tekst(code))}
    leesteksten = {code: t for code in LEEST_HOUDER if code in lijst.per_code and (t := gegeven.tekst(code))}
    rijen = (
        [t for rij in gegeven.groepen("icf") if (t := rij.tekst("icf-toelichting"))] if "icf" in lijst.per_code else []
    )
    genoemd = [str(g.waarde) for bron in (doelen, beperking) for g in bron(inhoud)]
    keuzes = keuzes_uit(lijst.per_code["eis-doel"], response, lijst, resources)
    urgentie = gegeven.een("urgentie")
    return Context(
        teksten=teksten,
        leesteksten=leesteksten,
        diagnosen=diagnosetermen(resources) + tuple(str(waarde) for waarde in gegeven.alle("diagnose")),
        doelen=(*teksten.values(), *leesteksten.values(), *rijen, *genoemd, *keuzes),
        namen=_namen(resources),
        vandaag=vandaag,
        urgentie=Urgentie(urgentie) if urgentie in set(Urgentie) else None,
        urgentie_reden=gegeven.tekst("urgentie-reden") if "urgentie-reden" in lijst.per_code else None,
        ontslagdatum=_dag(gegeven.een("ontslagdatum")),
    )


def _namen(resources: Iterable[Json]) -> frozenset[str]:
    """De woorden uit namen en woonplaatsen van wie bij het paspoort horen, en van wie iets opschreef."""
    teksten: list[str] = []
    for resource in resources:
        if resource.get("resourceType") in NAAM_IN:
            for naam in resource.get("name") or []:
                teksten += [*(naam.get("given") or []), naam.get("family") or "", naam.get("text") or ""]
            for adres in resource.get("address") or []:
                teksten += [adres.get("city") or "", *(adres.get("line") or [])]
        for wie in ("author", "recorder", "performer", "managingOrganization", "requester"):
            waarde = resource.get(wie)
            for verwijzing in waarde if isinstance(waarde, list) else [waarde]:
                if isinstance(verwijzing, dict) and isinstance(verwijzing.get("display"), str):
                    teksten.append(verwijzing["display"])
    return frozenset(kaal(w.tekst) for tekst in teksten for w in woorden(tekst) if len(w.tekst) > 1)


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


def _dag(waarde: object) -> date | None:
    """De dag van een FHIR date of dateTime; None als er geen hele dag staat."""
    with suppress(ValueError):
        return date.fromisoformat(str(waarde)[:10])
    return None


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


def _plek(response: Json, lijst: Vragenlijst, vraag: Vraag) -> str:
    """Waar deze vraag staat, of zou staan."""
    plek, hier = "QuestionnaireResponse", response
    for link in _pad(lijst.vragen, vraag.link_id):
        rij = [
            (i, item) for i, item in enumerate(items_van(hier)) if isinstance(item, dict) and item.get("linkId") == link
        ]
        plek += f".item[{rij[0][0]}]" if rij else f".item.where(linkId='{link}')"
        hier = rij[0][1] if rij else {}
    return plek


def _pad(vragen: Iterable[Vraag], link_id: str) -> tuple[str, ...]:
    """De linkId's van buiten naar de vraag zelf."""
    for vraag in vragen:
        if vraag.link_id == link_id:
            return (link_id,)
        if binnen := _pad(vraag.kinderen, link_id):
            return (vraag.link_id, *binnen)
    return ()
