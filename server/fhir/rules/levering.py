"""Wat een levering meebrengt: het nieuwe hulpmiddel staat in het paspoort, het oude gebruik eindigt (ontwerp deel 1).

Het nieuwe gebruik erft de toekenning, de verstrekker en het advies als de leverancier ze niet gaf: hij ziet besluiten
niet. De toestemming van de leverancier eindigt drie maanden na de levering (toegang.md §4), en
hij krijgt zijn afschrift.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

from paspoort.fhir.aanvraag import opdracht_uit_fhir
from paspoort.fhir.bericht import UITKOMST, als_category
from paspoort.fhir.stelsels import TAAKINVOER, extension
from paspoort.fhir.toestemming import uit_fhir as toestemming_uit
from paspoort.fhir.waarden import code_uit, objecten, verwijzing
from paspoort.fouten import Melding
from paspoort.toestemming import HIER, einde_na
from server.access.actor import Actor
from server.fhir.afschrift import Afschriftvraag
from server.fhir.beslissing import met_einde
from server.fhir.regels import RegelContext, RegelUitkomst
from server.fhir.request import Json
from server.store.register import Register
from server.store.versions import Momentopname, Wijziging

ERFT: Final = ("toekenning", "verstrekker", "verstrekkingsvorm")


def geleverd(actor: Actor, m: Momentopname, register: Register, taak: Json, context: RegelContext) -> RegelUitkomst:
    """De opdracht is klaar: alles wat daardoor verandert. `levering-zonder-hulpmiddel` als er geen nieuw middel is."""
    opdracht = opdracht_uit_fhir(taak)
    middel = (opdracht.nieuw_hulpmiddel or "").removeprefix("Device/")
    if opdracht.soort in (None, "vervanging", "nieuw") and (not middel or context.zoek("Device", middel) is None):
        return RegelUitkomst((Melding("levering-zonder-hulpmiddel", f"{context.plek}.output"),))
    dag = context.nu.astimezone(HIER).date().isoformat()
    wijzigingen: list[Wijziging] = []
    oud_id = (opdracht.gebruik or "").removeprefix("DeviceUseStatement/")
    oud = m.get("DeviceUseStatement", oud_id)
    geschreven = [f"Task/{context.id}"]
    if middel:
        oud_inhoud = oud.inhoud if oud is not None and not oud.verwijderd else None
        nieuw_id, nieuw = _nieuw_gebruik(
            m, context, middel, opdracht.nieuw_gebruik, oud_id, oud_inhoud, opdracht.eisen, dag
        )
        wijzigingen.append(Wijziging("DeviceUseStatement", nieuw_id, nieuw))
        geschreven += [f"Device/{middel}", f"DeviceUseStatement/{nieuw_id}"]
        taak = _met_uitvoer(taak, "nieuw-gebruik", f"DeviceUseStatement/{nieuw_id}")
        if oud is not None and oud_inhoud is not None and oud_id != nieuw_id:
            einde = {**(oud_inhoud.get("timingPeriod") or {}), "end": dag}
            klaar = {**oud_inhoud, "status": "completed", "timingPeriod": einde}
            wijzigingen.append(Wijziging("DeviceUseStatement", oud_id, klaar, oud.auteur, oud.herkomst))
    wijzigingen.append(Wijziging("Task", context.id, taak))
    wijzigingen += _aan_schrijver(m, opdracht.eisen, oud_id, context)
    organisatie = register.organisatie_van(opdracht.eigenaar or "") or actor.organisatie
    wijzigingen += _toestemmingen(m, register, organisatie, context)
    if organisatie is None:
        return RegelUitkomst(wijzigingen=tuple(wijzigingen))
    genoemd = (opdracht.hulpmiddel, opdracht.eisen, *opdracht.maten, f"DeviceUseStatement/{oud_id}" if oud else None)
    bronnen = tuple(p for p in (f"Patient/{m.partitie}", *genoemd) if p)
    afschrift = Afschriftvraag(
        "geleverd", organisatie, bronnen, tuple(geschreven), (("Opdracht", f"Task/{context.id}"),)
    )
    return RegelUitkomst(wijzigingen=tuple(wijzigingen), afschriften=(afschrift,))


def _aan_schrijver(m: Momentopname, eisen: str | None, oud_id: str, context: RegelContext) -> list[Wijziging]:
    """De levering bereikt de schrijver van het advies als bericht, zonder besluit of leverancier (toegang.md §3).

    Zonder zender: de leverancier leest niet wie het advies schreef, en leest dus ook dit bericht niet.
    """
    oud = m.get("DeviceUseStatement", oud_id)
    rust = verwijzing(next(iter(objecten(oud.inhoud.get("derivedFrom"))), None)) if oud and not oud.verwijderd else None
    plek = eisen or rust or ""
    advies = m.get("QuestionnaireResponse", plek.partition("/")[2]) if plek else None
    if advies is None or advies.verwijderd or not advies.auteur.startswith(("PractitionerRole/", "Organization/")):
        return []
    dag = context.nu.astimezone(HIER).date()
    inhoud: Json = {
        "resourceType": "Communication",
        "status": "completed",
        "category": als_category(UITKOMST),
        "subject": {"reference": f"Patient/{m.partitie}"},
        "about": [{"reference": plek}],
        "sent": context.nu.isoformat(timespec="seconds"),
        "recipient": [{"reference": advies.auteur}],
        "payload": [{"contentString": f"Het hulpmiddel is geleverd op {dag.day}-{dag.month}-{dag.year}."}],
    }
    return [Wijziging("Communication", str(uuid4()), inhoud, herkomst="bron")]


def _nieuw_gebruik(
    m: Momentopname,
    context: RegelContext,
    middel: str,
    genoemd: str | None,
    oud_id: str,
    oud: Json | None,
    eisen: str | None,
    dag: str,
) -> tuple[str, Json]:
    """Het gebruik van het nieuwe middel: dat van de leverancier, aangevuld; anders een nieuw."""
    id_, inhoud = _gevonden(m, context, middel, genoemd)
    inhoud = inhoud or {
        "resourceType": "DeviceUseStatement",
        "status": "active",
        "subject": {"reference": f"Patient/{m.partitie}"},
        "device": {"reference": f"Device/{middel}"},
    }
    extensies = list(objecten(inhoud.get("extension")))
    heeft = {e.get("url") for e in extensies}
    for naam in ERFT:
        if extension(naam) not in heeft and oud is not None:
            extensies += [e for e in objecten(oud.get("extension")) if e.get("url") == extension(naam)]
    if oud is not None and extension("vervangt") not in heeft:
        verwijst = {"reference": f"DeviceUseStatement/{oud_id}"}
        extensies.append({"url": extension("vervangt"), "valueReference": verwijst})
    uit: Json = {**inhoud, "status": "active"}
    if extensies:
        uit["extension"] = extensies
    if "derivedFrom" not in uit:
        bron = [{"reference": eisen}] if eisen else (oud or {}).get("derivedFrom")
        uit |= {"derivedFrom": bron} if bron else {}
    if not any(naam.startswith("timing") for naam in uit):
        uit["timingPeriod"] = {"start": dag}
    return id_, uit


def _gevonden(m: Momentopname, context: RegelContext, middel: str, genoemd: str | None) -> tuple[str, Json | None]:
    if genoemd is not None:
        id_ = genoemd.removeprefix("DeviceUseStatement/")
        return id_, context.zoek("DeviceUseStatement", id_)
    doel = f"Device/{middel}"
    levend: dict[str, Any] = {v.id: v.inhoud for v in m.van_type("DeviceUseStatement")}
    levend |= {i: inhoud for (t, i), inhoud in context.werk.items() if t == "DeviceUseStatement"}
    for id_, inhoud in levend.items():
        if inhoud is not None and verwijzing(inhoud.get("device")) == doel:
            return id_, inhoud
    return str(uuid4()), None


def _met_uitvoer(taak: Json, code: str, plek: str) -> Json:
    if any(code_uit(o.get("type"), TAAKINVOER) == code for o in objecten(taak.get("output"))):
        return taak
    regel = {"type": {"coding": [{"system": TAAKINVOER, "code": code}]}, "valueReference": {"reference": plek}}
    return {**taak, "output": [*objecten(taak.get("output")), regel]}


def _toestemmingen(
    m: Momentopname, register: Register, organisatie: str | None, context: RegelContext
) -> list[Wijziging]:
    dag = context.nu.astimezone(HIER).date()
    einde = einde_na("levering", "levering", dag)
    uit = []
    for versie in m.van_type("Consent"):
        t = toestemming_uit(versie.inhoud)
        aan = {register.organisatie_van(a) for a in t.aan}
        if einde is None or t.status != "active" or t.doel != "levering" or organisatie not in aan:
            continue
        uit.append(Wijziging("Consent", versie.id, met_einde(versie.inhoud, einde), versie.auteur, versie.herkomst))
    return uit
