"""Woorden en stukken voor `orakelpaspoort.py`: elk woord is te herkennen waar het ook opduikt."""

from __future__ import annotations

from typing import Any

from paspoort.fhir.stelsels import extension
from tests.zichtwereld import PATIENT

Json = dict[str, Any]
ONDERWERP = {"subject": {"reference": PATIENT, "display": "M_naam_bij_verwijzing_M"}}


def g(tekst: str) -> frozenset[str]:
    return frozenset(tekst.split())


def m_(naam: str) -> str:
    return f"M_{naam}_M"


def antwoord(link: str, naam: str) -> Json:
    return {"linkId": link, "answer": [{"valueString": m_(naam)}]}


def ext(id: str, **waarde: Any) -> Json:
    return {"url": extension(id), **waarde}


# plek → (resource, gegeven voor het orakel); de groepen bij elke tekst komen uit toegang.md §2
ADVIES = [
    {
        "linkId": "1",
        "item": [
            antwoord("1.1", "hulpvraag"),
            antwoord("1.2", "diagnose"),
            antwoord("1.6", "stoornis"),
            antwoord("1.11", "woning"),
            antwoord("1.20", "nu"),
        ],
    },
    {"linkId": "2", "item": [{"linkId": "2.1", "item": [antwoord("2.1.1", "eis"), antwoord("2.1.7", "waarom")]}]},
    {"linkId": "99", "answer": [{"valueString": m_("onbekende_vraag")}]},
]
