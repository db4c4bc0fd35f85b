"""De herhaaltoets op een momentopname: het beleid van de behandelaar, de uitslag, en de uitslag bij het verzoek.

De toets zelf is `paspoort/herhaaltoets`. Hier alleen wie er behandelt, welk beleid dan geldt en wat er bewaard wordt:
een gegeven uitslag verandert nooit door ander beleid (wet 4), alleen door iets nieuws in het paspoort of het verzoek.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from paspoort.aanvraag import GESLOTEN, Verzoek
from paspoort.fhir.aanvraag import is_verzoek, verzoek_uit_fhir
from paspoort.fhir.beleid import beleid_van
from paspoort.fhir.fhirjson import lees, schrijf
from paspoort.fhir.herhaaltoets import naar_fhir, onderzoeksvragen
from paspoort.fhir.paspoort import paspoort_uit
from paspoort.fhir.stelsels import TAAKSOORT, extension
from paspoort.fhir.waarden import code_uit, ext, verwijzing
from paspoort.fouten import PaspoortFout
from paspoort.herhaaltoets import Beleid, Toetsuitslag, toets
from paspoort.paspoort import Paspoort
from paspoort.toestemming import HIER
from server.fhir.request import Json
from server.store.register import Register
from server.store.versions import Momentopname, Versie, Wijziging, nieuwe_versies

TOETSUITSLAG: Final = extension("toetsuitslag")
Werk = Mapping[tuple[str, str], Json | None]
LEEG: Final[Werk] = {}


def paspoort_van(m: Momentopname) -> Paspoort:
    """Het hele paspoort als domein; één keer per momentopname."""
    if "paspoort" not in m.afgeleid:
        m.afgeleid["paspoort"] = paspoort_uit((v.inhoud, v.herkomst, v.moment) for v in m.alle())
    return cast(Paspoort, m.afgeleid["paspoort"])


def verzoek_van(inhoud: Json, versie: Versie | None = None) -> Verzoek:
    """Het verzoek als domein, met de herkomst die de opslag kent."""
    return verzoek_uit_fhir(inhoud if versie is None else versie.inhoud)


def behandelaar(m: Momentopname, verzoek: Json, werk: Werk = LEEG) -> str | None:
    """`Organization/id` of `PractitionerRole/id` die het verzoek behandelt; anders wie het gebruik nu verstrekt."""
    plek = f"DeviceRequest/{verzoek.get('id')}"
    for taak in _taken(m, werk):
        if code_uit(taak.get("code"), TAAKSOORT) == "behandeling" and verwijzing(taak.get("focus")) == plek:
            return verwijzing(taak.get("owner"))
    gebruik = paspoort_van(m).gebruik(verwijzing(ext(verzoek, "betreft", "valueReference")))
    return gebruik.verstrekkers[-1].organisatie or None if gebruik is not None and gebruik.verstrekkers else None


def beleid_bij(register: Register, behandelaar_: str | None) -> Beleid:
    """Het beleid van de organisatie achter `Organization/id` of `PractitionerRole/id`; zonder is het de standaard."""
    organisatie = register.organisatie_van(behandelaar_) if behandelaar_ else None
    versie = register.get("Organization", organisatie) if organisatie else None
    if organisatie is None or versie is None or versie.verwijderd:
        return Beleid()
    return beleid_van(versie.inhoud, f"Organization/{organisatie}")


def toets_verzoek(
    m: Momentopname, register: Register, verzoek: Json, nu: datetime, behandelaar_: str | None
) -> Toetsuitslag:
    """De uitslag op de hele momentopname, los van wat de vrager ziet. PaspoortFout `beleid-kapot`."""
    return toets_met_beleid(m, register, verzoek, nu, beleid_bij(register, behandelaar_))


def toets_met_beleid(m: Momentopname, register: Register, verzoek: Json, nu: datetime, beleid: Beleid) -> Toetsuitslag:
    """De uitslag met een gegeven beleid, bijvoorbeeld dat van toen het verzoek kwam."""
    mensen = (v.inhoud for v in register.van_type("Organization"))
    vragen = onderzoeksvragen([*(v.inhoud for v in m.alle()), *mensen])
    return toets(paspoort_van(m), verzoek_van(verzoek), beleid, nu.astimezone(HIER).date(), vragen)


def als_guidance(uitslag: Toetsuitslag, partitie: str) -> Json:
    """De uitslag als GuidanceResponse over dit paspoort."""
    return naar_fhir(uitslag, f"Patient/{partitie}")


def met_uitslag(verzoek: Json, guidance: Json | None) -> Json:
    """Het verzoek met deze uitslag in de extensie `toetsuitslag`, in plaats van wat er stond."""
    rest = [e for e in verzoek.get("extension") or [] if not (isinstance(e, dict) and e.get("url") == TOETSUITSLAG)]
    if guidance is not None:
        data = base64.b64encode(schrijf(guidance)).decode()
        rest.append({"url": TOETSUITSLAG, "valueAttachment": {"contentType": "application/fhir+json", "data": data}})
    kaal = {naam: w for naam, w in verzoek.items() if naam != "extension"}
    return kaal | ({"extension": rest} if rest else {})


def bewaarde_uitslag(verzoek: Json) -> Json | None:
    """De GuidanceResponse die bij het verzoek bewaard is, of None."""
    bijlage = ext(verzoek, "toetsuitslag", "valueAttachment")
    if not isinstance(bijlage, dict) or not isinstance(bijlage.get("data"), str):
        return None
    try:
        return lees(base64.b64decode(bijlage["data"]))
    except (ValueError, PaspoortFout):
        return None


def is_afgehandeld(m: Momentopname, verzoek_id: str) -> bool:
    """Of er een behandeling was en er geen meer loopt: dan staat de uitslag vast."""
    plek = f"DeviceRequest/{verzoek_id}"
    taken = [t for t in _taken(m, LEEG) if verwijzing(t.get("focus")) == plek]
    return bool(taken) and all(t.get("status") in GESLOTEN for t in taken)


def vooruit(m: Momentopname, wijzigingen: Sequence[Wijziging], herkomst: str) -> Momentopname:
    """De momentopname zoals zij na deze wijzigingen is, om daar al op te kunnen toetsen."""
    versies = nieuwe_versies(m, wijzigingen, "", herkomst)
    return m.met(m.volgnummer + len(versies), versies)


def hertoets(m: Momentopname, register: Register, nu: datetime, behalve: Iterable[str] = ()) -> list[Wijziging]:
    """De lopende verzoeken waarvan de uitslag nu anders is, met die uitslag; ze blijven van hun schrijver."""
    uit = []
    overslaan = frozenset(behalve)
    for versie in m.van_type("DeviceRequest"):
        inhoud = versie.inhoud
        if versie.id in overslaan or not is_verzoek(inhoud) or inhoud.get("status") != "active":
            continue
        if is_afgehandeld(m, versie.id):
            continue
        guidance = als_guidance(toets_verzoek(m, register, inhoud, nu, behandelaar(m, inhoud)), m.partitie)
        if guidance != bewaarde_uitslag(inhoud):
            nieuw = met_uitslag(inhoud, guidance)
            uit.append(Wijziging("DeviceRequest", versie.id, nieuw, versie.auteur, versie.herkomst))
    return uit


def _taken(m: Momentopname, werk: Werk) -> list[Json]:
    """De Tasks na deze transactie."""
    uit: list[Any] = [v.inhoud for v in m.van_type("Task") if ("Task", v.id) not in werk]
    return [*uit, *(inhoud for (type_, _), inhoud in werk.items() if type_ == "Task" and inhoud is not None)]
