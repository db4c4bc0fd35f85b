"""Eén goed en één fout voorbeeld bij elke definitie, met wat de server ervan zegt.

Profielen, extensies en vragenlijsten hebben een bestand in `fhir_profiles/examples`; operaties een verzoek in
`examples/operaties`. Bij codes en zoekparameters volgt het voorbeeld uit de definitie zelf. De bevinding bij een fout
voorbeeld komt van dezelfde controle als bij schrijven, zodat de bladzijde nooit iets anders zegt dan de server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from paspoort.fhir.fhirjson import lees
from paspoort.fhir.validatie import Validator
from paspoort.fhir.vragenlijst import controleer, vragenlijst_van
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.request import Json
from web.naslag.bibliotheek import Stuk

VREEMD: Final = "http://voorbeeld.nl/CodeSystem/anders"
GEEN_CODE: Final = "bestaat-niet"
# Een code uit een stelsel van anderen dat te groot is om op te sommen.
VAN_ANDEREN: Final = {"urn:ietf:bcp:13": "application/pdf", "urn:ietf:bcp:47": "nl", "urn:iso:std:iso:4217": "EUR"}
# Per soort zoekparameter: een waarde die kan, en een vraag die niet kan met de code van de weigering.
ZOEKWAARDE: Final = {
    "token": "active", "reference": "{doel}/123", "date": "ge2026-01-01", "string": "rol", "uri": "http://voorbeeld.nl/1",
    "number": "ge1", "quantity": "gt40||cm",
}  # fmt: skip
ZOEKFOUT: Final = {
    "token": (":contains=act", "zoek-bepaler"),
    "reference": (":exact=123", "zoek-bepaler"),
    "date": ("=gisteren", "zoek-waarde"),
    "string": (":not=rol", "zoek-bepaler"),
    "uri": (":exact=x", "zoek-bepaler"),
    "number": ("=veel", "zoek-waarde"),
    "quantity": ("=veel", "zoek-waarde"),
}


@dataclass(frozen=True, slots=True)
class Bevinding:
    """Wat er aan een fout voorbeeld niet klopt: waar, wat, en onder welke code."""

    plek: str
    tekst: str
    code: str


@dataclass(frozen=True, slots=True)
class Voorbeeld:
    """Eén voorbeeld: een resource (`inhoud`), of een verzoek (`verzoek`, met eventueel `inhoud`)."""

    goed: bool
    inhoud: Any
    verzoek: str = ""
    bevindingen: tuple[Bevinding, ...] = ()
    status: int = 0


class Voorbeelden:
    """Zoekt bij elke definitie haar voorbeelden, en laat de validator de foute wegen."""

    def __init__(self, validator: Validator) -> None:
        self._validator = validator
        map_ = files("fhir_profiles") / "examples"
        self._bestanden = {b.name: b for b in map_.iterdir() if b.name.endswith(("-goed.json", "-fout.json"))}
        operaties = map_ / "operaties"
        self._operaties = {b.name.removesuffix(".json"): b for b in operaties.iterdir()} if operaties.is_dir() else {}

    def van(self, stuk: Stuk) -> tuple[Voorbeeld, ...]:
        """Eerst het goede, dan het foute; leeg als er geen zijn."""
        match stuk.soort.sleutel:
            case "codestelsel" | "waardelijst":
                return self._codes(stuk)
            case "zoekparameter":
                return _zoeken(stuk.inhoud)
            case "operatie":
                return self._operatie(stuk.id)
        uit = []
        for einde in ("goed", "fout"):
            if bestand := self._bestanden.get(f"{stuk.id}-{einde}.json"):
                inhoud = lees(bestand.read_bytes())
                uit.append(Voorbeeld(einde == "goed", inhoud, bevindingen=self._bevindingen(inhoud)))
        return tuple(uit)

    def _bevindingen(self, inhoud: Json) -> tuple[Bevinding, ...]:
        """Wat de server van deze resource zegt, zoals bij schrijven; antwoorden ook tegen hun vragenlijst."""
        meldingen = [m for m in self._validator.controleer(inhoud) if m.ernst == "error"]
        if inhoud.get("resourceType") == "QuestionnaireResponse" and not meldingen:
            try:
                meldingen += controleer(inhoud, vragenlijst_van(inhoud))
            except PaspoortFout as fout:
                meldingen += fout.meldingen
        return _als_bevindingen(meldingen)

    def _codes(self, stuk: Stuk) -> tuple[Voorbeeld, ...]:
        """Een Coding die in de lijst zit en een die er niet in zit, volgens de codes van de validator."""
        url = stuk.url if stuk.soort.sleutel == "waardelijst" else str(stuk.inhoud.get("valueSet", ""))
        lijst = self._validator.codes.lijst(url)
        if lijst is None:
            return ()
        gekozen = next(iter(sorted(lijst.codes)), None)
        if gekozen is None:
            stelsel = next(iter(sorted(lijst.open_stelsels)))
            gekozen = (stelsel, VAN_ANDEREN.get(stelsel, "123"))
        goed: Json = {"system": gekozen[0], "code": gekozen[1]}
        if weergave := self._validator.codes.weergaven.get(gekozen):
            goed["display"] = weergave
        fout = {"system": gekozen[0] if lijst.bevat(gekozen[0], GEEN_CODE) == "eruit" else VREEMD, "code": GEEN_CODE}
        melding = Melding("fhir-code-buiten-lijst", "Coding.code", {"lijst": stuk.id})
        return Voorbeeld(True, goed), Voorbeeld(False, fout, bevindingen=_als_bevindingen([melding]))

    def _operatie(self, id: str) -> tuple[Voorbeeld, ...]:
        bestand = self._operaties.get(id)
        if bestand is None:
            return ()
        paar = lees(bestand.read_bytes())
        return tuple(_verzoek(naam == "goed", paar[naam]) for naam in ("goed", "fout"))


def _verzoek(goed: bool, v: Mapping[str, Any]) -> Voorbeeld:
    bevindingen = () if goed else (Bevinding(v.get("plek", ""), v["uitleg"], v["code"]),)
    return Voorbeeld(goed, v.get("inhoud"), f"{v['methode']} [basis]/{v['adres']}", bevindingen, v["status"])


def _zoeken(parameter: Json) -> tuple[Voorbeeld, ...]:
    """Een zoekvraag die kan en een die niet kan, uit de soort van de parameter."""
    type_, naam, soort = parameter["base"][0], parameter["code"], parameter["type"]
    if soort not in ZOEKWAARDE:
        return ()
    waarde = ZOEKWAARDE[soort].format(doel=next(iter(parameter.get("target", ())), "Patient"))
    staart, code = ZOEKFOUT[soort]
    melding = (
        "Deze bepaler kan niet bij deze soort." if code == "zoek-bepaler" else "Deze waarde kan niet bij deze soort."
    )
    voor = f"GET [basis]/{type_}?patient=Patient/123&{naam}"
    return (
        Voorbeeld(True, None, f"{voor}={waarde}", status=200),
        Voorbeeld(False, None, f"{voor}{staart}", (Bevinding(naam, melding, code),), 400),
    )


def _als_bevindingen(meldingen: Iterable[Melding]) -> tuple[Bevinding, ...]:
    return tuple(Bevinding(m.plek or "", m.tekst(), m.code) for m in meldingen)
