"""De demo in de opslag zetten: register, paspoorten, accounts en apps. Wat er al staat, blijft zoals het is.

Schrijft rechtstreeks in de opslag, als de bediening, met een logregel per paspoort. De uitslag van de herhaaltoets bij
lopende verzoeken rekent de server zelf uit, zoals bij een echte inzending.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from paspoort.fhir.validatie import Validator
from paspoort.fouten import PaspoortFout
from server.demo import register
from server.demo.dossier import ANKER, Dossier, echte_plek, resources, verschuif
from server.demo.inloggen import LEDEN
from server.demo.personen import DOSSIERS
from server.fhir.toetsing import hertoets
from server.oauth.demo import ACCOUNT_ISSUER
from server.store.logrow import Logregel
from server.store.passports import Opslag
from server.store.register import REGISTER
from server.store.session import bewaar_account, lidmaatschappen, zet_lidmaatschap
from server.store.versions import Wijziging

BEDIENING: Final = "dienst"


async def vul(opslag: Opslag, vandaag: date) -> int:
    """Maak wat er nog niet is; geeft hoeveel paspoorten erbij kwamen. PaspoortFout als een gegeven niet klopt."""
    await _register(opslag)
    nieuw = 0
    validator: Validator | None = None
    for dossier in DOSSIERS:
        if await opslag.partitie_van("Patient", dossier.patient) is None:
            validator = validator or Validator.laad()
            await _paspoort(opslag, dossier, vandaag, validator)
            nieuw += 1
    await _accounts(opslag)
    return nieuw


async def _register(opslag: Opslag) -> None:
    m = await opslag.momentopname(REGISTER)
    nieuw = [r for r in register.resources() if m.get(r["resourceType"], r["id"]) is None]
    if nieuw:
        wijzigingen = [Wijziging(r["resourceType"], r["id"], r) for r in nieuw]
        await opslag.schrijf(REGISTER, m.volgnummer, wijzigingen, BEDIENING, "bron")
    for organisatie in register.ORGANISATIES:
        await _maak(opslag, f"org-{organisatie.id}", "organisatie")


async def _paspoort(opslag: Opslag, dossier: Dossier, vandaag: date, validator: Validator) -> None:
    regels = resources(dossier, vandaag)
    fouten = [m for r in regels for m in validator.controleer(r.inhoud) if m.ernst == "error"]
    if fouten:
        raise PaspoortFout(*fouten)
    await _maak(opslag, dossier.patient, "paspoort")
    wijzigingen = [Wijziging(r.inhoud["resourceType"], r.inhoud["id"], r.inhoud, r.auteur, r.herkomst) for r in regels]
    wat = tuple(f"{w.type}/{w.id}" for w in wijzigingen)
    eerder = _eerder(dossier, vandaag)
    log = Logregel(
        actor=BEDIENING, naam="Demo", rol="beheerder", organisatie=None, client=None, namens=None, handeling="create",
        partitie=dossier.patient, doel=None, grond="dienst", wat=wat, uitkomst="gelukt",
    )  # fmt: skip
    m = await opslag.momentopname(dossier.patient)
    await opslag.schrijf(dossier.patient, m.volgnummer, wijzigingen, BEDIENING, "import", (*eerder, log))
    m = await opslag.momentopname(dossier.patient)
    if uitslagen := hertoets(m, opslag.register, datetime.now(UTC)):
        await opslag.schrijf(dossier.patient, m.volgnummer, uitslagen, BEDIENING, "import")


def _eerder(dossier: Dossier, vandaag: date) -> tuple[Logregel, ...]:
    """Wie er vóór vandaag keek, met de ids en dagen van deze demo."""
    dagen = (vandaag - ANKER).days
    return tuple(
        Logregel(
            actor=echte_plek(dossier.code, k.wie), naam=k.naam, rol=k.rol, organisatie=k.organisatie, client=None,
            namens=k.namens, handeling=k.handeling, partitie=dossier.patient, doel=k.doel,
            grond=_echte_grond(dossier.code, k.grond), wat=tuple(echte_plek(dossier.code, w) for w in k.wat),
            uitkomst=k.uitkomst, moment=verschuif(k.moment, dagen),
        )
        for k in dossier.log
    )  # fmt: skip


def _echte_grond(code: str, grond: str | None) -> str | None:
    soort, dubbel, plek = (grond or "").partition(":")
    return f"{soort}:{echte_plek(code, plek)}" if dubbel else grond


async def _accounts(opslag: Opslag) -> None:
    for persoon in LEDEN:
        account = await bewaar_account(opslag, ACCOUNT_ISSUER, persoon.code, persoon.naam)
        heeft = {(lid.rol, lid.patient, lid.functie) for lid in await lidmaatschappen(opslag, account.id)}
        for lid in persoon.lidmaatschappen(account.id):
            if (lid.rol, lid.patient, lid.functie) not in heeft:
                await zet_lidmaatschap(opslag, lid)


async def _maak(opslag: Opslag, id: str, soort: str) -> None:
    try:
        await opslag.maak_partitie(id, soort)
    except PaspoortFout as fout:
        if fout.meldingen[0].code != "partitie-bestaat":
            raise
