"""Eén verzonnen paspoort voor het orakel: elke resource met per tekst de groepen die toegang.md §2 ervoor vraagt."""

from __future__ import annotations

from paspoort.fhir.stelsels import BASIS, BSN, codestelsel
from tests.orakel import Gegeven, Stuk
from tests.orakelwoorden import ADVIES, ONDERWERP, Json, antwoord, ext, g, m_
from tests.zichtwereld import FUNCTIE, ORG, PASPOORT, PATIENT

_BRON: list[tuple[Json, Gegeven]] = [
    (
        {
            "resourceType": "Patient",
            "id": PASPOORT,
            "name": [{"text": m_("naam")}],
            "birthDate": m_("geboren"),
            "identifier": [{"system": BSN, "value": m_("bsn")}, {"system": "urn:x", "value": m_("klantnummer")}],
            "photo": [{"title": m_("foto_houder")}],
        },
        Gegeven(
            PATIENT,
            (
                Stuk(m_("naam"), g("contact")),
                Stuk(m_("geboren"), g("persoon")),
                Stuk(m_("bsn"), g("bsn")),
                Stuk(m_("klantnummer"), None),
                Stuk(m_("foto_houder"), None),
            ),
            g("contact persoon bsn"),
        ),
    ),
    (
        {
            "resourceType": "Condition",
            "id": "als",
            **ONDERWERP,
            "code": {"text": m_("als")},
            "category": [{"coding": [{"code": "282291009"}]}],
            "text": {"status": "generated", "div": m_("verhaal")},
        },
        Gegeven("Condition/als", (Stuk(m_("als"), g("gezondheid")), Stuk(m_("verhaal"), None)), g("gezondheid")),
    ),
    (
        {
            "resourceType": "Condition",
            "id": "lopen",
            **ONDERWERP,
            "code": {"text": m_("lopen")},
            "category": [{"coding": [{"code": "248536006"}]}],
        },
        Gegeven("Condition/lopen", (Stuk(m_("lopen"), g("functioneren")),), g("functioneren")),
    ),
    (
        {
            "resourceType": "Observation",
            "id": "breedte",
            "status": "final",
            **ONDERWERP,
            "note": [{"text": m_("breedte")}],
            "category": [{"coding": [{"system": codestelsel("observatiesoort"), "code": "maten"}]}],
        },
        Gegeven("Observation/breedte", (Stuk(m_("breedte"), g("maten")),), g("maten")),
    ),
    (
        {
            "resourceType": "Goal",
            "id": "buiten",
            **ONDERWERP,
            "description": {"text": m_("buiten")},
            "addresses": [{"reference": "Condition/als", "display": m_("buiten_als")}],
        },
        Gegeven(
            "Goal/buiten",
            (
                Stuk(m_("buiten"), g("functioneren")),
                Stuk(m_("buiten_als"), g("functioneren gezondheid"), "Condition/als"),
            ),
            g("functioneren"),
        ),
    ),
    *[
        (
            {
                "resourceType": "Device",
                "id": d,
                "patient": {"reference": PATIENT},
                "note": [{"text": m_(d)}],
                "contained": [{"resourceType": "Basic", "code": {"text": m_(f"{d}_binnen")}}],
                "extension": [{"url": "urn:vreemd", "valueString": m_(f"{d}_vreemd")}],
            },
            Gegeven(
                f"Device/{d}",
                (Stuk(m_(d), g("hulpmiddelen")), Stuk(m_(f"{d}_binnen"), None), Stuk(m_(f"{d}_vreemd"), None)),
                g("hulpmiddelen"),
                f"Device/{d}",
            ),
        )
        for d in ("rolstoel", "bed")
    ],
    (
        {
            "resourceType": "DeviceUseStatement",
            "id": "zit",
            "status": "active",
            **ONDERWERP,
            "device": {"reference": "Device/rolstoel", "display": m_("zit_device")},
            "note": [{"text": m_("zit")}],
            "reasonCode": [{"text": m_("zit_reden")}],
            "reasonReference": [{"reference": "Condition/lopen", "display": m_("zit_lopen")}],
            "extension": [ext("toekenning", extension=[{"url": "reden", "valueString": m_("zit_toekenning")}])],
        },
        Gegeven(
            "DeviceUseStatement/zit",
            (
                Stuk(m_("zit"), g("hulpmiddelen")),
                Stuk(m_("zit_device"), g("hulpmiddelen"), "Device/rolstoel"),
                Stuk(m_("zit_reden"), g("hulpmiddelen gezondheid")),
                Stuk(m_("zit_lopen"), g("hulpmiddelen gezondheid"), "Condition/lopen"),
                Stuk(m_("zit_toekenning"), g("hulpmiddelen besluiten")),
            ),
            g("hulpmiddelen"),
            "Device/rolstoel",
        ),
    ),
    (
        {
            "resourceType": "QuestionnaireResponse",
            "id": "advies",
            "status": "completed",
            **ONDERWERP,
            "questionnaire": f"{BASIS}Questionnaire/functioneel-advies|1.0.0",
            "item": ADVIES,
            "author": {"reference": "PractitionerRole/nienke", "display": m_("auteur")},
        },
        Gegeven(
            "QuestionnaireResponse/advies",
            (
                Stuk(m_("hulpvraag"), g("advies")),
                Stuk(m_("diagnose"), g("gezondheid")),
                Stuk(m_("stoornis"), g("functioneren")),
                Stuk(m_("woning"), g("omgeving")),
                Stuk(m_("nu"), g("hulpmiddelen")),
                Stuk(m_("eis"), g("eisen")),
                Stuk(m_("waarom"), g("advies")),
                Stuk(m_("onbekende_vraag"), None),
                Stuk(m_("auteur"), g("advies")),
            ),
            g("advies gezondheid functioneren omgeving hulpmiddelen eisen"),
            opsomming=True,
        ),
    ),
    (
        {
            "resourceType": "QuestionnaireResponse",
            "id": "concept",
            "status": "in-progress",
            **ONDERWERP,
            "questionnaire": f"{BASIS}Questionnaire/functioneel-advies|1.0.0",
            "item": [
                {"linkId": "1", "item": [antwoord("1.1", "concept_vraag"), antwoord("1.2", "concept_diagnose")]},
                {"linkId": "2", "item": [{"linkId": "2.1", "item": [antwoord("2.1.1", "concept_eis")]}]},
            ],
        },
        Gegeven(
            "QuestionnaireResponse/concept",
            (
                Stuk(m_("concept_vraag"), g("advies")),
                Stuk(m_("concept_diagnose"), g("gezondheid")),
                Stuk(m_("concept_eis"), g("eisen")),
            ),
            g("advies gezondheid eisen"),
            opsomming=True,
            concept=True,
        ),
    ),
    *[
        (
            {
                "resourceType": "Communication",
                "id": f"over-{advies}",
                "status": "completed",
                **ONDERWERP,
                "category": [{"coding": [{"system": codestelsel("berichtsoort"), "code": "opmerking"}]}],
                "about": [{"reference": f"QuestionnaireResponse/{advies}", "display": m_(f"{advies}_naam")}],
                "payload": [{"contentString": m_(f"{advies}_gezegd")}],
                "reasonCode": [{"text": m_(f"{advies}_reden")}],
            },
            Gegeven(
                f"Communication/over-{advies}",
                (
                    Stuk(m_(f"{advies}_gezegd"), g("advies")),
                    Stuk(m_(f"{advies}_naam"), g("advies"), f"QuestionnaireResponse/{advies}"),
                    Stuk(m_(f"{advies}_reden"), g("advies gezondheid")),
                ),
                g("advies"),  # §2: "advies … alignment"
                over=f"QuestionnaireResponse/{advies}",
            ),
        )
        for advies in ("concept", "advies")
    ],
    (
        {
            "resourceType": "QuestionnaireResponse",
            "id": "evaluatie",
            "status": "completed",
            **ONDERWERP,
            "questionnaire": f"{BASIS}Questionnaire/evaluatie|1.0.0",
            "item": [antwoord("2", "evaluatie")],
        },
        Gegeven("QuestionnaireResponse/evaluatie", (Stuk(m_("evaluatie"), g("ervaringen")),), g("ervaringen")),
    ),
    (
        {
            "resourceType": "DeviceRequest",
            "id": "verzoek",
            "intent": "proposal",
            "status": "active",
            **ONDERWERP,
            "note": [{"text": m_("verzoek")}],
            "reasonCode": [{"text": m_("verzoek_reden")}],
            "supportingInfo": [{"reference": "Condition/lopen", "display": m_("verzoek_lopen")}],
        },
        Gegeven(
            "DeviceRequest/verzoek",
            (
                Stuk(m_("verzoek"), g("verzoeken")),
                Stuk(m_("verzoek_reden"), g("verzoeken gezondheid")),
                Stuk(m_("verzoek_lopen"), g("verzoeken gezondheid"), "Condition/lopen"),
            ),
            g("verzoeken"),
        ),
    ),
    (
        {
            "resourceType": "DeviceRequest",
            "id": "besluit",
            "intent": "order",
            "status": "active",
            **ONDERWERP,
            "note": [{"text": m_("besluit")}],
            "extension": [ext("tarief", extension=[{"url": "opbouw", "valueString": m_("tarief")}])],
        },
        Gegeven(
            "DeviceRequest/besluit",
            (Stuk(m_("besluit"), g("besluiten")), Stuk(m_("tarief"), g("besluiten financieel"))),
            g("besluiten"),
        ),
    ),
    (
        {
            "resourceType": "Communication",
            "id": "gesprek",
            "status": "completed",
            **ONDERWERP,
            "sender": {"reference": PATIENT},
            "recipient": [{"reference": "Organization/rijdt"}],
            "payload": [{"contentString": m_("gesprek")}],
        },
        Gegeven(
            "Communication/gesprek", (Stuk(m_("gesprek"), g("voortgang")),), g("voortgang"), met="Organization/rijdt"
        ),
    ),
    (
        {
            "resourceType": "DocumentReference",
            "id": "brief",
            "status": "current",
            **ONDERWERP,
            "description": m_("brief"),
            "type": {"coding": [{"system": codestelsel("documentsoort"), "code": "beschikking"}]},
        },
        Gegeven("DocumentReference/brief", (Stuk(m_("brief"), g("besluiten")),), g("besluiten")),
    ),
    (
        {
            "resourceType": "DocumentReference",
            "id": "foto",
            "status": "current",
            **ONDERWERP,
            "description": m_("foto"),
            "type": {"coding": [{"system": codestelsel("documentsoort"), "code": "foto"}]},
            "context": {"related": [{"reference": "Device/rolstoel"}]},
        },
        Gegeven(
            "DocumentReference/foto",
            (Stuk(m_("foto"), g("hulpmiddelen")),),
            g("hulpmiddelen"),
            "Device/rolstoel",
            volgt="Device/rolstoel",
        ),
    ),
    (
        {
            "resourceType": "DocumentReference",
            "id": "overig",
            "status": "current",
            **ONDERWERP,
            "description": m_("overig"),
        },
        Gegeven("DocumentReference/overig", (Stuk(m_("overig"), g("documenten")),), g("documenten")),
    ),
    (
        {
            "resourceType": "Provenance",
            "id": "wie",
            "target": [{"reference": "Device/rolstoel", "display": m_("wie")}],
            "recorded": m_("wie_op"),
            "agent": [{"who": {"reference": PATIENT}}],
            "reason": [{"text": m_("wie_waarom")}],
        },
        Gegeven(
            "Provenance/wie",
            (
                Stuk(m_("wie"), g("")),
                Stuk(m_("wie_op"), g("")),
                Stuk(m_("wie_waarom"), g("gezondheid")),
            ),
            g("hulpmiddelen"),
            volgt="Device/rolstoel",
        ),
    ),
]
RESOURCES = {gegeven.plek: inhoud for inhoud, gegeven in _BRON}
GEGEVENS = {gegeven.plek: gegeven for _, gegeven in _BRON}
WIJSBAAR = [
    "Device/rolstoel",
    "Device/bed",
    "DeviceUseStatement/zit",
    "QuestionnaireResponse/advies",
    "QuestionnaireResponse/concept",
    "Observation/breedte",
    "Communication/gesprek",
]
APPARAAT = {"DeviceUseStatement/zit": "Device/rolstoel"}
PARTIJEN = [f"Organization/{o}" for o in (*ORG.values(), "ander")] + [f"PractitionerRole/{f}" for f in FUNCTIE.values()]
