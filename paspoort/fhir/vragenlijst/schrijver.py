"""Wie het formulier schrijft, uit het register: naam, beroep, nummer; en of hij de cliënt ook behandelt.

Elke functie is één rij van de tabel in `bron.py`. Kent alleen de schrijver die `Inhoud.auteur` noemt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import AGB, BIG
from paspoort.fhir.vragenlijst.antwoorden import Bron, Gegeven, antwoorden
from paspoort.fhir.vragenlijst.inhoud import Inhoud, bron_uit, leesbaar
from paspoort.fhir.vragenlijst.soort import is_advies
from paspoort.fouten import PaspoortFout

REGISTER: Final = "het register"
UZI_ROL: Final[Mapping[str, str]] = {"90.000": "ergotherapeut", "01.042": "revalidatiearts"}
BEROEPEN: Final = ("ergotherapeut", "revalidatiearts")


def naam(inhoud: Inhoud) -> Iterator[Gegeven]:
    for rol, persoon in _schrijver(inhoud):
        namen = persoon.get("name") or [{}]
        samen = " ".join(filter(None, [*namen[0].get("given", []), namen[0].get("family", "")]))
        wie = namen[0].get("text") or samen or (rol.get("practitioner") or {}).get("display")
        if wie:
            yield Gegeven(wie, _bron(rol))


def beroep(inhoud: Inhoud) -> Iterator[Gegeven]:
    for rol, _ in _schrijver(inhoud):
        for concept in [*(rol.get("specialty") or []), *(rol.get("code") or [])]:
            codes = [UZI_ROL.get(str(c.get("code")), str(c.get("code"))) for c in concept.get("coding") or []]
            for code in [*codes, leesbaar(concept).lower()]:
                if code in BEROEPEN:
                    yield Gegeven(code, _bron(rol))
                    return


def registratienummer(inhoud: Inhoud) -> Iterator[Gegeven]:
    for rol, persoon in _schrijver(inhoud):
        for bron in (rol, persoon):
            for nummer in bron.get("identifier") or []:
                if nummer.get("system") in (AGB, BIG) and nummer.get("value"):
                    yield Gegeven(nummer["value"], _bron(rol))
                    return


def behandelaar(inhoud: Inhoud) -> Iterator[Gegeven]:
    """Wat deze schrijver daarover in een eerder advies over deze cliënt zei."""
    for response in inhoud.van("QuestionnaireResponse"):
        if is_advies(response) and inhoud.auteur and (response.get("author") or {}).get("reference") == inhoud.auteur:
            try:
                gezegd = antwoorden(response).een("behandelaar")
            except PaspoortFout:
                continue
            if isinstance(gezegd, bool):
                yield Gegeven(gezegd, bron_uit(response))
                return


def _schrijver(inhoud: Inhoud) -> Iterator[tuple[Json, Json]]:
    rol = inhoud.bij(inhoud.auteur) if inhoud.auteur.startswith("PractitionerRole/") else None
    if rol is not None:
        yield rol, inhoud.bij(rol.get("practitioner")) or {}


def _bron(rol: Json) -> Bron:
    bron = bron_uit(rol, REGISTER)
    return Bron(bron.wie, bron.wanneer, bron.verwijzing)
