"""Het paspoort dat een houder bij de eerste inlog maakt (toegang.md §5), met wat de inlogdienst van haar weet.

Het burgerservicenummer komt er alleen in als deze installatie er een grond voor heeft (`BSN_GROND`); die grond staat in
het log. Is er al één paspoort met dit nummer (door de bediening ingelezen), dan is dat het hare. Twee keer drukken
geeft één paspoort: zijn id volgt uit het account.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Final

from paspoort.fhir.houder import naar_fhir
from paspoort.fouten import Melding, PaspoortFout
from paspoort.houder import Bsn, Houder, Naam, voldoet_aan_elfproef
from server.store.logrow import Logregel
from server.store.passports import Opslag
from server.store.session import Account, Lidmaatschap, lidmaatschappen, zet_lidmaatschap
from server.store.versions import Volgnummerbotsing, Wijziging
from server.store.worklist import partities_met_bsn

POGINGEN: Final = 20  # zo vaak mag iemand een paspoort wissen en opnieuw beginnen


async def maak_eigen_paspoort(
    opslag: Opslag, account: Account, persoon: Mapping[str, str], bsn_grond: str
) -> Lidmaatschap:
    """Het lidmaatschap van de houder bij haar paspoort, nieuw of bestaand.

    PaspoortFout `paspoort-dubbel` als er meer paspoorten met dit burgerservicenummer zijn; `opslag-stil`.
    """
    bestaand = next((lid for lid in await lidmaatschappen(opslag, account.id) if lid.rol == "houder"), None)
    if bestaand is not None:
        return bestaand
    nummer = persoon.get("bsn", "")
    bsn = nummer if bsn_grond and voldoet_aan_elfproef(nummer) else ""
    gevonden = await partities_met_bsn(opslag, bsn) if bsn else ()
    if len(gevonden) > 1:
        raise PaspoortFout(Melding("paspoort-dubbel"))
    patient = gevonden[0] if gevonden else await _nieuw(opslag, account, persoon, bsn, bsn_grond)
    lid = Lidmaatschap(account.id, "houder", patient=patient, id=f"h-{account.id}")
    return await zet_lidmaatschap(opslag, lid)


async def _nieuw(opslag: Opslag, account: Account, persoon: Mapping[str, str], bsn: str, grond: str) -> str:
    patient = await lege_partitie(opslag, account.id)
    inhoud = {**naar_fhir(_houder(account, persoon, bsn)), "id": patient}
    log = Logregel(
        actor=account.id, naam=account.naam, rol="houder", organisatie=None, client=None, namens=None,
        handeling="create", partitie=patient, doel=None, grond=f"eigen; bsn: {grond}" if bsn else "eigen",
        wat=(f"Patient/{patient}",), uitkomst="gelukt",
    )  # fmt: skip
    with suppress(Volgnummerbotsing):  # er stond al iets: dezelfde knop, twee keer
        await opslag.schrijf(patient, 0, [Wijziging("Patient", patient, inhoud)], f"Patient/{patient}", "zelf", (log,))
    return patient


async def lege_partitie(opslag: Opslag, van: str) -> str:
    """Een lege partitie voor `van` (een account), of die van een eerdere poging; alleen te raden met de sleutel."""
    for keer in range(POGINGEN):
        id_ = "p" + opslag.slot("index").hmac(f"paspoort|{van}|{keer}")[:31]
        try:
            await opslag.maak_partitie(id_, "paspoort")
            return id_
        except PaspoortFout as fout:
            if not any(m.code == "partitie-bestaat" for m in fout.meldingen):
                raise
        try:
            await opslag.momentopname(id_)
            return id_
        except PaspoortFout as fout:
            if not any(m.code == "niet-gevonden" for m in fout.meldingen):  # gewist: een nieuw id
                raise
    raise PaspoortFout(Melding("paspoort-dubbel"))


def _houder(account: Account, persoon: Mapping[str, str], bsn: str) -> Houder:
    voornamen = tuple(persoon.get("voornamen", "").split())
    achternaam = persoon.get("achternaam") or None
    naam = Naam(achternaam, voornamen, None if achternaam else account.naam)
    return Houder(namen=(naam,), geboortedatum=als_dag(persoon.get("geboortedatum", "")), bsn=Bsn(bsn) if bsn else None)


def als_dag(tekst: str) -> date | None:
    """JJJJ-MM-DD of JJJJMMDD; een onbekende maand of dag (OIDC Core §5.1 laat `0000` toe) is geen datum."""
    try:
        return date.fromisoformat(tekst)
    except ValueError:
        return None
