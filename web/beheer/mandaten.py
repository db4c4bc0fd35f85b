"""Een mandaat tussen organisaties: wie doet wat voor wie, en hoe lang."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fouten import PaspoortFout
from server.store.register import Mandaat
from web.beheer.kader import WERK, Keuze, beheer, fouten_bij, hang, keuzes, kop, pad
from web.bezoek import Bezoek, Huis
from web.werk import Fout, TeGast, Werkkop


@dataclass(frozen=True)
class MandaatContext:
    """Een nieuw mandaat van deze organisatie."""

    kop: Werkkop
    gast: TeGast | None
    organisatie: str
    huis: str
    aan: tuple[Keuze, ...]
    taken: tuple[Keuze, ...]
    sinds: str
    tot: str
    fouten: tuple[Fout, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/beheer/organisatie/{id}/mandaat`."""
    hang(router, huis, "/beheer/organisatie/{id}/mandaat", mandaat, "GET", "POST")
    hang(router, huis, "/beheer/organisatie/{id}/mandaat/weg", weg, "POST")


async def mandaat(bezoek: Bezoek) -> Response:
    """Geef een mandaat."""
    b = await beheer(bezoek)
    huis = b.organisatie(pad(bezoek))
    fouten: tuple[Fout, ...] = ()
    velden = {n: bezoek.veld(n) for n in ("aan", "taak", "sinds", "tot")}
    if bezoek.request.method == "POST":
        try:
            nieuw = Mandaat(huis.id, velden["aan"], velden["taak"], velden["sinds"] or None, velden["tot"] or None)
            await b.zet_mandaat(nieuw)
            return bezoek.naar(f"/beheer/organisatie/{huis.id}")
        except PaspoortFout as fout:
            fouten = fouten_bij(fout)
    anders = [(o.id, o.naam) for o in b.organisaties() if o.id != huis.id]
    context = MandaatContext(
        kop(bezoek), None, huis.id, huis.naam, keuzes(anders, [velden["aan"]]),
        keuzes((*WERK.items(), ("*", "Alles")), [velden["taak"]]), velden["sinds"], velden["tot"], fouten,
    )  # fmt: skip
    return bezoek.toon("beheer/mandaat.html", context, 422 if fouten else 200)


async def weg(bezoek: Bezoek) -> Response:
    """Trek een mandaat in dat deze organisatie gaf of kreeg."""
    await (await beheer(bezoek)).trek_mandaat_in(bezoek.veld("van"), bezoek.veld("aan"), bezoek.veld("taak"))
    return bezoek.naar(f"/beheer/organisatie/{pad(bezoek)}")
