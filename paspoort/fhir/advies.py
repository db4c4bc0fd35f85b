"""Functioneel advies (volledig of verkort) ⇄ QuestionnaireResponse, evaluatie ⇄ `evaluatie`.

Leest en schrijft op item.code met de motor in `paspoort/fhir/vragenlijst`; kent geen linkId's.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from paspoort.advies import (
    Adviesstatus,
    Eis,
    Eissoort,
    Functie,
    FunctioneelAdvies,
    Poging,
    Schrijver,
    Urgentie,
)
from paspoort.ervaring import Evaluatie
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst import Antwoorden, Vragenlijst, antwoorden, bouw, eigen, is_advies, lijst_van
from paspoort.fhir.waarden import (
    datum,
    ext,
    extensies,
    keuze,
    kop,
    schrijf_datum,
    schrijf_ext,
    schrijf_kop,
    schrijf_verwijzing,
    tekst,
    verwijzing,
    waar,
    zonder_leeg,
)
from paspoort.fouten import PaspoortFout
from paspoort.gezondheid import Prognose

__all__ = ["evaluatie_naar_fhir", "evaluatie_uit_fhir", "is_advies", "is_lijst", "lijst_van", "naar_fhir", "uit_fhir"]

VOLLEDIG = "functioneel-advies"
VERHAAL = (
    "stoornissen",
    "activiteiten",
    "participatie",
    "persoonlijke-factoren",
    "kan",
    "mag",
    "omgeving-woning",
    "omgeving-vervoer",
    "omgeving-werk-school",
    "omgeving-hulp",
    "eerder-geprobeerd",
)
VERHAAL_EERDER = ("wil-kan-mag",)  # één vraag in versie 1.0.0, sindsdien wil, kan en mag apart
MATEN = ("lichaamslengte", "lichaamsgewicht", "zitbreedte", "zitdiepte", "onderbeenlengte")
STATUS = {
    "in-progress": Adviesstatus.CONCEPT,
    "completed": Adviesstatus.DEFINITIEF,
    "amended": Adviesstatus.DEFINITIEF,
    "stopped": Adviesstatus.VERVALLEN,
    "entered-in-error": Adviesstatus.VERVALLEN,
}
STATUS_VAN = {
    Adviesstatus.CONCEPT: "in-progress",
    Adviesstatus.DEFINITIEF: "completed",
    Adviesstatus.VERVALLEN: "entered-in-error",
}


def is_lijst(inhoud: Json, id: str) -> bool:
    """Of deze QuestionnaireResponse bij onze vragenlijst `id` hoort, welke versie ook."""
    canonical = tekst(inhoud.get("questionnaire")) or ""
    return canonical.split("|")[0].endswith(f"/Questionnaire/{id}")


def uit_fhir(inhoud: Json) -> FunctioneelAdvies:
    """QuestionnaireResponse → FunctioneelAdvies. Wat buiten het zicht van de lezer viel, is leeg."""
    a = _antwoorden(inhoud)
    canonical = tekst(inhoud.get("questionnaire")) or ""
    return FunctioneelAdvies(
        **kop(inhoud),
        status=STATUS.get(str(inhoud.get("status")), Adviesstatus.CONCEPT),
        geschreven_op=datum(inhoud.get("authored")),
        auteur=verwijzing(inhoud.get("author")),
        vervangt=verwijzing(ext(inhoud, "vervangt", "valueReference")),
        vragenlijst="" if eigen(VOLLEDIG).hoort_bij(canonical) else canonical,
        hulpvraag=tekst(a.een("hulpvraag")),
        diagnosen=_teksten(a, "diagnose"),
        prognose=keuze(Prognose, a.een("prognose")),
        levenslang=waar(a.een("levenslang")),
        verwachte_behoefte=tekst(a.een("verwachte-behoefte")),
        verwacht_wanneer=tekst(a.een("verwacht-wanneer")),
        wil=_teksten(a, "wil"),
        verhaal=tuple((code, t) for code in (*VERHAAL, *VERHAAL_EERDER) if (t := tekst(a.een(code)))),
        maten=tuple((code, Decimal(str(m))) for code in MATEN if (m := a.een(code)) is not None),
        functies=tuple(_functie(rij) for rij in a.groepen("icf") if rij.een("icf-code")),
        hulpmiddelen_nu=_teksten(a, "hulpmiddelen-nu"),
        geprobeerd=tuple(_poging(rij) for rij in a.groepen("geprobeerd") if rij.een("geprobeerd-wat")),
        urgentie=keuze(Urgentie, a.een("urgentie")),
        urgentie_reden=tekst(a.een("urgentie-reden")),
        ontslagdatum=datum(a.een("ontslagdatum")),
        complexe_kenmerken=_teksten(a, "complex-kenmerk"),
        veranderd=_teksten(a, "wat-veranderd"),
        veranderd_uitleg=tekst(a.een("wat-veranderd-uitleg")),
        eisen=tuple(_eis(rij) for rij in a.groepen("eis")),
        reactie_houder=tekst(a.een("reactie-houder")),
        reactie_naasten=tekst(a.een("reactie-naasten")),
        akkoord=tekst(a.een("akkoord")),
        schrijver=_schrijver(a),
        vervolg_betrokken=waar(a.een("vervolg-betrokken")),
        contact_auteur=waar(a.een("contact-auteur")),
    )


def naar_fhir(advies: FunctioneelAdvies, houder: str | None = None) -> Json:
    """FunctioneelAdvies → QuestionnaireResponse van deze houder."""
    schrijver = advies.schrijver or Schrijver()
    waarden: dict[str, Any] = {
        "hulpvraag": advies.hulpvraag,
        "diagnose": list(advies.diagnosen),
        "prognose": advies.prognose,
        "levenslang": advies.levenslang,
        "verwachte-behoefte": advies.verwachte_behoefte,
        "verwacht-wanneer": advies.verwacht_wanneer,
        "wil": list(advies.wil),
        **dict(advies.verhaal),
        "icf": [_schrijf_functie(f) for f in advies.functies],
        **dict(advies.maten),
        "hulpmiddelen-nu": list(advies.hulpmiddelen_nu),
        "geprobeerd": [_schrijf_poging(p) for p in advies.geprobeerd],
        "urgentie": advies.urgentie,
        "urgentie-reden": advies.urgentie_reden,
        "ontslagdatum": schrijf_datum(advies.ontslagdatum),
        "complex-kenmerk": list(advies.complexe_kenmerken),
        "wat-veranderd": list(advies.veranderd),
        "wat-veranderd-uitleg": advies.veranderd_uitleg,
        "eis": [_schrijf_eis(e) for e in advies.eisen],
        "reactie-houder": advies.reactie_houder,
        "reactie-naasten": advies.reactie_naasten,
        "akkoord": advies.akkoord,
        "vervolg-betrokken": advies.vervolg_betrokken,
        "contact-auteur": advies.contact_auteur,
        "auteur-naam": schrijver.naam,
        "auteur-rol": schrijver.rol,
        "registratienummer": schrijver.registratienummer,
        "behandelaar": schrijver.behandelaar,
    }
    return (
        _schrijf(lijst_van({"questionnaire": advies.vragenlijst}) if advies.vragenlijst else eigen(VOLLEDIG), waarden)
        | schrijf_kop(advies)
        | zonder_leeg(
            {
                "extension": list(schrijf_ext("vervangt", "valueReference", schrijf_verwijzing(advies.vervangt))),
                "status": STATUS_VAN[advies.status],
                "subject": schrijf_verwijzing(houder),
                "authored": schrijf_datum(advies.geschreven_op),
                "author": schrijf_verwijzing(advies.auteur),
            }
        )
    )


def evaluatie_uit_fhir(inhoud: Json) -> Evaluatie:
    """QuestionnaireResponse `evaluatie` → Evaluatie."""
    a = antwoorden(inhoud, eigen("evaluatie"))
    betreft = (verwijzing(e.get("valueReference")) for e in extensies(inhoud, "betreft"))
    return Evaluatie(
        **kop(inhoud),
        status=tekst(inhoud.get("status")) or "completed",
        geschreven_op=datum(inhoud.get("authored")),
        betreft=tuple(v for v in betreft if v),
        doet_wat_het_moet_doen=waar(a.een("doet-wat-het-moet-doen")),
        problemen=tekst(a.een("problemen")),
        tevredenheid=tekst(a.een("tevredenheid")),
    )


def evaluatie_naar_fhir(evaluatie: Evaluatie, houder: str | None = None) -> Json:
    """Evaluatie → QuestionnaireResponse van deze houder."""
    waarden = {
        "doet-wat-het-moet-doen": evaluatie.doet_wat_het_moet_doen,
        "problemen": evaluatie.problemen,
        "tevredenheid": evaluatie.tevredenheid,
    }
    verwijst = (e for v in evaluatie.betreft for e in schrijf_ext("betreft", "valueReference", schrijf_verwijzing(v)))
    return (
        _schrijf(eigen("evaluatie"), waarden)
        | schrijf_kop(evaluatie)
        | zonder_leeg(
            {
                "extension": list(verwijst),
                "status": evaluatie.status,
                "subject": schrijf_verwijzing(houder),
                "authored": schrijf_datum(evaluatie.geschreven_op),
            }
        )
    )


def _schrijf(lijst: Vragenlijst, waarden: dict[str, Any]) -> Json:
    gevuld = {
        code: str(w.value) if hasattr(w, "value") else w for code, w in waarden.items() if w not in (None, "", [])
    }
    return bouw(lijst, gevuld)


def _antwoorden(inhoud: Json) -> Antwoorden:
    """De antwoorden volgens de versie die het advies noemt; van een versie die wij niet kennen weten wij niets."""
    try:
        return antwoorden(inhoud, lijst_van(inhoud))
    except PaspoortFout:
        return Antwoorden((), ())


def _teksten(a: Antwoorden, code: str) -> tuple[str, ...]:
    return tuple(t for w in a.alle(code) if (t := tekst(w)))


def _eis(rij: Antwoorden) -> Eis:
    return Eis(
        tekst=tekst(rij.een("eis-tekst")) or "",
        soort=keuze(Eissoort, rij.een("eis-soort")),
        onderbouwing=tekst(rij.een("eis-onderbouwing")),
        doel=tekst(rij.een("eis-doel")),
        domein=tekst(rij.een("eis-domein")),
        categorie=tekst(rij.een("eis-categorie")),
        omstandigheden=tekst(rij.een("eis-omstandigheden")),
        gevolg=tekst(rij.een("eis-gevolg")),
    )


def _schrijf_eis(eis: Eis) -> dict[str, str]:
    return zonder_leeg(
        {
            "eis-tekst": eis.tekst,
            "eis-soort": eis.soort.value if eis.soort else None,
            "eis-onderbouwing": eis.onderbouwing,
            "eis-doel": eis.doel,
            "eis-domein": eis.domein,
            "eis-categorie": eis.categorie,
            "eis-omstandigheden": eis.omstandigheden,
            "eis-gevolg": eis.gevolg,
        }
    )


def _functie(rij: Antwoorden) -> Functie:
    return Functie(str(rij.een("icf-code")), tekst(rij.een("icf-ernst")), tekst(rij.een("icf-toelichting")))


def _schrijf_functie(functie: Functie) -> dict[str, Any]:
    return zonder_leeg(
        {"icf-code": functie.code, "icf-ernst": functie.ernst, "icf-toelichting": functie.toelichting},
    )


def _poging(rij: Antwoorden) -> Poging:
    return Poging(
        str(rij.een("geprobeerd-wat")),
        tekst(rij.een("geprobeerd-resultaat")),
        waar(rij.een("geprobeerd-geslaagd")),
    )


def _schrijf_poging(poging: Poging) -> dict[str, Any]:
    return zonder_leeg(
        {
            "geprobeerd-wat": poging.wat,
            "geprobeerd-resultaat": poging.resultaat,
            "geprobeerd-geslaagd": poging.geslaagd,
        }
    )


def _schrijver(a: Antwoorden) -> Schrijver | None:
    schrijver = Schrijver(
        naam=tekst(a.een("auteur-naam")),
        rol=tekst(a.een("auteur-rol")),
        registratienummer=tekst(a.een("registratienummer")),
        behandelaar=waar(a.een("behandelaar")),
    )
    return None if schrijver == Schrijver() else schrijver
