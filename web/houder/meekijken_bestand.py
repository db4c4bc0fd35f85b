"""Een kopie van *Wie keek mee* om te bewaren: CSV voor een rekenblad, of de AuditEvents van FHIR als JSON.

Met een formulier en niet met een adres: zo komt er niets in de geschiedenis van de browser, en kan een andere site het
niet vragen. Dat er een kopie is gemaakt staat in het log, vóór het bestand weggaat. Bron: AVG art. 15 en 20.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from fastapi.responses import Response

from paspoort.fhir.fhirjson import schrijf
from paspoort.toestemming import HIER
from server.access.actor import Actor
from server.access.inzage import audit_event, uitleg, verwijzing_van, zin
from server.access.voorval import LOG_BEWAARD, log_voorval
from server.store.logrow import Logregel
from web.bezoek import Bezoek, fout
from web.boek import Boek, mensen
from web.houder.kader import eigen_zicht, open_boek
from web.houder.meekijken_zoeken import Gevonden, lees_vraag, zoek

REGELS_HOOGSTENS: Final = 50_000
PER_KEER: Final = 5000
KOLOMMEN: Final = (
    "dag", "tijd", "wie", "rol", "organisatie", "namens", "app", "wat", "uitleg", "reden", "waarop", "doel", "grond",
    "uitkomst",
)  # fmt: skip
# Hiermee begint in een rekenblad een formule (OWASP, CSV Injection); de apostrof maakt er weer tekst van.
FORMULE: Final = ("=", "+", "-", "@", "\t", "\r")


async def bewaar(bezoek: Bezoek) -> Response:
    """Alles wat bij het gekozen filter hoort, als bestand."""
    vraag, fouten = lees_vraag({naam: bezoek.veld(naam) for naam in ("wie", "wat", "van", "tot")})
    if fouten:
        zinnen = [f.tekst for f in fouten]
        return fout(bezoek.huis, bezoek.request, 422, "Dit kunnen wij niet bewaren", zinnen, "/wie-keek-mee")
    boek, zicht = await open_boek(bezoek), await eigen_zicht(bezoek)
    await log_voorval(bezoek.huis.opslag, bezoek.actor, LOG_BEWAARD, "gelukt")
    regels: list[Logregel] = []
    deel = Gevonden((), None)
    while len(regels) < REGELS_HOOGSTENS:
        deel = await zoek(bezoek, zicht, vraag, PER_KEER, deel.verder)
        regels += deel.regels
        if deel.verder is None:
            break
    naam = f"wie-keek-mee-{boek.vandaag.isoformat()}"
    if bezoek.veld("vorm") == "json":
        return _bestand(als_json(regels, bezoek.actor), f"{naam}.json", "application/fhir+json; charset=utf-8")
    huizen = {f"Organization/{r.organisatie}" for r in regels if r.organisatie}
    inhoud = als_csv(regels, (await mensen(bezoek.deur, huizen)).namen, redenen(boek))
    return _bestand(inhoud, f"{naam}.csv", "text/csv; charset=utf-8")


def redenen(boek: Boek) -> dict[str, str]:
    """De tekst van elke aanleiding, op `Communication/id`."""
    uit = {}
    for plek, inhoud in boek.inhouden.items():
        if plek.startswith("Communication/") and (stukken := inhoud.get("payload")):
            uit[plek] = str(stukken[0].get("contentString", ""))
    return uit


def als_csv(regels: Iterable[Logregel], namen: Mapping[str, str], teksten: Mapping[str, str]) -> bytes:
    """Puntkomma's en een BOM, zoals een Nederlands rekenblad het opent; geen cel begint als formule."""
    uit = io.StringIO()
    schrijver = csv.writer(uit, delimiter=";", lineterminator="\r\n")
    schrijver.writerow(KOLOMMEN)
    for r in regels:
        moment = datetime.fromisoformat(r.moment.replace("Z", "+00:00")).astimezone(HIER)
        huis = namen.get(f"Organization/{r.organisatie}", r.organisatie or "")
        reden = teksten.get(verwijzing_van(r, "aanleiding") or "", "")
        cellen = (
            moment.date().isoformat(), moment.strftime("%H:%M:%S"), r.naam, r.rol, huis, r.namens or "",
            r.client or "", zin(r), uitleg(r), reden, " ".join(r.wat), r.doel or "", r.grond or "", r.uitkomst,
        )  # fmt: skip
        schrijver.writerow([f"'{c}" if c.startswith(FORMULE) else c for c in cellen])
    return ("\ufeff" + uit.getvalue()).encode()


def als_json(regels: Iterable[Logregel], lezer: Actor) -> bytes:
    """Een Bundle van AuditEvents, dezelfde als over FHIR."""
    entry = [{"resource": audit_event(r, lezer)} for r in regels]
    return schrijf({"resourceType": "Bundle", "type": "collection", **({"entry": entry} if entry else {})})


def _bestand(inhoud: bytes, naam: str, soort: str) -> Response:
    koppen = {"Content-Disposition": f'attachment; filename="{naam}"', "Cache-Control": "no-store"}
    return Response(inhoud, media_type=soort, headers=koppen)
