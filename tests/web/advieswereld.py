"""Een advies in de test: Nienke schrijft een concept voor Yvonne, gemeente en leverancier denken mee, het wordt klaar.

Alles gaat door de deur, als wie het ook in het echt zou doen; de bladzijden zelf zijn van de tests. Verzonnen personen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from fastapi import FastAPI

from paspoort.fhir.stelsels import extension
from paspoort.fhir.toestemming import naar_fhir
from paspoort.fhir.vragenlijst import bouw, eigen
from paspoort.toegang import leesbaar
from paspoort.toestemming import HIER, voorstel
from server.access.actor import Actor
from server.demo.personen.yvonne import YVONNE
from server.demo.register import ARJAN, BIANCA, LINDEWAARD, NIENKE, NOORDERWIEL, VLIERHOF
from server.fhir.request import FhirRequest
from tests.klok import vandaag
from tests.web.werkwereld import houder_van, laat_lezen, vraag

Json = dict[str, Any]
P = YVONNE.patient
GEMEENTE, LEVERANCIER = f"Organization/{LINDEWAARD}", f"Organization/{NOORDERWIEL}"
ZIEKTE = "Spinale musculaire atrofie"
EISEN = (
    {
        "eis-tekst": "Op ooghoogte zitten op het werk.",
        "eis-soort": "wenselijk",
        "eis-onderbouwing": "Collega's staan; zij moet dan omhoog kijken.",
        "eis-doel": "Meedoen op het werk.",
    },
    {
        "eis-tekst": "Zelf van houding veranderen, van rechtop tot 45 graden achterover.",
        "eis-soort": "noodzakelijk",
        "eis-onderbouwing": "Zonder houding te wisselen krijgt zij drukplekken.",
        "eis-omstandigheden": "De hele dag, ook buiten.",
        "eis-gevolg": "Een wond, en weken in bed.",
        "eis-doel": "Pijnvrij zitten.",
        "eis-categorie": "11A03",
    },
)
WAARDEN: Json = {
    "hulpvraag": "Yvonne wil zelf blijven rijden en werken.",
    "diagnose": [ZIEKTE],
    "prognose": "progressief",
    "levenslang": True,
    "verwachte-behoefte": "Later ook besturing met de ogen.",
    "stoornissen": "Weinig kracht in armen en handen.",
    "activiteiten": "De transfer lukt alleen met de lift.",
    "participatie": "Werkt vier dagen.",
    "persoonlijke-factoren": "Regelt alles zelf.",
    "wil": "Zelf rijden, ook in het verkeer.",
    "kan": "Rijdt zelf met de kin.",
    "omgeving-woning": "Gelijkvloers huis met brede deuren.",
    "omgeving-vervoer": "Eigen rolstoelbus.",
    "omgeving-hulp": "Zus en wijkverpleging.",
    "eerder-geprobeerd": "Een lichtere stoel. Die kantelde niet ver genoeg.",
    "urgentie": "gewoon",
    "auteur-naam": "Nienke Postma",
    "auteur-rol": "ergotherapeut",
    "registratienummer": "12345678",
    "behandelaar": False,
    "eis": list(EISEN),
}

MENSEN = {
    "nienke": Actor("persoon", "therapeut", "Nienke Postma", organisatie=VLIERHOF,
                    functie=NIENKE.partition("/")[2], account="test|nienke", scopes=None),
    "bianca": Actor("persoon", "verstrekker", "Bianca Smit", organisatie=LINDEWAARD,
                    functie=BIANCA.partition("/")[2], account="test|bianca", scopes=None),
    "arjan": Actor("persoon", "leverancier", "Arjan Veldman", organisatie=NOORDERWIEL,
                   functie=ARJAN.partition("/")[2], account="test|arjan", scopes=None),
}  # fmt: skip


async def concept(
    app: FastAPI, vraagt: Sequence[str] = (), vervangt: str = "", gevraagd_op: date | None = None, **anders: Any
) -> str:
    """Een concept van Nienke dat nog alles mag worden; `vraagt` zijn organisaties die zij wil laten meedenken."""
    await laat_lezen(app, P)
    extensies: list[Json] = [
        {
            "url": extension("afstemming-gevraagd"),
            "extension": [
                {"url": "organisatie", "valueReference": {"reference": plek}},
                {"url": "op", "valueDate": (gevraagd_op or vandaag()).isoformat()},
            ],
        }
        for plek in vraagt
    ]
    if vervangt:
        doel = {"reference": f"QuestionnaireResponse/{vervangt}"}
        extensies.append({"url": extension("vervangt"), "valueReference": doel})
    kop: Json = {
        **({"extension": extensies} if extensies else {}),
        "subject": {"reference": f"Patient/{P}"},
        "author": {"reference": NIENKE},
        "authored": datetime.now(HIER).isoformat(timespec="seconds"),
    }
    inhoud = bouw(eigen("functioneel-advies"), {**WAARDEN, **anders}, kop=kop)
    return str((await vraag(app, MENSEN["nienke"], FhirRequest("POST", "QuestionnaireResponse", body=inhoud)))["id"])


async def laat_meedenken(app: FastAPI, advies: str, plek: str = GEMEENTE, rol: str = "verstrekker") -> None:
    """De houder geeft toestemming voor afstemming van dit concept, zonder de bladzijden."""
    betreft = (f"QuestionnaireResponse/{advies}",)
    t = voorstel("afstemming", rol, f"Patient/{P}", plek, vandaag(), betreft)
    body = naar_fhir(replace(t, groepen=t.groepen & leesbaar(rol)))
    await vraag(app, houder_van(P), FhirRequest("POST", "Consent", body=body))


async def geef(app: FastAPI, doel: str = "onderzoek", plek: str = GEMEENTE, rol: str = "verstrekker") -> None:
    """De houder geeft een gewone toestemming, zonder de bladzijden."""
    body = naar_fhir(voorstel(doel, rol, f"Patient/{P}", plek, vandaag()))
    await vraag(app, houder_van(P), FhirRequest("POST", "Consent", body=body))


async def doe(app: FastAPI, wie: str, advies: str, operatie: str, **parameters: str) -> Json:
    """Een gebeurtenis op het advies, zoals de eigen software die zou vragen."""
    delen = [{"name": naam, "valueString": waarde} for naam, waarde in parameters.items()]
    body: Json = {"resourceType": "Parameters", **({"parameter": delen} if delen else {})}
    return await vraag(
        app, MENSEN[wie], FhirRequest("POST", "QuestionnaireResponse", advies, operation=operatie, body=body)
    )


async def reageer(app: FastAPI, advies: str, contact: bool = True) -> None:
    """Yvonne is het eens met het concept; `contact`: of de gemeente de schrijver iets mag vragen."""
    wie = {"reference": f"Patient/{P}"}
    kop: Json = {
        "extension": [{"url": extension("bij"), "valueReference": {"reference": f"QuestionnaireResponse/{advies}"}}],
        "subject": wie, "author": wie, "authored": vandaag().isoformat(),
    }  # fmt: skip
    waarden = {"reactie-houder": "Zo klopt het.", "akkoord": "ja", "contact-auteur": contact}
    inhoud = bouw(eigen("reactie-advies"), waarden, status="completed", kop=kop)
    await vraag(app, houder_van(P), FhirRequest("POST", "QuestionnaireResponse", body=inhoud))


async def definitief(app: FastAPI, contact: bool = True, vervangt: str = "", **anders: Any) -> str:
    """Een definitief advies met de reactie van Yvonne erin."""
    id_ = await concept(app, vervangt=vervangt, **anders)
    await reageer(app, id_, contact)
    await doe(app, "nienke", id_, "definitief")
    return id_
