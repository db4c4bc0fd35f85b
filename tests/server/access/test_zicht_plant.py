"""Een unieke tekst in elk element van elk type: alleen wat bij de groepen van de leverancier hoort, komt naar buiten.

Welke paden mogen, staat hier uitgeschreven uit toegang.md §2 tot en met §4, niet uit de code.
"""

from __future__ import annotations

import re
from itertools import count
from typing import Any

import pytest

from paspoort.fhir.stelsels import BASIS, BSN, TAAKINVOER, codestelsel
from paspoort.fhir.validatie_vorm import vorm
from tests.zichtwereld import PASPOORT, PATIENT, actor, opname, toestemming, zicht

Json = dict[str, Any]
MERK = re.compile(r"MERK-\d+")
VREEMD = "http://example.org/vreemd"
RIJDT = "Organization/rijdt"
# §4 levering; §3: de leverancier leest van deze groepen alles, van de andere niets
GROEPEN = ("contact", "hulpmiddelen", "eisen", "maten", "omgeving", "voortgang")
ALLE_GROEPEN = (
    *GROEPEN,
    "persoon",
    "bsn",
    "gezondheid",
    "functioneren",
    "advies",
    "plan",
    "verzoeken",
    "besluiten",
    "financieel",
    "ervaringen",
    "documenten",
    "toestemmingen",
    "toezicht",
)

# §2: wat een leverancier met deze groepen mag zien, als pad; al het andere van deze typen niet.
TOEGESTAAN = {
    "Patient": r"Patient\.(name|telecom|address)\b",
    "RelatedPerson": r"RelatedPerson\.",
    "CareTeam": r"CareTeam\.",
    "Device": r"Device\.",
    "DeviceUseStatement": r"DeviceUseStatement\.",
    "Observation-maten": r"Observation\.",
    "DocumentReference-foto": r"DocumentReference\.",
    "Task": r"Task\.",
    "Communication": r"Communication\.",
    "Consent": r"Consent\.",
}
# Nooit, ook niet binnen een toegestaan pad: §2 *Projection* en de rij gezondheid.
NOOIT = re.compile(
    r"reasonCode|reasonReference|addresses|supportingInfo|xtension|contained|\.meta\b|~verborgen"
    r"|^\w+\.text\b|^Task\.(input|output)\[onbekend\]"
)
TYPEN = [
    "Patient",
    "RelatedPerson",
    "Condition",
    "Observation-maten",
    "Observation-functioneren",
    "Observation-los",
    "Goal",
    "Device",
    "DeviceUseStatement",
    "QuestionnaireResponse",
    "DeviceRequest-proposal",
    "DeviceRequest-order",
    "DeviceRequest-plan",
    "Task",
    "CareTeam",
    "CarePlan",
    "Consent",
    "DocumentReference-beschikking",
    "DocumentReference-advies",
    "DocumentReference-foto",
    "DocumentReference-overig",
    "Binary",
    "Communication",
    "Provenance",
    "Subscription",
    "AuditEvent",
    "GuidanceResponse",
    "Composition",
]


# Zonder groep, of van de houder en de dienst alleen.
NIEMAND = {
    "Subscription",
    "AuditEvent",
    "Composition",
    "Observation-los",
    "DeviceRequest-plan",
    "DocumentReference-overig",
}


class Planter:
    """Vult een type tot in elk element; onthoudt bij elk merkteken het pad."""

    def __init__(self) -> None:
        self.pad_van: dict[str, str] = {}
        self._nummer = count(1)

    def merk(self, pad: str) -> str:
        tekst = f"MERK-{next(self._nummer)}"
        self.pad_van[tekst] = pad
        return tekst

    def vul(self, soort: str, pad: str, diep: int = 0) -> Json:
        bekend = vorm(soort)
        assert bekend is not None, soort
        uit: Json = {}
        for naam, element in bekend.elementen.items():
            hier = f"{pad}.{naam}"
            if hier.endswith((".meta.versionId", ".meta.lastUpdated")):
                continue  # zet de opslag
            if naam.startswith("deceased"):
                continue  # na een overlijden geldt geen toestemming meer (besluit 0029)
            if naam == "contained":
                uit[naam] = [{"resourceType": "Basic", "id": "in", "code": {"text": self.merk(hier)}}]
                continue
            waarde = self._waarde(element.soort, hier, diep)
            if waarde is None:
                continue
            uit[naam] = [waarde] if element.lijst else waarde
            if element.primitief and naam != "id":
                los = {"id": self.merk(f"{hier}.extension"), "extension": [self._extensie(hier)]}
                uit[f"_{naam}"] = [los] if element.lijst else los
        uit["onbekendElement"] = self.merk(f"{pad}.extension.onbekend")
        return uit

    def _extensie(self, pad: str) -> Json:
        return {"url": VREEMD, "valueString": self.merk(f"{pad}.extension")}

    def _waarde(self, soort: str, pad: str, diep: int) -> Any:
        if soort == "Extension":
            return self._extensie(pad)
        if soort == "Reference":
            weg = f"{pad}~verborgen"
            return {
                "reference": "Condition/verborgen",
                "display": self.merk(weg),
                "type": self.merk(weg),
                "identifier": {"value": self.merk(weg)},
                "extension": [self._extensie(weg)],
            }
        if soort in ("boolean",):
            return True
        if soort in ("decimal", "integer", "positiveInt", "unsignedInt"):
            return 7
        if soort[:1].islower():
            return self.merk(pad)
        if soort in ("Resource", "ResourceContainer"):
            return {"resourceType": "Basic", "code": {"text": self.merk(f"{pad}.contained")}}
        return None if diep > 4 or vorm(soort) is None else self.vul(soort, pad, diep + 1)


def _code(stelsel: str, code: str) -> Json:
    return {"coding": [{"system": codestelsel(stelsel), "code": code}]}


def _zet_soort(inhoud: Json, naam: str, planter: Planter) -> None:
    """Geeft de resource de categorie, band en codes die haar groep bepalen."""
    type_, _, soort = naam.partition("-")
    for band in ("subject", "for", "patient"):
        if band in inhoud:
            inhoud[band] = {"reference": PATIENT, "display": planter.merk(f"{type_}.{band}.display")}
    if type_ == "Patient":
        inhoud["identifier"] = [
            {"system": BSN, "value": planter.merk("Patient.identifier")},
            {"system": "urn:elders", "value": planter.merk("Patient.identifier")},
        ]
    elif type_ == "Observation":
        inhoud["category"] = [_code("observatiesoort", soort)] if soort != "los" else []
    elif type_ == "DeviceUseStatement":
        inhoud["device"] = {"reference": "Device/Device", "display": planter.merk("DeviceUseStatement.device.display")}
    elif type_ == "DeviceRequest":
        inhoud["intent"] = soort
    elif type_ == "DocumentReference":
        inhoud["type"] = _code("documentsoort", soort)
        inhoud["context"]["related"] = [{"reference": "Device/Device"}]
    elif type_ == "Communication":
        inhoud["recipient"] = [{"reference": RIJDT}]
    elif type_ == "QuestionnaireResponse":
        inhoud |= {"questionnaire": f"{BASIS}Questionnaire/functioneel-advies|1.0.0", "status": "completed"}
    elif type_ == "Task":
        inhoud |= {"status": "requested", "owner": {"reference": "Organization/gemeente"}}
        for lijst in ("input", "output"):
            goed = planter.vul("TaskInput" if lijst == "input" else "TaskOutput", f"Task.{lijst}", 2)
            goed["type"] = {"coding": [{"system": TAAKINVOER, "code": "reden-uitstel"}]}
            fout = planter.vul("TaskInput" if lijst == "input" else "TaskOutput", f"Task.{lijst}[onbekend]", 2)
            besluit = fout | {"type": {"coding": [{"system": TAAKINVOER, "code": "besluit"}]}}
            inhoud[lijst] = [goed, fout, besluit]
    elif type_ == "Provenance":
        inhoud["target"] = [{"reference": "Condition/Condition"}]


def _wereld(groepen=GROEPEN):
    planter = Planter()
    resources = []
    for naam in TYPEN:
        type_ = naam.partition("-")[0]
        inhoud = {"resourceType": type_} | planter.vul(type_, type_)
        inhoud["id"] = PASPOORT if type_ == "Patient" else naam
        _zet_soort(inhoud, naam, planter)
        if type_ == "Consent":
            vol = toestemming(RIJDT, groepen, "levering", betreft=["Device/Device"])
            inhoud["provision"] |= vol["provision"]
            for weg in ("class", "code", "dataPeriod", "data", "action", "_type", "provision"):
                inhoud["provision"].pop(weg, None)
            inhoud |= {"status": "active", "extension": vol["extension"]}
        resources.append(inhoud)
    resources.append({"resourceType": "Condition", "id": "verborgen", "subject": {"reference": PATIENT}})
    return planter, opname(*resources)


PLANTER, WERELD = _wereld()


def _gezien(naam, m=WERELD, rol="leverancier"):
    type_ = naam.partition("-")[0]
    v = m.get(type_, PASPOORT if type_ == "Patient" else naam)
    return zicht(actor(rol, "app"), m).toon(v)


@pytest.mark.parametrize("naam", TYPEN)
def test_elk_geplant_merkteken_blijft_binnen_de_toegestane_paden(naam):
    getoond = _gezien(naam)
    if naam not in TOEGESTAAN:
        assert getoond is None
        return
    assert getoond is not None and not getoond.volledig
    paden = {PLANTER.pad_van[m] for m in MERK.findall(getoond.tekst.decode())}
    lek = {p for p in paden if not re.match(TOEGESTAAN[naam], p) or NOOIT.search(p)}
    assert lek == set()
    # en wat bij de groepen hoort, komt wel mee
    verwacht = {
        p
        for p in PLANTER.pad_van.values()
        if p.startswith(f"{naam.partition('-')[0]}.") and re.match(TOEGESTAAN[naam], p) and not NOOIT.search(p)
    }
    hernomen = (
        "Consent.provision",
        "Consent.status",
        "Communication.recipient",
        "Task.status",
        "DocumentReference.type",
        "Observation.category",
    )
    gemist = {p for p in verwacht - paden if not p.startswith((*hernomen, "Task.input", "Task.output"))}
    gemist = {p for p in gemist if not p.endswith((".id", "for.display", "context.related"))}
    assert gemist == set()
    assert "SUBSETTED" in getoond.tekst.decode()


@pytest.mark.parametrize("rol", ["leverancier", "therapeut", "verstrekker"])
def test_ook_met_elke_groep_toegekend_blijven_ingesloten_en_vreemde_delen_van_de_houder(rol):
    planter, m = _wereld(ALLE_GROEPEN)
    org = {"leverancier": RIJDT, "therapeut": "Organization/praktijk", "verstrekker": "Organization/gemeente"}[rol]
    ander = m.get("Consent", "Consent").inhoud
    ander["provision"]["actor"] = [{"reference": {"reference": org}}]
    m = opname(*[ander if v.type == "Consent" else v.inhoud for v in m.alle()])
    z = zicht(actor(rol, "app"), m)
    for v in m.alle():
        getoond = z.toon(v)
        for merk in MERK.findall(getoond.tekst.decode() if getoond else ""):
            pad = planter.pad_van[merk]
            assert not re.search(
                r"xtension|contained|\.meta\b|^\w+\.text\b|^Task\.(input|output)\[onbekend\]\.type", pad
            )
            if rol != "verstrekker":
                assert not pad.startswith("Patient.identifier")
            if rol == "leverancier":
                assert not re.search(r"reasonCode|addresses|supportingInfo|~verborgen", pad)
        if v.id in NIEMAND:
            assert getoond is None


def test_de_houder_krijgt_elk_merkteken():
    z = zicht(actor("houder"), WERELD)
    gezien = {m for v in WERELD.alle() for m in MERK.findall(z.toon(v).tekst.decode())}
    overschreven = (
        "~verborgen",
        r"\.id$",
        "Device.*type",
        "questionnaire$",
        "status$",
        "intent$",
        "owner",
        "recipient",
        "xtension",
        "provision",
        "identifier",
        "Task.input",
        "Task.output",
        "category",
        "context",
        "target",
        "DocumentReference.type",
    )
    assert {
        p for m, p in PLANTER.pad_van.items() if m not in gezien and not re.search("|".join(overschreven), p)
    } == set()


def test_een_onbekende_rol_krijgt_geen_enkel_merkteken():
    z = zicht(actor("beheerder", organisatie="rijdt"), WERELD)
    assert all(z.toon(v) is None for v in WERELD.alle())
