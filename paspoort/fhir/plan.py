"""Voorzieningenplan ⇄ CarePlan, begeleiding ⇄ CareTeam, persoonlijk plan ⇄ QuestionnaireResponse."""

from __future__ import annotations

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.houder import contact, schrijf_contact
from paspoort.fhir.stelsels import CATEGORIE
from paspoort.fhir.vragenlijst import antwoorden, bouw, eigen
from paspoort.fhir.waarden import (
    als_object,
    bedrag,
    categorie_concept,
    code_uit,
    datum,
    ext,
    kop,
    objecten,
    periode,
    schrijf_bedrag,
    schrijf_datum,
    schrijf_ext,
    schrijf_kop,
    schrijf_periode,
    schrijf_verwijzing,
    tekst,
    verwijzing,
    zonder_leeg,
)
from paspoort.plan import Begeleiding, Casemanager, PersoonlijkPlan, Post, Voorzieningenplan

VRAGENLIJST = "persoonlijk-plan"


def voorzieningenplan_uit_fhir(inhoud: Json) -> Voorzieningenplan:
    """CarePlan → Voorzieningenplan; activiteiten zonder categorie doen niet mee."""
    posten = (_post(als_object(a.get("detail"))) for a in objecten(inhoud.get("activity")))
    return Voorzieningenplan(
        **kop(inhoud),
        status=tekst(inhoud.get("status")) or "active",
        periode=periode(inhoud.get("period")),
        posten=tuple(p for p in posten if p),
    )


def voorzieningenplan_naar_fhir(plan: Voorzieningenplan, houder: str | None = None) -> Json:
    """Voorzieningenplan → CarePlan van deze houder."""
    return schrijf_kop(plan) | zonder_leeg(
        {
            "status": plan.status,
            "intent": "plan",
            "subject": schrijf_verwijzing(houder),
            "period": schrijf_periode(plan.periode),
            "activity": [{"detail": _schrijf_post(p)} for p in plan.posten],
        }
    )


def begeleiding_uit_fhir(inhoud: Json) -> Begeleiding:
    """CareTeam → Begeleiding."""
    leden = (
        (verwijzing(p.get("member")), verwijzing(p.get("onBehalfOf"))) for p in objecten(inhoud.get("participant"))
    )
    return Begeleiding(
        **kop(inhoud),
        status=tekst(inhoud.get("status")),
        casemanagers=tuple(Casemanager(lid, namens) for lid, namens in leden if lid),
        contact=contact(inhoud.get("telecom")),
    )


def begeleiding_naar_fhir(begeleiding: Begeleiding, houder: str | None = None) -> Json:
    """Begeleiding → CareTeam van deze houder."""
    return schrijf_kop(begeleiding) | zonder_leeg(
        {
            "status": begeleiding.status,
            "subject": schrijf_verwijzing(houder),
            "participant": [
                zonder_leeg({"member": schrijf_verwijzing(c.lid), "onBehalfOf": schrijf_verwijzing(c.organisatie)})
                for c in begeleiding.casemanagers
            ],
            "telecom": schrijf_contact(begeleiding.contact),
        }
    )


def persoonlijk_plan_uit_fhir(inhoud: Json) -> PersoonlijkPlan:
    """QuestionnaireResponse `persoonlijk-plan` → PersoonlijkPlan, in de volgorde van de vragenlijst."""
    lijst = eigen(VRAGENLIJST)
    gegeven = antwoorden(inhoud, lijst)
    codes = [v.sleutel for top in lijst.vragen for v in top.boom() if not v.is_groep]
    return PersoonlijkPlan(
        **kop(inhoud),
        status=tekst(inhoud.get("status")) or "completed",
        geschreven_op=datum(inhoud.get("authored")),
        antwoorden=tuple((c, t) for c in codes if (t := tekst(gegeven.een(c)))),
    )


def persoonlijk_plan_naar_fhir(plan: PersoonlijkPlan, houder: str | None = None) -> Json:
    """PersoonlijkPlan → QuestionnaireResponse van deze houder."""
    return (
        bouw(eigen(VRAGENLIJST), dict(plan.antwoorden))
        | schrijf_kop(plan)
        | zonder_leeg(
            {
                "status": plan.status,
                "subject": schrijf_verwijzing(houder),
                "authored": schrijf_datum(plan.geschreven_op),
            }
        )
    )


def _post(detail: Json) -> Post | None:
    concept = als_object(detail.get("code"))
    categorie = code_uit(concept, CATEGORIE)
    if categorie is None:
        return None
    return Post(
        categorie=categorie,
        budget=bedrag(ext(detail, "budget", "valueMoney")),
        status=tekst(detail.get("status")) or "not-started",
        omschrijving=tekst(concept.get("text")),
    )


def _schrijf_post(post: Post) -> Json:
    return zonder_leeg(
        {
            "extension": list(schrijf_ext("budget", "valueMoney", schrijf_bedrag(post.budget))),
            "code": categorie_concept(post.categorie, post.omschrijving),
            "status": post.status,
        }
    )
