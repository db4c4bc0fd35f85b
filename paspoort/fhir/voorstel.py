"""Een voorstel uit een advies: een gegeven dat pas telt als de houder het overneemt.

Het is een gewone resource met de extensie `voorstel` (welk advies, welke vraag, het hoeveelste antwoord) en een status
die zegt dat het nog niet vaststaat. Bij een gebruik is het een koppeling: `bij` noemt het gebruik dat op het advies
rust. Maken staat in `voorstellen.py`; wie beslist in `server/fhir/operations/voorstel.py`. Besluit 0041.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import extension
from paspoort.fhir.waarden import als_object, deel, objecten, tekst, verwijzing

Stand = Literal["open", "overgenomen", "afgewezen"]
VOORSTEL: Final = extension("voorstel")
VERIFICATIE: Final = "http://terminology.hl7.org/CodeSystem/condition-ver-status"

# Per type: het element met de status, en haar waarde als voorstel, na overnemen en na afwijzen.
STATUS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "Condition": ("verificationStatus", "provisional", "confirmed", "refuted"),
    "Observation": ("status", "preliminary", "final", "cancelled"),
    "Goal": ("lifecycleStatus", "proposed", "active", "rejected"),
    # Een koppeling wordt bij overnemen een `derivedFrom` van het gebruik zelf; daarna is zij weg.
    "DeviceUseStatement": ("status", "intended", "completed", "entered-in-error"),
}
TYPES: Final = tuple(STATUS)


@dataclass(frozen=True, slots=True)
class Voorstel:
    """Waar een voorstel vandaan komt, en hoe het ermee staat."""

    advies: str  # QuestionnaireResponse/id
    vraag: str  # item.code
    nummer: int
    bij: str | None  # DeviceUseStatement/id
    stand: Stand


def voorstel_van(inhoud: Json) -> Voorstel | None:
    """Het voorstel in deze resource, of None als zij er geen is."""
    gevonden = next((e for e in objecten(inhoud.get("extension")) if e.get("url") == VOORSTEL), None)
    type_ = str(inhoud.get("resourceType"))
    if gevonden is None or type_ not in STATUS:
        return None
    advies = verwijzing(deel(gevonden, "advies", "valueReference"))
    vraag = tekst(deel(gevonden, "vraag", "valueString"))
    nummer = deel(gevonden, "nummer", "valueInteger")
    bij = verwijzing(deel(gevonden, "bij", "valueReference"))
    return Voorstel(advies or "", vraag or "", nummer if isinstance(nummer, int) else 0, bij, _stand(type_, inhoud))


def is_voorstel(inhoud: Json) -> str | None:
    """`QuestionnaireResponse/id` van het advies zolang dit voorstel openstaat, anders None."""
    gevonden = voorstel_van(inhoud)
    return gevonden.advies if gevonden is not None and gevonden.stand == "open" else None


def telt_niet(inhoud: Json) -> bool:
    """Of dit een voorstel is dat (nog) niet is overgenomen: dan is het geen feit."""
    gevonden = voorstel_van(inhoud)
    return gevonden is not None and gevonden.stand != "overgenomen"


def met_stand(inhoud: Json, stand: Stand) -> Json:
    """Dezelfde resource met de status die bij deze stand hoort."""
    type_ = str(inhoud["resourceType"])
    element, *waarden = STATUS[type_]
    code = waarden[("open", "overgenomen", "afgewezen").index(stand)]
    waarde: object = {"coding": [{"system": VERIFICATIE, "code": code}]} if type_ == "Condition" else code
    return {**inhoud, element: waarde}


def als_voorstel(inhoud: Json, advies: str, vraag: str, nummer: int, bij: str | None = None) -> Json:
    """De resource als open voorstel bij dit antwoord."""
    delen: list[Json] = [
        {"url": "advies", "valueReference": {"reference": advies}},
        {"url": "vraag", "valueString": vraag},
        {"url": "nummer", "valueInteger": nummer},
    ]
    if bij is not None:
        delen.append({"url": "bij", "valueReference": {"reference": bij}})
    rest = [e for e in objecten(inhoud.get("extension")) if e.get("url") != VOORSTEL]
    return met_stand({**inhoud, "extension": [*rest, {"url": VOORSTEL, "extension": delen}]}, "open")


def _stand(type_: str, inhoud: Json) -> Stand:
    """Alleen precies de voorgestelde status is open; wat daarna bevestigd of verder gezet is, is overgenomen."""
    element, voorgesteld, _, afgewezen = STATUS[type_]
    waarde = inhoud.get(element)
    codes = {c.get("code") for c in objecten(als_object(waarde).get("coding"))} if type_ == "Condition" else {waarde}
    if voorgesteld in codes:
        return "open"
    return "afgewezen" if codes & {afgewezen, "entered-in-error"} else "overgenomen"
