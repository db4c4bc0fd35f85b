"""Regels bij Task: welke stap na welke komt, wie er behandelt, en dat een besluit langs `$beslis` gaat.

De tabellen staan in `paspoort/aanvraag.py`. Wie een Task mag wijzigen, zegt de roltabel; wat een levering meebrengt,
staat in `rules/levering.py`. Wie gegevens overzet (dienst, proef) legt vast
hoe het al is en hoeft de weg niet te volgen.
"""

from __future__ import annotations

from typing import Final

from paspoort.aanvraag import GESLOTEN, TAAKSTATUS, Fase, controleer_overgang
from paspoort.fhir.aanvraag import is_opdracht
from paspoort.fhir.stelsels import TAAKSOORT
from paspoort.fhir.stelsels import TAAKSTATUS as STELSEL
from paspoort.fhir.toestemming import uit_fhir as toestemming_uit
from paspoort.fhir.waarden import code_uit, datum, einddatum, ext, keuze, verwijzing
from paspoort.fouten import Melding, PaspoortFout
from paspoort.termijn import begin
from paspoort.toestemming import HIER
from server.access.actor import Actor
from server.fhir.beslissing import soorten_organisatie
from server.fhir.regels import RegelContext, RegelUitkomst, auteur_van, regel
from server.fhir.request import Json
from server.fhir.rules.levering import geleverd
from server.fhir.rules.verzoek import na_transactie
from server.fhir.toetsing import (
    als_guidance,
    behandelaar,
    beleid_bij,
    bewaarde_uitslag,
    met_uitslag,
    paspoort_van,
    toets_verzoek,
)
from server.store.register import Register
from server.store.versions import Momentopname, Wijziging

BEHANDELAARS: Final = frozenset({"gemeente", "gr", "zorgkantoor", "zorgverzekeraar", "uwv"})
BEGIN: Final = {"behandeling": Fase.INGEDIEND, "opdracht": Fase.ONTVANGEN, "reparatie": Fase.GEMELD}
# `accepted` en `received` zijn in FHIR ook goede woorden voor werk dat begonnen is.
OOK_GOED: Final = {"requested": {"received", "accepted"}, "in-progress": {"accepted", "received", "on-hold"}}


@regel("Task")
def stap(
    actor: Actor, m: Momentopname, register: Register, oud: Json | None, nieuw: Json | None, context: RegelContext
) -> RegelUitkomst:
    """De stap past bij de vorige en bij de status; een nieuwe behandeling wordt getoetst en krijgt haar termijn."""
    if nieuw is None or actor.soort == "dienst" or actor.rol == "proef":
        return RegelUitkomst()
    soort = code_uit(nieuw.get("code"), TAAKSOORT)
    nieuw = _ingevuld(nieuw, soort, oud)
    meldingen = [*_overgang(soort, oud, nieuw, context.plek), *_behandeling(soort, oud, nieuw, register, context.plek)]
    if meldingen:
        return RegelUitkomst(tuple(meldingen))
    if is_opdracht(nieuw) and nieuw.get("status") == "completed" and (oud or {}).get("status") != "completed":
        return geleverd(actor, m, register, nieuw, context)
    if soort == "behandeling" and oud is None:
        return _nieuwe_behandeling(actor, m, register, nieuw, context)
    if soort == "behandeling" and nieuw.get("status") == "cancelled":
        return RegelUitkomst(wijzigingen=(Wijziging("Task", context.id, nieuw), *_wachtende(m, context.id)))
    return RegelUitkomst(wijzigingen=(Wijziging("Task", context.id, nieuw),))


def _ingevuld(nieuw: Json, soort: str | None, oud: Json | None) -> Json:
    """De stap die uit de status volgt als de inzender er geen noemde."""
    fase = fase_van(nieuw)
    if soort == "behandeling" and nieuw.get("status") == "cancelled":
        fase = Fase.INGETROKKEN
    elif fase is None and oud is None and soort in BEGIN:
        fase = BEGIN[soort]
    if fase is None or fase is fase_van(nieuw):
        return nieuw
    return {**nieuw, "businessStatus": {"coding": [{"system": STELSEL, "code": fase.value}]}}


def fase_van(taak: Json) -> Fase | None:
    """De stap waar een Task is, of None."""
    return keuze(Fase, code_uit(taak.get("businessStatus"), STELSEL))


def _overgang(soort: str | None, oud: Json | None, nieuw: Json, plek: str) -> list[Melding]:
    if soort not in BEGIN:
        return []
    if oud is not None and oud.get("status") in GESLOTEN:
        return [Melding("taak-gesloten", f"{plek}.status")]
    naar, meldingen = fase_van(nieuw), list[Melding]()
    van = fase_van(oud) if oud is not None else None
    if naar is None:
        waarden = {"fase": "deze taak", "status": "een stap in businessStatus"}
        return [Melding("taak-status-past-niet", f"{plek}.businessStatus", waarden)]
    try:
        if oud is None and naar is not BEGIN[soort]:
            raise PaspoortFout(_kan_niet(BEGIN[soort], naar, plek))
        controleer_overgang(van, naar, f"{plek}.businessStatus")
    except PaspoortFout as fout:
        meldingen += fout.meldingen
    hoort, status = TAAKSTATUS[naar], str(nieuw.get("status"))
    vrij = status in {"draft", "entered-in-error", "cancelled", "rejected", "failed"} and hoort != "completed"
    if status != hoort and not vrij and status not in OOK_GOED.get(hoort, ()):
        meldingen.append(Melding("taak-status-past-niet", f"{plek}.status", {"fase": naar.value, "status": hoort}))
    return meldingen


def _kan_niet(van: Fase, naar: Fase, plek: str) -> Melding:
    return Melding("fase-kan-niet", f"{plek}.businessStatus", {"van": van.value, "naar": naar.value})


def _behandeling(soort: str | None, oud: Json | None, nieuw: Json, register: Register, plek: str) -> list[Melding]:
    """Alleen een verstrekker behandelt, en afronden gaat langs `$beslis`; alleen de houder trekt in."""
    if soort != "behandeling":
        return []
    if oud is not None and nieuw.get("status") == "completed" and oud.get("status") != "completed":
        return [Melding("taak-via-beslis", f"{plek}.status")]
    if oud is None and not soorten_organisatie(register, verwijzing(nieuw.get("owner")) or "") & BEHANDELAARS:
        return [Melding("behandelaar-onbekend", f"{plek}.owner")]
    return []


def _nieuwe_behandeling(
    actor: Actor, m: Momentopname, register: Register, nieuw: Json, context: RegelContext
) -> RegelUitkomst:
    """Toets het verzoek met het beleid van deze behandelaar en zet de uiterste dag (Wmo 2.3.2 en 2.3.5)."""
    plek = verwijzing(nieuw.get("focus")) or ""
    id_ = plek.removeprefix("DeviceRequest/")
    verzoek = context.zoek("DeviceRequest", id_)
    if verzoek is None or verzoek.get("intent") != "proposal":
        return RegelUitkomst((Melding("geen-verzoek", f"{context.plek}.focus"),))
    na = na_transactie(m, context, auteur_van(actor))
    met_id = {**verzoek, "id": id_}
    door = behandelaar(na, met_id)
    uitslag = toets_verzoek(na, register, met_id, context.nu, door)
    wijzigingen = [Wijziging("Task", context.id, _met_termijn(nieuw, door, register, context))]
    versie = m.get("DeviceRequest", id_)
    guidance = als_guidance(uitslag, m.partitie)
    if ("DeviceRequest", id_) not in context.werk and versie is not None and guidance != bewaarde_uitslag(verzoek):
        nieuw_ = met_uitslag(versie.inhoud, guidance)
        wijzigingen.append(Wijziging("DeviceRequest", id_, nieuw_, versie.auteur, versie.herkomst))
    return RegelUitkomst(wijzigingen=tuple(wijzigingen))


def _met_termijn(taak: Json, door: str | None, register: Register, context: RegelContext) -> Json:
    periode = (taak.get("restriction") or {}).get("period") or {}
    if einddatum(periode.get("end")) is not None:
        return taak
    vanaf = datum(ext(taak, "meldingsdatum", "valueDate")) or context.nu.astimezone(HIER).date()
    code = "beschikking" if ext(taak, "doel", "valueCode") == "herhaalverzoek" else "onderzoek"
    tot = begin(code, vanaf, beleid_bij(register, door).verkorte_termijnen).uiterlijk
    return {**taak, "restriction": {**(taak.get("restriction") or {}), "period": {**periode, "end": tot.isoformat()}}}


def _wachtende(m: Momentopname, taak_id: str) -> list[Wijziging]:
    """Een klaargezette toestemming van de houder gaat niet meer in als zijn laatste verzoek van de baan is."""
    if any(b.open and b.id != taak_id for b in paspoort_van(m).behandelingen):
        return []
    return [
        Wijziging("Consent", v.id, {**v.inhoud, "status": "inactive"}, v.auteur, v.herkomst)
        for v in m.van_type("Consent")
        if v.inhoud.get("status") == "proposed"
        and v.auteur == f"Patient/{m.partitie}"
        and toestemming_uit(v.inhoud).doel == "levering"
    ]
