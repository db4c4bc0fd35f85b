"""`Questionnaire/[id]/$populate` en `Questionnaire/$populate`: een vragenlijst, ingevuld met wat het paspoort weet.

Vult alleen in wat de vrager mag zien, elk antwoord met zijn bron; bewaart niets. `local` en `context` kennen wij niet:
er wordt altijd uit het paspoort ingevuld, en nergens anders uit. Bron: HL7 SDC, Questionnaire-populate.
"""

from __future__ import annotations

from typing import Final

from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.vragenlijst import Vragenlijst, bronnen_van, laad, onbekende_bronnen, onondersteund, vul_voor
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.context import Context
from server.fhir.inhoud import controleer_inhoud
from server.fhir.operations.onderwerp import blik_op, organisaties, te_lezen
from server.fhir.operations.vragenlijst import op_adres, op_id
from server.fhir.outcome import FHIR_JSON, als_outcome
from server.fhir.parameters import Gegeven, lees, verwijzing
from server.fhir.regels import auteur_van
from server.fhir.request import FhirResponse, Json

DEFINITIE: Final = "Questionnaire-populate"
WELKE: Final = ("canonical", "questionnaire", "questionnaireRef")  # één daarvan, als het adres geen id heeft
VRAGEN_HOOGSTENS: Final = 500  # in een meegestuurde vragenlijst: elke vraag zoekt in het paspoort
AUTEURS: Final = frozenset({"Patient", "PractitionerRole", "Organization"})


async def populate(ctx: Context) -> FhirResponse:
    """Parameters met `response`, en `issues` als er iets te waarschuwen is. 404 als de vragenlijst er niet is."""
    gegeven = lees(ctx.vraag, DEFINITIE, zonder=WELKE if ctx.vraag.id else ())
    inhoud, waarschuwingen = _vragenlijst(ctx, gegeven)
    subject = gegeven.een("subject")
    assert subject is not None  # verplicht volgens de definitie
    blik = await blik_op(ctx, subject.waarde, subject.hier)
    lijst = _ontleed(inhoud)
    gezien = te_lezen(ctx, blik)
    resources = [*(t.inhoud for t in gezien), *organisaties(ctx)]
    response, _ = vul_voor(lijst, resources, kop=_kop(ctx, blik.momentopname.partitie))
    gebruikt = {bron.verwijzing for bron in bronnen_van(response, lijst).values()}
    ctx.geef(blik, [t for t in gezien if f"{t.type}/{t.id}" in gebruikt])
    uit: list[Json] = [{"name": "response", "resource": response}]
    if waarschuwingen:
        uit.append({"name": "issues", "resource": als_outcome(waarschuwingen, ctx.actor.taal)})
    parameters = {"resourceType": "Parameters", "parameter": uit}
    return FhirResponse(200, schrijf(parameters), {"content-type": FHIR_JSON})


def _kop(ctx: Context, partitie: str) -> Json:
    kop: Json = {
        "subject": {"reference": f"Patient/{partitie}"},
        "authored": ctx.nu.isoformat(timespec="seconds"),
    }
    auteur = auteur_van(ctx.actor)
    return kop | ({"author": {"reference": auteur}} if auteur.partition("/")[0] in AUTEURS else {})


def _vragenlijst(ctx: Context, gegeven: Gegeven) -> tuple[Json, list[Melding]]:
    """De gevraagde Questionnaire, met waarschuwingen over wat daarvan niet gaat."""
    if ctx.vraag.id is not None:
        return _bekend(op_id(ctx, ctx.vraag.id))
    gekozen = [(naam, w) for naam in WELKE for w in gegeven.alle(naam)]
    if len(gekozen) != 1:
        plek = gekozen[1][1].plek if gekozen else "Parameters.parameter"
        raise PaspoortFout(Melding("parameter-vorm", plek, {"verwacht": f"één van {', '.join(WELKE)}"}))
    naam, waarde = gekozen[0]
    if naam == "questionnaireRef":
        return _bekend(op_id(ctx, verwijzing(waarde, ctx.deur.basis, "Questionnaire").partition("/")[2]))
    if naam == "canonical":
        return _bekend(op_adres(ctx, str(waarde.waarde), waarde.hier))
    meldingen = controleer_inhoud(ctx.deur.validator, "Questionnaire", waarde.waarde, waarde.hier)
    if any(m.ernst == "error" for m in meldingen):
        raise PaspoortFout(*meldingen)
    if len(laad(waarde.waarde).per_link) > VRAGEN_HOOGSTENS:
        raise PaspoortFout(Melding("fhir-te-groot", f"{waarde.hier}.item"))
    return waarde.waarde, meldingen


def _bekend(inhoud: Json) -> tuple[Json, list[Melding]]:
    """Een vragenlijst die hier al is, met wat onze motor ervan laat liggen."""
    return inhoud, list(onondersteund(inhoud))


def _ontleed(inhoud: Json) -> Vragenlijst:
    """De vragenlijst, als wij elke bron die zij noemt kennen. PaspoortFout `vragenlijst-kapot`."""
    lijst = laad(inhoud)
    onbekend = onbekende_bronnen(lijst)
    if onbekend:
        raise PaspoortFout(*onbekend)
    return lijst
