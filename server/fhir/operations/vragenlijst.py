"""De Questionnaire die een operatie nodig heeft: uit onze definities, anders uit het register."""

from __future__ import annotations

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.antwoorden import niet_gevonden
from server.fhir.context import Context
from server.fhir.request import Json


def op_id(ctx: Context, id_: str) -> Json:
    """De vragenlijst met dit id. PaspoortFout `niet-gevonden`."""
    definitie = ctx.deur.definities.get("Questionnaire", id_)
    if definitie is not None:
        return definitie.inhoud
    versie = ctx.register.get("Questionnaire", id_)
    if versie is None or versie.verwijderd or ctx.registerblik().zicht.toon(versie) is None:
        raise niet_gevonden()
    return versie.inhoud


def op_adres(ctx: Context, canonical: str, plek: str) -> Json:
    """De vragenlijst met dit adres; `|versie` moet dan kloppen. PaspoortFout `vragenlijst-onbekend`."""
    definitie = ctx.deur.definities.op_url(canonical)
    if definitie is not None and definitie["resourceType"] == "Questionnaire":
        return definitie
    url, _, nummer = canonical.partition("|")
    for versie in ctx.register.van_type("Questionnaire"):
        if versie.inhoud.get("url") == url and nummer in ("", versie.inhoud.get("version", "")):
            return versie.inhoud
    raise PaspoortFout(Melding("vragenlijst-onbekend", plek))
