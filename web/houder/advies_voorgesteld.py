"""Wat een advies voorstelt op te slaan, en waarover de houder daarvan nog kiest.

Kiezen zelf gaat op `advies_voorstel.py`. Bron: issue 5 §2 (*offered to the houder, never overwriting*).
"""

from __future__ import annotations

from paspoort.advies import FunctioneelAdvies
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.voorstel import is_voorstel, voorstel_van
from paspoort.fhir.voorstellen import al_vastgelegd
from paspoort.fhir.vragenlijst import lijst_van, regels_van
from paspoort.fouten import PaspoortFout
from web.bezoek import Bezoek
from web.boek import Boek


def voorstellen_bij(boek: Boek, advies: FunctioneelAdvies) -> tuple[Json, ...]:
    """Wat dit advies voorstelt op te slaan en waarover de houder nog niet besliste, ook wat er al staat."""
    return tuple(i for i in boek.inhouden.values() if is_voorstel(i) == advies.verwijzing)


def te_kiezen(bezoek: Bezoek, boek: Boek, advies: FunctioneelAdvies) -> tuple[Json, ...]:
    """Waarover de houder nog iets te kiezen heeft: wat er al precies zo staat, hoeft niemand te vragen."""
    alle = voorstellen_bij(boek, advies)
    dubbel = staat_er_al(bezoek, boek, advies) if alle else frozenset()
    return tuple(i for i in alle if i["id"] not in dubbel)


def staat_er_al(bezoek: Bezoek, boek: Boek, advies: FunctioneelAdvies) -> frozenset[str]:
    """De ids van voorstellen die de houder al precies zo in het paspoort heeft.

    De schrijver zag dat niet, en hoort het ook niet: `$definitief` vergelijkt alleen met wat zij ziet.
    """
    inhoud = boek.inhouden[advies.verwijzing]
    definitie = bezoek.huis.poort.deur.definities.op_url(str(inhoud.get("questionnaire"))) or {}
    try:
        lijst = lijst_van(inhoud)
    except PaspoortFout:  # een versie die wij niet (meer) kennen: dan is er niets te vergelijken
        return frozenset()
    al = al_vastgelegd(inhoud, regels_van(definitie), lijst, list(boek.inhouden.values()))
    gevonden = ((str(i["id"]), voorstel_van(i)) for i in voorstellen_bij(boek, advies))
    return frozenset(id_ for id_, v in gevonden if v is not None and v.bij is None and (v.vraag, v.nummer) in al)
