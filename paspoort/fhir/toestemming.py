"""Consent ⇄ Toestemming (toegang.md §4, docs/fhir-afbeelding.md; FHIR R4 Consent).

Leest streng: een Consent met een beperking die wij niet kennen, geeft niets. Beslist niet of zij nu geldt.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final, cast

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.referenties import ontleed
from paspoort.fhir.stelsels import (
    ACT_CODE,
    CONSENT_SCOPE,
    DOEL,
    GEGEVENSGROEP,
    LOINC,
    PARTICIPATION_TYPE,
    TOESTEMMING_LOINC,
    extension,
)
from paspoort.fouten import Melding, PaspoortFout
from paspoort.toegang.groepen import ALLE_GROEPEN
from paspoort.toestemming import Status, Toestemming

# Beperkingen van R4 die §4 niet gebruikt. Negeren zou verruimen, dus zo'n Consent geeft niets.
ONBEKENDE_BEPERKING: Final = frozenset({"class", "code", "dataPeriod"})
TOEGESTANE_HANDELING: Final = frozenset({"access", "collect", "use", "disclose"})
STATUSSEN: Final = frozenset({"proposed", "active", "inactive", "rejected", "draft", "entered-in-error"})


def uit_fhir(inhoud: Json) -> Toestemming:
    """Een Consent als Toestemming. Kapotte of onbekende delen maken haar `begrepen=False`, nooit ruimer."""
    provision = inhoud.get("provision")
    regel: Json = provision if isinstance(provision, dict) else {}
    begrepen = regel.get("type", "permit") == "permit" and _handeling_past(regel)
    begrepen = begrepen and not (ONBEKENDE_BEPERKING & regel.keys())
    groepen = _codes(regel.get("securityLabel"), GEGEVENSGROEP) & ALLE_GROEPEN
    uitzonderingen: set[str] = set()
    for kind in _dicts(regel.get("provision")):
        if kind.get("type") != "deny":
            continue  # een geneste toestemming voegt niets toe
        verboden, gegevens = _codes(kind.get("securityLabel"), GEGEVENSGROEP), _gegevens(kind)
        # Een uitzondering die geen gegeven of groep noemt die wij kennen, kan over alles gaan.
        if gegevens is None or not (verboden or gegevens):
            begrepen = False
        elif gegevens:
            uitzonderingen |= gegevens
        else:
            groepen -= verboden
    alleen = _gegevens(regel) if "data" in regel else None
    if "data" in regel and alleen is None:
        begrepen = False
    periode = regel.get("period") if isinstance(regel.get("period"), dict) else {}
    van, tot = _moment(cast(Json, periode).get("start")), _moment(cast(Json, periode).get("end"))
    if (van is None and "start" in cast(Json, periode)) or (tot is None and "end" in cast(Json, periode)):
        begrepen = False
    status = inhoud.get("status")
    gegeven = _moment(inhoud.get("dateTime"))
    return Toestemming(
        patient=_plek((inhoud.get("patient") or {}).get("reference")) or "",
        aan=frozenset(p for actor in _dicts(regel.get("actor")) if (p := _plek(_verwijzing(actor.get("reference"))))),
        doel=next(iter(_codelijst(regel.get("purpose"), DOEL)), None),
        groepen=groepen,
        van=van,
        tot=tot,
        status=cast(Status, status if status in STATUSSEN else "entered-in-error"),
        uitzonderingen=frozenset(uitzonderingen),
        betreft=frozenset(
            plek for ext in _extensies(inhoud, "betreft") if (plek := _plek(_verwijzing(ext.get("valueReference"))))
        ),
        alleen=alleen,
        gegeven_via=next((ext.get("valueCode") for ext in _extensies(inhoud, "gegeven-via")), None),
        gegeven_op=gegeven if isinstance(gegeven, datetime) else None,
        begrepen=begrepen,
        id=str(inhoud.get("id", "")),
    )


def naar_fhir(toestemming: Toestemming) -> Json:
    """Een Toestemming als Consent. `id` alleen als zij er een heeft."""
    provision: Json = {"type": "permit"}
    grenzen = (("start", toestemming.van), ("end", toestemming.tot))
    periode = {naam: waarde.isoformat() for naam, waarde in grenzen if waarde}
    if periode:
        provision["period"] = periode
    provision["actor"] = [
        {"role": {"coding": [{"system": PARTICIPATION_TYPE, "code": "IRCP"}]}, "reference": {"reference": aan}}
        for aan in sorted(toestemming.aan)
    ]
    if toestemming.doel:
        provision["purpose"] = [{"system": DOEL, "code": toestemming.doel}]
    provision["securityLabel"] = [{"system": GEGEVENSGROEP, "code": groep} for groep in sorted(toestemming.groepen)]
    if toestemming.alleen is not None:
        provision["data"] = _data(toestemming.alleen)
    if toestemming.uitzonderingen:
        provision["provision"] = [{"type": "deny", "data": _data(toestemming.uitzonderingen)}]
    uit: Json = {"resourceType": "Consent"}
    if toestemming.id:
        uit["id"] = toestemming.id
    extensies: list[Json] = [
        {"url": extension("betreft"), "valueReference": {"reference": plek}} for plek in sorted(toestemming.betreft)
    ]
    if toestemming.gegeven_via:
        extensies.insert(0, {"url": extension("gegeven-via"), "valueCode": toestemming.gegeven_via})
    if extensies:
        uit["extension"] = extensies
    uit |= {
        "status": toestemming.status,
        "scope": {"coding": [{"system": CONSENT_SCOPE, "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": LOINC, "code": TOESTEMMING_LOINC}]}],
        "patient": {"reference": toestemming.patient},
    }
    if toestemming.gegeven_op:
        uit["dateTime"] = toestemming.gegeven_op.isoformat()
    uit["performer"] = [{"reference": toestemming.patient}]
    uit["policyRule"] = {"coding": [{"system": ACT_CODE, "code": "OPTIN"}]}
    uit["provision"] = provision
    return uit


def pas_aan(consent: Json, t: Toestemming) -> Json:
    """Deze Consent met de inhoud van `t`: wie, waarvoor, groepen, periode, uitzonderingen en status.

    Wat er verder in staat (id, meta, wie het vastlegde, verificatie) blijft. PaspoortFout `toestemming-niet-begrepen`
    als er een beperking in stond die wij niet kennen: haar overschrijven zou verruimen.
    """
    if not uit_fhir(consent).begrepen:
        raise PaspoortFout(Melding("toestemming-niet-begrepen", "provision"))
    nieuw = naar_fhir(t)
    eigen = {extension("betreft"), extension("gegeven-via")}
    ander = [e for e in consent.get("extension", ()) if e.get("url") not in eigen]
    extensies = [*nieuw.get("extension", ()), *ander]
    uit = {k: w for k, w in consent.items() if k != "extension"}
    if extensies:
        uit["extension"] = extensies
    uit |= {"status": nieuw["status"], "provision": nieuw["provision"]}
    return uit | ({"dateTime": nieuw["dateTime"]} if "dateTime" in nieuw else {})


def _data(plekken: frozenset[str]) -> list[Json]:
    return [{"meaning": "instance", "reference": {"reference": plek}} for plek in sorted(plekken)]


def _gegevens(regel: Json) -> frozenset[str] | None:
    """De genoemde gegevens als `Type/id`; None als er een tussen staat die wij niet kunnen lezen."""
    plekken = [_plek(_verwijzing(d.get("reference"))) for d in _dicts(regel.get("data"))]
    return None if None in plekken else frozenset(cast("list[str]", plekken))


def _handeling_past(regel: Json) -> bool:
    handelingen = [c.get("code") for a in _dicts(regel.get("action")) for c in _dicts(a.get("coding"))]
    return "action" not in regel or bool(TOEGESTANE_HANDELING & {str(h) for h in handelingen})


def _codelijst(codings: object, stelsel: str) -> list[str]:
    return [c["code"] for c in _dicts(codings) if c.get("system") == stelsel and isinstance(c.get("code"), str)]


def _codes(codings: object, stelsel: str) -> frozenset[str]:
    return frozenset(_codelijst(codings, stelsel))


def _extensies(inhoud: Json, id: str) -> Iterator[Json]:
    return (ext for ext in _dicts(inhoud.get("extension")) if ext.get("url") == extension(id))


def _dicts(waarde: object) -> Iterator[Json]:
    return (x for x in waarde if isinstance(x, dict)) if isinstance(waarde, list) else iter(())


def _verwijzing(waarde: object) -> Any:
    return waarde.get("reference") if isinstance(waarde, dict) else None


def _plek(verwijzing: object) -> str | None:
    # Een volledig adres kan van een andere server zijn; dan is het niet wie of wat wij onder dat id kennen.
    delen = ontleed(verwijzing) if isinstance(verwijzing, str) and ":" not in verwijzing else None
    return f"{delen[0]}/{delen[1]}" if delen else None


def _moment(tekst: object) -> date | datetime | None:
    """Een FHIR dateTime: met tijd en zone een datetime, anders een dag. Een jaar of maand alleen is te vaag: None."""
    if not isinstance(tekst, str):
        return None
    try:
        if "T" not in tekst:
            return date.fromisoformat(tekst)
        moment = datetime.fromisoformat(tekst)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
