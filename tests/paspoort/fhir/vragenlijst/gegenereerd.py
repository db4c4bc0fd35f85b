"""Hypothesis-strategieën: vragenlijsten met groepen in groepen, herhaling en voorwaarden, en responses daarbij."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from paspoort.fhir.stelsels import extension

Json = dict[str, Any]
HL7 = "http://hl7.org/fhir/StructureDefinition/"
SOORTEN = ("boolean", "integer", "decimal", "string", "text", "date", "time", "choice", "open-choice")
GROEPEN = ("advies", "maten", "gezondheid")
OPTIES = [{"system": "http://proef", "code": code, "display": code.upper()} for code in ("a", "b", "c")]
WOORDEN = ("rolstoel", "zelf rijden", "ja", "a", "12", "met twee woorden erbij", "x")
DATA = ("2026-01-31", "2026-11-22", "2030-05-01")
TIJDEN = ("08:30:00", "14:00:00", "23:59:00")


@st.composite
def vragenlijsten(draw: st.DrawFn, hoogstens: int = 9) -> Json:
    """Een Questionnaire; voorwaarden wijzen naar een vraag die eerder in de lijst staat."""
    eerder: list[Json] = []
    teller = iter(range(hoogstens))

    def items(diepte: int) -> list[Json]:
        uit = []
        for _ in range(draw(st.integers(1, 4 if diepte == 0 else 3))):
            nummer = next(teller, None)
            if nummer is None:
                break
            uit.append(item(f"v{nummer}", diepte))
        return uit

    def item(link: str, diepte: int) -> Json:
        groep = diepte < 3 and draw(st.integers(0, 3)) == 0
        soort = "group" if groep else draw(st.sampled_from(SOORTEN))
        uit: Json = {"linkId": link, "text": f"Vraag {link}", "type": soort, "code": [{"code": link}], "extension": []}
        if diepte == 0 or draw(st.integers(0, 4)) == 0:
            uit["extension"].append({"url": extension("gegevensgroep"), "valueCode": draw(st.sampled_from(GROEPEN))})
        uit |= draw(st.sampled_from(({}, {"repeats": True}, {"required": True}, {"repeats": True, "required": True})))
        if soort == "boolean":
            uit.pop("repeats", None)
        if soort in ("integer", "decimal") and draw(st.booleans()):
            for naam, grens in (("minValue", 0), ("maxValue", 20)):
                uit["extension"].append(
                    {"url": f"http://hl7.org/fhir/StructureDefinition/{naam}", "valueInteger": grens}
                )
        if soort in ("choice", "open-choice"):
            uit["answerOption"] = [{"valueCoding": optie} for optie in OPTIES]
        if soort in ("string", "text") and draw(st.booleans()):
            uit["maxLength"] = 12
        if eerder and draw(st.integers(0, 2)) == 0:
            uit["enableWhen"] = [voorwaarde() for _ in range(draw(st.integers(1, 2)))]
            uit["enableBehavior"] = draw(st.sampled_from(("all", "any")))
        if groep:
            uit["item"] = items(diepte + 1) or [eenvoudig(link)]
        else:
            eerder.append(uit)
        return uit

    def eenvoudig(link: str) -> Json:
        return {"linkId": f"{link}x", "text": "x", "type": "string", "code": [{"code": f"{link}x"}]}

    def voorwaarde() -> Json:
        andere = draw(st.sampled_from(eerder))
        regel: Json = {"question": andere["linkId"]}
        tekens = ["exists", "=", "!="] + ([">", "<", ">=", "<="] if andere["type"] in ORDE else [])
        regel["operator"] = draw(st.sampled_from(tekens))
        if regel["operator"] == "exists":
            return regel | {"answerBoolean": draw(st.booleans())}
        naam, waarde = draw(antwoord(andere))
        return regel | {naam.replace("value", "answer"): waarde}

    return {"resourceType": "Questionnaire", "url": "http://proef/Questionnaire/proef", "item": items(0)}


ORDE = ("integer", "decimal", "date", "time")


def antwoord(vraag: Json) -> st.SearchStrategy[tuple[str, Any]]:
    """Een (value[x], waarde) die bij de vraag past, ook bij haar grenzen."""
    match vraag["type"]:
        case "boolean":
            return st.tuples(st.just("valueBoolean"), st.booleans())
        case "integer":
            return st.tuples(st.just("valueInteger"), st.integers(0, 20))
        case "decimal":
            return st.tuples(st.just("valueDecimal"), st.integers(0, 200).map(lambda n: Decimal(n) / 10))
        case "date":
            return st.tuples(st.just("valueDate"), st.sampled_from(DATA))
        case "time":
            return st.tuples(st.just("valueTime"), st.sampled_from(TIJDEN))
        case "choice":
            return st.tuples(st.just("valueCoding"), st.sampled_from(OPTIES))
        case "open-choice":
            vrij = st.tuples(st.just("valueString"), st.sampled_from(WOORDEN))
            return st.one_of(st.tuples(st.just("valueCoding"), st.sampled_from(OPTIES)), vrij)
    past = [w for w in WOORDEN if len(w) <= vraag.get("maxLength", 99)]
    return st.tuples(st.just("valueString"), st.sampled_from(past))


FOUT = st.sampled_from(
    [
        ("valueString", "veel te lange tekst voor dit vak"), ("valueInteger", 99), ("valueDecimal", Decimal("-1.5")),
        ("valueDate", "2026-02-31"), ("valueTime", "25:00:00"), ("valueBoolean", True),
        ("valueCoding", {"system": "http://proef", "code": "z"}),
    ]
)  # fmt: skip


@st.composite
def responses(draw: st.DrawFn, vragenlijst: Json, kapot: bool = False) -> Json:
    """Een response bij de vragenlijst. Met `kapot` gaat er van alles mis: waarden, plaats, volgorde, aantal."""
    alles: list[str] = []

    def items(vragen: list[Json]) -> list[Json]:
        uit: list[Json] = []
        for vraag in vragen:
            alles.append(vraag["linkId"])
            herhaalt = vraag.get("repeats", False)
            if vraag["type"] == "group":
                rijen = [items(vraag["item"]) for _ in range(draw(st.integers(0, 3 if herhaalt else 1)))]
                uit += [{"linkId": vraag["linkId"], "item": rij} for rij in rijen if rij]
            elif draw(st.integers(0, 3)):
                gegeven = [dict([draw(antwoord(vraag))]) for _ in range(draw(st.integers(1, 2)) if herhaalt else 1)]
                gegeven.sort(key=lambda a: "valueString" in a)  # eigen woorden staan na de opties
                if kapot and draw(st.integers(0, 5)) == 0:
                    gegeven.append(dict([draw(FOUT)]))
                uit.append({"linkId": vraag["linkId"], "answer": gegeven})
        if kapot and uit and draw(st.integers(0, 5)) == 0:
            uit.insert(draw(st.integers(0, len(uit))), draw(st.sampled_from(uit)))
        if kapot and draw(st.integers(0, 7)) == 0:
            uit.append({"linkId": draw(st.sampled_from([*alles, "nergens"])), "answer": [{"valueString": "x"}]})
        return uit

    gemaakt = items(vragenlijst["item"])
    status = draw(st.sampled_from(("in-progress", "completed"))) if kapot else "in-progress"
    kop: Json = {"resourceType": "QuestionnaireResponse", "questionnaire": vragenlijst["url"], "status": status}
    return kop | ({"item": gemaakt} if gemaakt else {})
