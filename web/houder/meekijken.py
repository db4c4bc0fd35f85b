"""Wie keek mee: elke keer dat iemand dit paspoort opende of iets schreef, ook als het niet mocht (NEN 7513).

Leest het log van het eigen paspoort; de zinnen komen uit `server/access/inzage.py`, zoeken staat in
`meekijken_zoeken.py` en een kopie bewaren in `meekijken_bestand.py`. Beeld `05-wie-keek-mee`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import ClassVar, Final

from fastapi import APIRouter
from fastapi.responses import Response

from server.access.inzage import uitleg, verwijzing_van, zin
from server.access.voorval import LOG_BEKEKEN, log_voorval
from server.store.audit import organisaties_van_paspoort
from server.store.logrow import Logregel
from web.bezoek import Bezoek, Huis
from web.bladzijde import als_datum
from web.boek import Boek, mensen
from web.houder.delen import Lezer, partijen, stand, waarvoor
from web.houder.kader import Fout, Kop, eigen_zicht, hang, kop, open_boek, patient_van, toon
from web.houder.meekijken_bestand import bewaar, redenen
from web.houder.meekijken_zoeken import ANDEREN, GEWEIGERD, WAT, WIE, Vraag, lees_vraag, zoek

PER_KEER: Final = 50  # en de rest van die dag
BEURT: Final = timedelta(minutes=30)  # dezelfde zin binnen deze tijd is één beurt, zoals schrijven aan een advies
ROLLEN: Final = {"therapeut": "therapeut", "verstrekker": "consulent", "leverancier": "leverancier"}


@dataclass(frozen=True, slots=True)
class Regel:
    """Eén keer kijken of schrijven, of `keer` maal hetzelfde vanaf `vanaf`; `moment` is de laatste keer.

    `toestemming` is het id van de toestemming waardoor het mocht.
    """

    moment: str
    zin: str
    wie: str
    uitleg: str
    reden: str
    toestemming: str | None
    gelukt: bool
    vanaf: str
    keer: int = 1


@dataclass(frozen=True, slots=True)
class Dag:
    """Alles van één dag, nieuwste eerst."""

    dag: date | None
    regels: tuple[Regel, ...]


@dataclass(frozen=True, slots=True)
class Keuze:
    """Iets om te kiezen in het filter."""

    code: str
    naam: str
    gekozen: bool


@dataclass(frozen=True)
class WieKeekMee:
    """Het log in gewone taal."""

    SJABLOON: ClassVar[str] = "houder/wie_keek_mee.html"

    kop: Kop
    nu: tuple[Lezer, ...]
    geweigerd: Regel | None
    wie: tuple[Keuze, ...]
    wat: tuple[Keuze, ...]
    van: str
    tot: str
    velden: Mapping[str, str]
    dagen: tuple[Dag, ...]
    verder: str | None
    fouten: tuple[Fout, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/wie-keek-mee` en de kopie om te bewaren."""
    hang(router, huis, "/wie-keek-mee", wie_keek_mee)
    hang(router, huis, "/wie-keek-mee/bestand", bewaar, "POST")


async def wie_keek_mee(bezoek: Bezoek) -> Response:
    """De lijst; `wie`, `wat`, `van` en `tot` kiezen, `na` gaat verder terug."""
    query = bezoek.request.query_params
    vraag, fouten = lees_vraag(query)
    boek, zicht = await open_boek(bezoek), await eigen_zicht(bezoek)
    huizen = await organisaties_van_paspoort(bezoek.huis.opslag, patient_van(bezoek))
    namen = (await mensen(bezoek.deur, {f"Organization/{h}" for h in huizen})).namen
    als_regel = _Regels(boek, namen)
    gevonden = await zoek(bezoek, zicht, vraag, PER_KEER, query.get("na") or None, hele_dagen=True)
    nieuwste = await zoek(bezoek, zicht, replace(vraag, wie=ANDEREN, wat=GEWEIGERD), 1)
    await log_voorval(bezoek.huis.opslag, bezoek.actor, LOG_BEKEKEN, "gelukt")
    return toon(
        bezoek,
        WieKeekMee(
            kop=kop(bezoek, boek, "meer"),
            nu=tuple(
                Lezer(t.id, partijen(boek, t), f"{waarvoor(t)}.", als_datum(t.tot))
                for t in boek.toestemmingen
                if stand(boek, t) == "nu"
            ),
            geweigerd=next((als_regel.van(r) for r in nieuwste.regels), None),
            wie=_keuzes(WIE | {h: namen.get(f"Organization/{h}", h) for h in huizen}, vraag.wie),
            wat=_keuzes(WAT, vraag.wat),
            van=_ingevuld(vraag, query.get("van", ""), "van"),
            tot=_ingevuld(vraag, query.get("tot", ""), "tot"),
            velden=vraag.velden(),
            dagen=_dagen(als_regel.van(r) for r in gevonden.regels),
            verder=gevonden.verder,
            fouten=fouten,
        ),
        fouten,
    )


class _Regels:
    """Van logregel naar regel op de bladzijde, met de namen en teksten uit dit paspoort."""

    def __init__(self, boek: Boek, namen: Mapping[str, str]) -> None:
        self._namen, self._redenen = namen, redenen(boek)
        self._toestemmingen = {t.id for t in boek.toestemmingen}

    def van(self, regel: Logregel) -> Regel:
        huis = self._namen.get(f"Organization/{regel.organisatie}", "") if regel.organisatie else ""
        consent = (verwijzing_van(regel, "toestemming") or "").removeprefix("Consent/")
        return Regel(
            moment=regel.moment,
            zin=zin(regel),
            wie=", ".join(d for d in (ROLLEN.get(regel.rol, ""), huis) if d),
            uitleg=uitleg(regel),
            reden=self._redenen.get(verwijzing_van(regel, "aanleiding") or "", ""),
            toestemming=consent if consent in self._toestemmingen else None,
            gelukt=regel.uitkomst != "geweigerd",
            vanaf=regel.moment,
        )


def _keuzes(woorden: Mapping[str, str], gekozen: str) -> tuple[Keuze, ...]:
    return tuple(Keuze(code, naam, code == gekozen) for code, naam in woorden.items())


def _ingevuld(vraag: Vraag, tekst: str, veld: str) -> str:
    """Wat er stond, ook als het niet klopte: wie zich vergist, ziet wat."""
    return vraag.velden().get(veld, tekst[:20])


def _dagen(regels: Iterable[Regel]) -> tuple[Dag, ...]:
    per_dag: dict[date | None, list[Regel]] = {}
    for regel in regels:
        per_dag.setdefault(als_datum(regel.moment), []).append(regel)
    return tuple(Dag(dag, _beurten(rs)) for dag, rs in per_dag.items())


def _beurten(regels: Iterable[Regel]) -> tuple[Regel, ...]:
    """Wie tien minuten schrijft, staat er per zin één keer, met hoe vaak; wat niet mocht, blijft elk op zich.

    `regels` is een hele dag, nieuwste eerst: een bladzijde houdt niet midden op een dag op. Er valt geen zin weg: de
    kopie om te bewaren houdt elke regel.
    """
    uit: list[Regel] = []
    laatste: dict[tuple[object, ...], int] = {}
    for r in regels:
        wat = (r.zin, r.wie, r.uitleg, r.reden, r.toestemming)
        plek = laatste.get(wat) if r.gelukt else None
        if plek is not None and _moment(uit[plek].vanaf) - _moment(r.moment) <= BEURT:
            uit[plek] = replace(uit[plek], vanaf=r.moment, keer=uit[plek].keer + 1)
            continue
        laatste[wat] = len(uit)
        uit.append(r)
    return tuple(uit)


def _moment(tekst: str) -> datetime:
    return datetime.fromisoformat(tekst.replace("Z", "+00:00"))
