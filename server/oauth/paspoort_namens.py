"""Het paspoort dat een ouder, mentor of curator bij de eerste inlog maakt voor wie hij vertegenwoordigt.

Alleen als de inlogdienst zelf zegt wie dat is (claim `vertegenwoordigt`): wat iemand intypt, bewijst geen gezag. Het is
altijd een nieuw paspoort met een eigen id uit dit account; een bestaand paspoort krijgt niemand langs deze weg, ook
niet met hetzelfde burgerservicenummer. Of het mandaat geldt, zegt §7. Bron: toegang.md §5 en §7, besluit 0045.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from paspoort.fhir.houder import naar_fhir, vertegenwoordiger_naar_fhir
from paspoort.fouten import Melding, PaspoortFout
from paspoort.gegeven import Periode
from paspoort.houder import Bsn, Houder, Mandaatsoort, Naam, Vertegenwoordiger, voldoet_aan_elfproef
from paspoort.toestemming import HIER
from paspoort.vertegenwoordiging import geldt
from server.oauth.eigen_paspoort import als_dag, lege_partitie
from server.store.logrow import Logregel
from server.store.passports import Opslag
from server.store.session import Account, Lidmaatschap, zet_lidmaatschap
from server.store.versions import Volgnummerbotsing, Wijziging
from server.store.worklist import partities_met_bsn

# Wie de houder niet zelf aanwijst: dit volgt uit de wet of van een rechter, en de inlogdienst weet het.
SOORTEN: Final = frozenset({Mandaatsoort.OUDER, Mandaatsoort.MENTOR, Mandaatsoort.CURATOR})
HOOGSTENS: Final = 20  # zoveel mensen per inlog


@dataclass(frozen=True, slots=True)
class Vertegenwoordigde:
    """Namens wie de inlogdienst zegt dat iemand mag handelen. `sub` is wie dat bij die dienst is."""

    sub: str
    soort: Mandaatsoort
    naam: Naam
    geboren: date
    bsn: str = ""


def vertegenwoordigden(persoon: Mapping[str, str], vandaag: date) -> tuple[Vertegenwoordigde, ...]:
    """Voor wie deze persoon nu een paspoort mag maken; wat de dienst onvolledig zegt of §7 niet kent, telt niet.

    De claim is een lijst van objecten met `sub`, `soort` en de namen van OIDC Core §5.1 (`given_name`, `family_name`,
    `birthdate`); `bsn` mag erbij.
    """
    try:
        rijen = json.loads(persoon.get("vertegenwoordigt") or "[]")
    except ValueError:
        return ()
    gelezen = (_lees(rij) for rij in rijen[:HOOGSTENS]) if isinstance(rijen, list) else ()
    return tuple(
        v for v in gelezen if v is not None and geldt(Vertegenwoordiger(soort=v.soort), v.geboren, False, vandaag)
    )


def lid_id(opslag: Opslag, account: Account, sub: str) -> str:
    """Het id van de rol die bij dit paspoort hoort: per account en vertegenwoordigde altijd hetzelfde."""
    return "n-" + _merk(opslag, account, sub)[:30]


async def maak_paspoort_namens(
    opslag: Opslag, account: Account, v: Vertegenwoordigde, bsn_grond: str, nu: datetime | None = None
) -> Lidmaatschap:
    """De rol bij het nieuwe paspoort. PaspoortFout `paspoort-bestaat-al` als dit nummer er al een heeft."""
    vandaag = (nu or datetime.now(UTC)).astimezone(HIER).date()
    merk = _merk(opslag, account, v.sub)
    patient = await lege_partitie(opslag, f"namens|{merk}")
    bsn = v.bsn if bsn_grond and voldoet_aan_elfproef(v.bsn) else ""
    if bsn and set(await partities_met_bsn(opslag, bsn)) - {patient}:
        raise PaspoortFout(Melding("paspoort-bestaat-al"))
    mandaat = Vertegenwoordiger(
        namen=(Naam(tekst=account.naam),), periode=Periode(vandaag, None), actief=True, soort=v.soort
    )
    houder = Houder(namen=(v.naam,), geboortedatum=v.geboren, bsn=Bsn(bsn) if bsn else None)
    verwant = f"m{merk[:31]}"
    inhoud = {
        "Patient": {**naar_fhir(houder), "id": patient},
        "RelatedPerson": {**vertegenwoordiger_naar_fhir(mandaat, f"Patient/{patient}"), "id": verwant},
    }
    wijzigingen = [Wijziging(type_, str(i["id"]), i) for type_, i in inhoud.items()]
    log = Logregel(
        actor=account.id, naam=account.naam, rol="vertegenwoordiger", organisatie=None, client=None,
        namens=v.naam.volledig, handeling="create", partitie=patient, doel=None,
        grond=f"mandaat {v.soort.value} van de inlogdienst" + (f"; bsn: {bsn_grond}" if bsn else ""),
        wat=(f"Patient/{patient}", f"RelatedPerson/{verwant}"), uitkomst="gelukt",
    )  # fmt: skip
    with suppress(Volgnummerbotsing):  # er stond al iets: dezelfde knop, twee keer
        await opslag.schrijf(patient, 0, wijzigingen, f"RelatedPerson/{verwant}", "zelf", (log,))
    lid = Lidmaatschap(
        account.id, "vertegenwoordiger", patient=patient, namens=v.naam.volledig, mandaat=verwant,
        id=lid_id(opslag, account, v.sub),
    )  # fmt: skip
    return await zet_lidmaatschap(opslag, lid)


def _merk(opslag: Opslag, account: Account, sub: str) -> str:
    return opslag.slot("index").hmac(f"namens|{account.id}|{sub}")


def _lees(rij: Any) -> Vertegenwoordigde | None:
    if not isinstance(rij, dict):
        return None
    velden = {n: w.strip() for n, w in rij.items() if isinstance(w, str)}
    geboren, soort = als_dag(velden.get("birthdate", "")), velden.get("soort")
    if geboren is None or not velden.get("sub") or soort not in {s.value for s in SOORTEN}:
        return None
    naam = Naam(velden.get("family_name") or None, tuple(velden.get("given_name", "").split()))
    if not naam.volledig:
        return None
    return Vertegenwoordigde(velden["sub"], Mandaatsoort(soort), naam, geboren, velden.get("bsn", ""))
