"""Meet bladeren door een werkvoorraad: `python -m tests.last.werkvoorraad [TAKEN] [PER_PASPOORT]` (50.000 en 10).

Vult een verse SQLite-opslag, bladert er helemaal doorheen en zegt wat een bladzijde aan het begin, in het midden en aan
het eind kost. Geen test: er is geen grens die op elke machine klopt. Dat de kosten niet meegroeien, bewijst
`tests/server/fhir/test_werkvoorraad.py` met tellingen.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from paspoort.fhir.fhirjson import lees
from server.fhir.gateway import Poort
from server.fhir.request import FhirRequest
from server.store.passports import Opslag
from server.store.versions import Wijziging
from tests.conftest import GEMEENTE, _register, actor
from tests.databases import verse_settings

BLADZIJDE = 50


def taak(id_: str, patient: str, status: str) -> dict[str, Any]:
    return {
        "resourceType": "Task",
        "id": id_,
        "status": status,
        "intent": "order",
        "for": {"reference": f"Patient/{patient}"},
        "owner": {"reference": f"Organization/{GEMEENTE}"},
    }


async def vul(opslag: Opslag, taken: int, per_paspoort: int) -> None:
    """Elk paspoort een Patient en zijn taken; een op de vijftig is `requested`, de rest loopt."""
    for eerste in range(0, taken, per_paspoort):
        patient = f"pas-{eerste:06}"
        await opslag.maak_partitie(patient, "paspoort")
        inhoud: list[dict[str, Any]] = [{"resourceType": "Patient", "id": patient}]
        inhoud += [
            taak(f"t-{n:06}", patient, "requested" if n % 50 == 0 else "in-progress")
            for n in range(eerste, min(eerste + per_paspoort, taken))
        ]
        wijzigingen = [Wijziging(i["resourceType"], i["id"], i) for i in inhoud]
        await opslag.schrijf(patient, 0, wijzigingen, f"Patient/{patient}", "bron", ())


@dataclass
class Meting:
    """De tijd per bladzijde en hoeveel taken er kwamen."""

    tijden: list[float] = field(default_factory=list)
    taken: int = 0

    def regel(self, naam: str) -> str:
        n = len(self.tijden)
        deel = max(1, n // 10)
        begin, eind = self.tijden[1 : 1 + deel] or self.tijden, self.tijden[-deel - 1 : -1] or self.tijden
        midden = self.tijden[n // 2 : n // 2 + deel]
        ms = [f"{statistics.median(t) * 1000:.1f}" for t in (begin, midden, eind)]
        return f"| {naam} | {self.taken:,} | {n:,} | {' | '.join(ms)} |"


async def blader(poort: Poort, vraag: list[tuple[str, str]]) -> Meting:
    wie = actor("verstrekker", "system/*.rs", soort="app", functie=None, client_id="last")
    meting = Meting()
    query = [*vraag, ("_count", str(BLADZIJDE))]
    while True:
        begin = time.perf_counter()
        antwoord = await poort.handle(wie, FhirRequest("GET", "Task", query=tuple(query)))
        meting.tijden.append(time.perf_counter() - begin)
        bundel = lees(antwoord.body or b"")
        meting.taken += len(bundel.get("entry", []))
        volgende = next((k["url"] for k in bundel["link"] if k["relation"] == "next"), None)
        if volgende is None:
            return meting
        query = parse_qsl(urlsplit(volgende).query)


async def meet(taken: int, per_paspoort: int) -> None:
    with tempfile.TemporaryDirectory() as map_, verse_settings("sqlite", Path(map_)) as instellingen:
        opslag = await Opslag.open(instellingen)
        try:
            register = await opslag.momentopname("register")
            rijen = [Wijziging(i["resourceType"], i["id"], i) for i in _register()]
            await opslag.schrijf("register", register.volgnummer, rijen, "Organization/x", "bron", ())
            begin = time.perf_counter()
            await vul(opslag, taken, per_paspoort)
            duur = time.perf_counter() - begin
            print(f"{taken:,} taken in {-(-taken // per_paspoort):,} paspoorten, gevuld in {duur:.0f} s")
            print("| vraag | taken | bladzijden van 50 | begin ms | midden ms | eind ms |\n|---|--:|--:|--:|--:|--:|")
            poort = Poort(opslag, instellingen.fhir_url)
            eigenaar = ("owner", f"Organization/{GEMEENTE}")
            for naam, vraag in (
                ("alles", []),
                ("nieuwste eerst", [("_sort", "-_lastUpdated")]),
                ("op eigenaar en stand", [eigenaar, ("status", "requested")]),
            ):
                print((await blader(poort, vraag)).regel(naam), flush=True)
        finally:
            await opslag.sluit()


if __name__ == "__main__":
    gegeven = [int(a) for a in sys.argv[1:]]
    asyncio.run(meet(*(gegeven + [50_000, 10][len(gegeven) :])))
