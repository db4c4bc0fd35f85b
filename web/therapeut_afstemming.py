"""Een concept afstemmen: vragen of een gemeente of leverancier mag meelezen, en zien wat zij ervan vinden.

De schrijver vraagt, de houder beslist (`web/houder`), de ander leest en schrijft een opmerking. Of iemand mag meelezen,
zegt `$mag-delen`: de schrijver ziet de toestemming zelf niet (toegang.md §3). De houder ziet elke keer dat dat gevraagd
is; daarom gebeurt het met een knop en nooit door een bladzijde te openen. Bron: ontwerp.md deel 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import codestelsel, extension
from paspoort.fhir.vragenlijst import is_advies
from paspoort.fhir.waarden import datum, moment, objecten, verwijzing
from paspoort.toestemming import HIER, als_dag
from web.adviesverloop import Bericht, Gebeurtenis
from web.bezoek import Bezoek, Huis, bladzijde
from web.bladzijde import dag
from web.boek import Boek, mensen, sla_open
from web.deur import DeurFout
from web.therapeut_nieuw import is_eigen_concept
from web.therapeut_vragen import huis_van, verloop_van
from web.werk import Fout, TeGast, Werkkop, te_gast, werkkop

GEVRAAGD: Final = extension("afstemming-gevraagd")
SJABLOON: Final = "werk/advies_afstemming.html"
SOORT: Final = codestelsel("organisatiesoort")
# wat zij van het concept lezen (toegang.md §4)
LEEST: Final = {"leverancier": "alleen de eisen, geen ziekte", "": "het advies en de eisen, geen ziekte"}
AL_GEVRAAGD: Final = "Dat vroeg u vandaag al. Morgen kunt u het nog een keer vragen."
KIES: Final = "Kies wie er mag meelezen."


@dataclass(frozen=True, slots=True)
class Meelezer:
    """Eén organisatie die mag meedenken: gevraagd op, afgestemd op, en wat zij opmerkte.

    `mag` is wat de houder nu goedvindt voor dit concept, in woorden: None als de schrijver dat niet vroeg, leeg als zij
    nog geen ja zei. Of dat een nee is of een vraag die bleef liggen, ziet de schrijver niet (toegang.md §3).
    `opnieuw`: de laatste vraag is niet van vandaag.
    """

    plek: str
    naam: str
    gevraagd_op: str
    opnieuw: bool
    leest: str
    mag: str | None
    afgestemd: str
    opmerkingen: tuple[Bericht, ...]


@dataclass(frozen=True, slots=True)
class Afstemming:
    """Alle meelezers van dit concept; `per_eis` zijn de opmerkingen bij het nummer van een eis."""

    meelezers: tuple[Meelezer, ...]
    per_eis: tuple[tuple[int, tuple[Bericht, ...]], ...]

    @property
    def wacht(self) -> bool:
        """Of er nog iemand niet afstemde."""
        return any(not m.afgestemd for m in self.meelezers)

    def bij_eis(self, nummer: int) -> tuple[Bericht, ...]:
        """De opmerkingen bij deze eis."""
        return dict(self.per_eis).get(nummer, ())


@dataclass(frozen=True, slots=True)
class Partij:
    """Een organisatie om te kiezen."""

    plek: str
    naam: str
    leest: str


@dataclass(frozen=True)
class AfstemmingContext:
    """Wie meeleest, en wie u nog kunt vragen; `bekend` komen al in het paspoort voor. `vandaag` in woorden."""

    kop: Werkkop
    gast: TeGast
    id: str
    vandaag: str
    afstemming: Afstemming
    bekend: tuple[Partij, ...]
    anderen: tuple[Partij, ...]
    fouten: tuple[Fout, ...]


def router(huis: Huis) -> APIRouter:
    """`/advies/{id}/afstemming`."""
    paden = APIRouter()
    paden.add_api_route("/advies/{id}/afstemming", bladzijde(huis, "therapeut", toon), methods=["GET"])
    paden.add_api_route("/advies/{id}/afstemming", bladzijde(huis, "therapeut", vraag), methods=["POST"])
    return paden


async def afstemming_van(
    bezoek: Bezoek, boek: Boek, advies: Json, instemming: Mapping[str, str] | None = None
) -> Afstemming:
    """Wie gevraagd is en wat zij zeiden. `instemming`: per organisatie wat `$mag-delen` zei, als het gevraagd is."""
    gebeurd = await verloop_van(bezoek, boek, str(advies["id"]))
    namen = (await mensen(bezoek.deur, {plek for plek, _ in gevraagd(advies)})).namen
    meelezers = []
    for plek, op in gevraagd(advies):
        klaar = [g for g in gebeurd.alle("afgestemd") if huis_van(bezoek, boek, g.plek) == plek]
        meelezers.append(
            Meelezer(
                plek=plek,
                naam=namen.get(plek) or boek.naam(plek),
                gevraagd_op=dag(op) if op else "",
                opnieuw=op is None or op < _vandaag(),
                leest=LEEST["leverancier" if _is_leverancier(boek.mensen.organisaties.get(plek, {})) else ""],
                mag=(instemming or {}).get(plek),
                afgestemd=_afgestemd(klaar[-1]) if klaar else "",
                opmerkingen=tuple(b for b in gebeurd.opmerkingen if b.huis == plek),
            )
        )
    nummers = sorted({b.eis for b in gebeurd.opmerkingen if b.eis})
    per_eis = tuple((n, tuple(b for b in gebeurd.opmerkingen if b.eis == n)) for n in nummers)
    return Afstemming(tuple(meelezers), per_eis)


def gevraagd(advies: Json) -> tuple[tuple[str, date | None], ...]:
    """(organisatie, dag) van elke vraag om afstemming die op dit concept staat."""
    uit = []
    for e in objecten(advies.get("extension")):
        if e.get("url") == GEVRAAGD:
            delen = {str(d.get("url")): d for d in objecten(e.get("extension"))}
            plek = verwijzing(delen.get("organisatie", {}).get("valueReference"))
            op = delen.get("op", {})
            wanneer = moment(op.get("valueDateTime")) or datum(op.get("valueDate"))
            uit += [(plek, als_dag(wanneer) if wanneer else None)] if plek else []
    return tuple(uit)


async def toon(bezoek: Bezoek) -> Response:
    """Wie meeleest, en wie u nog kunt vragen."""
    return await _toon(bezoek, await _concept(bezoek), ())


async def vraag(bezoek: Bezoek) -> Response:
    """Vraag een organisatie erbij, trek een vraag terug, of kijk of het al mag. De houder ziet het meteen."""
    advies = await _concept(bezoek)
    if bezoek.veld("kijk"):
        return await _toon(bezoek, advies, (), await _instemming(bezoek, advies))
    erbij, weg = bezoek.veld("organisatie") or bezoek.veld("ander"), bezoek.veld("weg")
    al = dict(gevraagd(advies))
    if not weg and not erbij.startswith("Organization/"):
        return await _toon(bezoek, advies, (Fout(KIES, "organisatie"),))
    if not weg and (al.get(erbij) or date.min) >= _vandaag():
        return await _toon(bezoek, advies, (Fout(AL_GEVRAAGD, "organisatie"),))
    # opnieuw vragen is dezelfde vraag op een later moment: dan legt het paspoort haar weer voor, ook na een nee
    rest = [e for e in objecten(advies.get("extension")) if not _is(e, weg or erbij)]
    nieuw = [] if weg else [_extensie(erbij)]
    try:
        await bezoek.deur.wijzig({**advies, "extension": [*rest, *nieuw]})
    except DeurFout as nee:
        if nee.status != 422:
            raise
        return await _toon(bezoek, advies, tuple(Fout(b.tekst, "organisatie") for b in nee.bevindingen))
    return bezoek.naar(f"/advies/{advies['id']}/afstemming")


async def _toon(
    bezoek: Bezoek, advies: Json, fouten: tuple[Fout, ...], instemming: Mapping[str, str] | None = None
) -> Response:
    boek = await sla_open(bezoek.deur, (verwijzing(advies.get("subject")) or "").removeprefix("Patient/"))
    al = dict(gevraagd(advies))
    alle = await bezoek.deur.zoek_met("Organization", [("active", "true"), ("_count", "200")])
    soorten = ("gemeente", "gr", "zorgkantoor", "zorgverzekeraar", "uwv", "leverancier")
    te_vragen = sorted(
        (
            Partij(f"Organization/{o['id']}", str(o.get("name") or o["id"]),
                   LEEST["leverancier" if _is_leverancier(o) else ""])
            for o in alle
            if "partOf" not in o and _soorten(o) & set(soorten) and f"Organization/{o['id']}" not in al
        ),
        key=lambda p: p.naam,
    )  # fmt: skip
    genoemd = set(boek.mensen.organisaties)
    context = AfstemmingContext(
        kop=werkkop(bezoek, "clienten"),
        gast=te_gast(boek, bezoek.actor),
        id=str(advies["id"]),
        vandaag=dag(_vandaag()),
        afstemming=await afstemming_van(bezoek, boek, advies, instemming),
        bekend=tuple(p for p in te_vragen if p.plek in genoemd),
        anderen=tuple(p for p in te_vragen if p.plek not in genoemd),
        fouten=fouten,
    )
    return bezoek.toon(SJABLOON, context, 422 if fouten else 200)


async def _concept(bezoek: Bezoek) -> Json:
    advies = await bezoek.deur.lees("QuestionnaireResponse", str(bezoek.request.path_params["id"]))
    if not is_advies(advies) or not is_eigen_concept(advies, bezoek.actor.functie):
        raise DeurFout(404, ())
    return advies


async def _instemming(bezoek: Bezoek, advies: Json) -> dict[str, str]:
    """Per gevraagde organisatie of zij over dit concept mag meedenken, in woorden; leeg is nog niet."""
    houder = (verwijzing(advies.get("subject")) or "").removeprefix("Patient/")
    uit = {}
    for plek, _ in gevraagd(advies):
        delen: list[Json] = [
            {"name": "partij", "valueReference": {"reference": plek}},
            {"name": "groep", "valueCode": "eisen"},
            {"name": "advies", "valueReference": {"reference": f"QuestionnaireResponse/{advies['id']}"}},
        ]
        antwoord = await bezoek.deur.operatie("Patient", houder, "mag-delen", delen)
        waarden = {str(p["name"]): next(w for n, w in p.items() if n != "name") for p in antwoord["parameter"]}
        tot = f" tot en met {dag(str(waarden['tot']))}" if "tot" in waarden else ""
        uit[plek] = f"Mag meelezen{tot}" if waarden["antwoord"] else ""
    return uit


def _afgestemd(g: Gebeurtenis) -> str:
    return f"Afgestemd op {dag(g.op)} met {g.wie}"


def _extensie(organisatie: str) -> Json:
    return {
        "url": GEVRAAGD,
        "extension": [
            {"url": "organisatie", "valueReference": {"reference": organisatie}},
            {"url": "op", "valueDateTime": datetime.now(HIER).isoformat(timespec="milliseconds")},
        ],
    }


def _vandaag() -> date:
    return datetime.now(HIER).date()


def _is(e: Json, organisatie: str) -> bool:
    delen = objecten(e.get("extension"))
    return e.get("url") == GEVRAAGD and any(verwijzing(d.get("valueReference")) == organisatie for d in delen)


def _soorten(organisatie: Json) -> set[str]:
    return {
        str(c.get("code"))
        for t in objecten(organisatie.get("type"))
        for c in objecten(t.get("coding"))
        if c.get("system") == SOORT
    }


def _is_leverancier(organisatie: Json) -> bool:
    return "leverancier" in _soorten(organisatie)
