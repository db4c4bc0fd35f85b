"""Wie keek mee: een logregel als zin in gewone taal en als FHIR AuditEvent (NEN 7513; toegang.md §2 en §3, toezicht).

Leest geen opslag en bepaalt geen bladzijden: dat doen `server/store/audit.py` en `web`. De houder ziet alle regels van
het eigen paspoort, een organisatie alleen haar eigen handelingen; wie, dat beslist `mag_inzien`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import DOEL
from paspoort.toegang import DOELEN, recht
from server.access.actor import Actor
from server.access.gronden import HOUDERS
from server.access.zicht import Zicht
from server.store.logrow import Logregel

# handeling → (werkwoord voltooid, action van R4: C R U D E)
HANDELINGEN: Final = {
    "read": ("bekeek", "R"),
    "vread": ("bekeek een oudere versie van", "R"),
    "history-instance": ("bekeek de geschiedenis van", "R"),
    "history-type": ("bekeek de geschiedenis van", "R"),
    "search-type": ("zocht en bekeek", "E"),
    "search-system": ("zocht en bekeek", "E"),
    "create": ("voegde toe:", "C"),
    "update": ("wijzigde", "U"),
    "patch": ("wijzigde", "U"),
    "delete": ("verwijderde", "D"),
    "transaction": ("schreef in één keer", "E"),
    "batch": ("deed in één keer", "E"),
    "$everything": ("haalde alles op wat te zien was:", "E"),
    "$validate": ("controleerde", "E"),
    "$herhaaltoets": ("keek welke weg uw vraag kan gaan, met", "E"),
    "$bevestig": ("bevestigde", "E"),
    "$definitief": ("maakte definitief:", "E"),
    "$afgestemd": ("dacht mee over", "E"),
    "$nog-geldig": ("zei dat het nog klopt:", "E"),
    "$trek-in": ("trok in:", "E"),
    "$neem-over": ("nam over:", "E"),
    "$wijs-af": ("wees af:", "E"),
    "$wis": ("wiste", "D"),
    "$beslis": ("besliste over", "E"),
    "$aanleiding": ("opende uw paspoort met een reden:", "E"),
    "$extract": ("zette de antwoorden over uit", "E"),
    "$populate": ("vulde een formulier in met", "E"),
    "$activeer": ("bevestigde met uw code", "E"),
    "$mag-delen": ("vroeg of een ander mag lezen in", "E"),
    "$status": ("bekeek de stand van", "E"),
    "$events": ("haalde berichten op over", "E"),
    "melding": ("kreeg bericht over", "R"),
    "import": ("zette over uit een ander systeem:", "C"),
    "export": ("bewaarde een kopie van", "R"),
}
# Wat geen vraag naar gegevens is: de hele zin, na de naam.
VOORVALLEN: Final = {
    "ingelogd": "logde in",
    "uitgelogd": "logde uit",
    "app-toegelaten": "liet een app toe",
    "app-gestopt": "stopte een app",
    "log-bekeken": "keek wie er meekeek",
    "log-bewaard": "bewaarde een kopie van wie er meekeek",
    "token-hergebruikt": "stuurde een sleutel die al gebruikt was. De app is gestopt",
}
SCHRIJFT: Final = frozenset(
    {"create", "update", "patch", "delete", "transaction", "batch", "import", "$bevestig", "$definitief", "$beslis",
     "$extract", "$aanleiding", "$activeer", "$afgestemd", "$nog-geldig", "$trek-in",
     "$neem-over", "$wijs-af", "$wis"}
)  # fmt: skip
ANDERE_HANDELING: Final = ("deed iets met", "E")

# type → hoe het heet, enkelvoud en meervoud
WOORDEN: Final = {
    "Patient": ("uw gegevens", "uw gegevens"),
    "RelatedPerson": ("een naaste", "naasten"),
    "Condition": ("een diagnose of beperking", "diagnoses en beperkingen"),
    "Observation": ("een meting", "metingen"),
    "Goal": ("een doel", "doelen"),
    "Device": ("een hulpmiddel", "hulpmiddelen"),
    "DeviceUseStatement": ("het gebruik van een hulpmiddel", "het gebruik van hulpmiddelen"),
    "QuestionnaireResponse": ("een advies of vragenlijst", "adviezen en vragenlijsten"),
    "DeviceRequest": ("een verzoek of besluit", "verzoeken en besluiten"),
    "Task": ("de voortgang", "de voortgang"),
    "CareTeam": ("uw casemanagers", "uw casemanagers"),
    "CarePlan": ("een plan", "plannen"),
    "Consent": ("een toestemming", "toestemmingen"),
    "DocumentReference": ("een document", "documenten"),
    "Binary": ("een bestand", "bestanden"),
    "Communication": ("een bericht", "berichten"),
    "Provenance": ("wie iets vastlegde", "wie iets vastlegde"),
    "AuditEvent": ("wie er meekeek", "wie er meekeek"),
    "Subscription": ("een abonnement op berichten", "abonnementen op berichten"),
}
NIET_TE_TELLEN: Final = ("het ", "de ", "uw ", "wie ")
UITKOMST: Final = {"gelukt": "0", "geweigerd": "4", "mislukt": "4", "fout": "8"}
UITKOMSTZIN: Final = {
    "geweigerd": "Dit mocht niet; er is niets getoond.",
    "mislukt": "Dit lukte niet.",
    "fout": "Er ging iets mis bij de server.",
}
GRONDEN: Final = {
    "eigen": "eigen paspoort",
    "mandaat": "een mandaat",
    "toestemming": "uw toestemming",
    "opdracht": "een lopende opdracht",
    "afschrift": "een eigen afschrift",
    "proef": "een proefpaspoort",
    "dienst": "beheer van de dienst",
    "aanleiding": "een aanleiding van een collega",
}
GRONDZINNEN: Final = {
    "toestemming": "Dit mocht door uw toestemming.",
    "opdracht": "Dit mocht omdat er een opdracht loopt.",
    "afschrift": "Dit is hun eigen kopie van een besluit of opdracht.",
    "mandaat": "Dit mocht door een mandaat.",
    "aanleiding": "Een collega keek mee en gaf een reden.",
    "proef": "Dit is een proefpaspoort.",
    "dienst": "Dit deed het beheer van het paspoort.",
}
AUDIT_TYPE: Final = {"system": "http://terminology.hl7.org/CodeSystem/audit-event-type", "code": "rest"}
SUBTYPE: Final = "http://hl7.org/fhir/restful-interaction"
# De interacties van dat stelsel die in het log komen; een operatie heet daar `operation`.
INTERACTIES: Final = frozenset(
    {
        "batch",
        "create",
        "delete",
        "history-instance",
        "history-type",
        "patch",
        "read",
        "search-system",
        "search-type",
        "transaction",
        "update",
        "vread",
    }
)


@dataclass(frozen=True, slots=True)
class Inzage:
    """Eén regel van *Wie keek mee*, klaar voor een bladzijde."""

    moment: str
    wie: str
    rol: str
    organisatie: str | None
    zin: str
    waarom: str
    wat: tuple[str, ...]
    gelukt: bool
    zelf: bool
    soort: str  # lezen | schrijven | toegang
    namens: str | None
    aanleiding: str | None  # `Communication/id` waarmee een collega meekeek


def mag_inzien(actor: Actor, regel: Logregel, zicht: Zicht | None = None) -> bool:
    """Of deze vrager de regel mag zien: de houder alles van het eigen paspoort, een partij haar eigen handelingen.

    `zicht` is de blik op het eigen paspoort: een vertegenwoordiger zonder geldig mandaat of zonder de groep toezicht
    ziet niets, en leest niet over wat voor haar is afgeschermd (`regels_voor`).
    """
    if actor.rol in HOUDERS:
        eigen = actor.patient is not None and regel.partitie == actor.patient
        return eigen and zicht is not None and any("toezicht" in g.groepen for g in zicht.gronden)
    voorwaarden = recht("toezicht", actor.rol, "L")
    return voorwaarden is not None and actor.organisatie is not None and regel.organisatie == actor.organisatie


def regels_voor(actor: Actor, regels: Iterable[Logregel], zicht: Zicht | None = None) -> list[Logregel]:
    """De regels die deze vrager mag zien, in dezelfde volgorde, zonder wat voor haar is afgeschermd."""
    verborgen = {p for g in zicht.gronden for p in g.uitgezonderd} if zicht is not None else set()
    uit = []
    for regel in regels:
        wat = tuple(w for w in regel.wat if w not in verborgen)
        if (wat or not regel.wat) and mag_inzien(actor, regel, zicht):
            uit.append(regel if wat == regel.wat else replace(regel, wat=wat))
    return uit


def inzagen(actor: Actor, regels: Iterable[Logregel], zicht: Zicht | None = None) -> tuple[Inzage, ...]:
    """`regels_voor`, in gewone taal."""
    return tuple(_inzage(regel) for regel in regels_voor(actor, regels, zicht))


def zin(regel: Logregel) -> str:
    """Wat er gebeurde in één zin, bijvoorbeeld *Mia Bakker bekeek 2 hulpmiddelen en een advies of vragenlijst.*"""
    werkwoord, _ = HANDELINGEN.get(regel.handeling, ANDERE_HANDELING)
    voorval = VOORVALLEN.get(regel.handeling)
    wie = f"{regel.naam or 'Iemand'}{f' namens {regel.namens}' if regel.namens else ''}"
    if regel.uitkomst == "geweigerd":
        return f"{wie} wilde iets doen wat niet mocht. Er is niets getoond."
    if regel.uitkomst in ("mislukt", "fout"):
        return f"{wie} vroeg iets wat niet lukte."
    if voorval:
        return f"{wie} {voorval}."
    delen = _tel(regel.wat)
    if not delen:
        return f"{wie} zocht, en vond niets."
    som = delen[0] if len(delen) == 1 else f"{', '.join(delen[:-1])} en {delen[-1]}"
    return f"{wie} {werkwoord} {som}."


def waarom(regel: Logregel) -> str:
    """De grond en het doel in gewone taal; leeg als er geen was."""
    soorten = dict.fromkeys(deel.partition(":")[0] for deel in (regel.grond or "").split())
    gronden = " en ".join(GRONDEN[s] for s in soorten if s in GRONDEN)
    doelen = " en ".join(DOELEN[d].naam for d in (regel.doel or "").split() if d in DOELEN)
    if gronden and doelen:
        return f"{gronden}: {doelen}"
    return gronden or doelen


def uitleg(regel: Logregel) -> str:
    """Waarom dit mocht, of waarom niet, in hele zinnen; leeg bij wie in het eigen paspoort is."""
    if regel.uitkomst == "geweigerd":
        return "Kijken mocht wel, dit niet." if regel.grond else "Er was geen toestemming, of die was al voorbij."
    soorten = dict.fromkeys(deel.partition(":")[0] for deel in (regel.grond or "").split())
    zinnen = [GRONDZINNEN[s] for s in soorten if s in GRONDZINNEN]
    doelen = " en ".join(DOELEN[d].naam for d in (regel.doel or "").split() if d in DOELEN)
    return " ".join([*zinnen, *([f"Waarvoor: {doelen}."] if doelen else [])])


def soort(regel: Logregel) -> str:
    """Wat voor handeling het was: `lezen`, `schrijven` of `toegang` (inloggen, een app, dit log)."""
    if regel.handeling in VOORVALLEN:
        return "toegang"
    return "schrijven" if regel.handeling in SCHRIJFT else "lezen"


def verwijzing_van(regel: Logregel, grond: str) -> str | None:
    """Waar een grond van deze soort naar wijst (`Communication/id`, `RelatedPerson/id`), of None."""
    stukken = (stuk.partition(":") for stuk in (regel.grond or "").split())
    return next((plek for naam, _, plek in stukken if naam == grond and "/" in plek), None)


def _subtype(handeling: str) -> list[Json]:
    """De handeling in de codes van FHIR; wat daar niet in staat, ook met onze naam zonder stelsel."""
    if handeling in INTERACTIES:
        return [{"system": SUBTYPE, "code": handeling}]
    naam = [{"code": handeling.removeprefix("$")}]
    return [{"system": SUBTYPE, "code": "operation"}, *naam] if handeling.startswith("$") else naam


def audit_event(regel: Logregel, lezer: Actor) -> Json:
    """De regel als FHIR R4 AuditEvent voor deze lezer. Namen van de houder staan er niet in; `entity` wijst alleen aan.

    In welk paspoort gevraagd werd, leest een ander dan de houder alleen terug als zij er een grond had: anders zou haar
    eigen log zeggen wat het antwoord verzweeg (toegang.md §6), ook bij wie een BSN hoort.
    """
    _, action = HANDELINGEN.get(regel.handeling, ANDERE_HANDELING)
    agent: Json = {"requestor": True, "who": _wie(regel)}
    if regel.naam:
        agent["name"] = regel.naam
    agent["role"] = [{"text": regel.rol}]
    if regel.doel:
        agent["purposeOfUse"] = [{"coding": [{"system": DOEL, "code": doel}]} for doel in regel.doel.split()]
    agents = [agent]
    if regel.namens:
        # Wie vertegenwoordigd wordt; de naam staat er niet in (zie boven), de verwijzing wel.
        agents.append({"requestor": False, "who": {"reference": regel.actor}, "role": [{"text": "houder"}]})
    if regel.organisatie and not regel.actor.startswith("Organization/"):
        agents.append({"requestor": False, "who": {"reference": f"Organization/{regel.organisatie}"}})
    if regel.client:
        agents.append({"requestor": False, "who": {"identifier": {"value": regel.client}}})
    entity: list[Json] = [{"what": {"reference": plek}} for plek in regel.wat if "/" in plek]
    had_grond = regel.grond is not None or lezer.rol in HOUDERS
    paspoort = regel.partitie if had_grond and not (regel.partitie or "").startswith("org-") else None
    if paspoort and f"Patient/{paspoort}" not in regel.wat:
        entity.insert(0, {"what": {"reference": f"Patient/{paspoort}"}})
    for stuk in (regel.grond or "").split():
        _, _, verwijzing = stuk.partition(":")
        if "/" in verwijzing:
            entity.append({"what": {"reference": verwijzing}, "description": GRONDEN.get(stuk.partition(":")[0], "")})
    uit: Json = {
        "resourceType": "AuditEvent",
        "id": regel.id,
        "type": AUDIT_TYPE,
        "subtype": _subtype(regel.handeling),
        "action": action,
        "recorded": regel.moment,
        "outcome": UITKOMST.get(regel.uitkomst, "8"),
        "agent": agents,
        "source": {"observer": {"display": "Hulpmiddelenpaspoort"}},
    }
    if regel.uitkomst != "gelukt":
        uit["outcomeDesc"] = UITKOMSTZIN.get(regel.uitkomst, UITKOMSTZIN["fout"])
    if entity:
        uit["entity"] = entity
    return uit


def _inzage(regel: Logregel) -> Inzage:
    return Inzage(
        moment=regel.moment,
        wie=regel.naam,
        rol=regel.rol,
        organisatie=regel.organisatie,
        zin=zin(regel),
        waarom=waarom(regel),
        wat=regel.wat,
        gelukt=regel.uitkomst == "gelukt",
        zelf=regel.rol in HOUDERS,
        soort=soort(regel),
        namens=regel.namens,
        aanleiding=verwijzing_van(regel, "aanleiding"),
    )


def _tel(wat: Iterable[str]) -> list[str]:
    """`Device/a, Device/b, Task/c` → *2 hulpmiddelen*, *de voortgang*."""
    aantallen: dict[str, int] = {}
    for plek in wat:
        type_ = plek.partition("/")[0]
        aantallen[type_] = aantallen.get(type_, 0) + 1
    uit = []
    for type_, aantal in aantallen.items():
        enkel, meer = WOORDEN.get(type_, ("een gegeven", "gegevens"))
        uit.append(enkel if aantal == 1 else meer if meer.startswith(NIET_TE_TELLEN) else f"{aantal} {meer}")
    return uit


def _wie(regel: Logregel) -> Json:
    if regel.namens and (mandaat := verwijzing_van(regel, "mandaat")):
        return {"reference": mandaat}
    if "/" in regel.actor:
        return {"reference": regel.actor}
    return {"display": regel.naam} if regel.naam else {"display": "onbekend"}
