"""De lijst van organisaties, één organisatie met alles eromheen, haar gegevens, en schorsen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.organisatie import NUMMERS, Organisatie
from paspoort.fouten import PaspoortFout
from server.fhir.registerbeheer import Registerbeheer
from server.store.register import ALLES, Mandaat
from web.beheer.appwoorden import in_woorden
from web.beheer.kader import ROLNAMEN, WERK, Keuze, appbeheer, beheer, fouten_bij, gekozen, hang, keuzes, kop, pad
from web.bezoek import Bezoek, Huis
from web.bladzijde import dag
from web.werk import Feit, Fout, TeGast, Werkkop
from web.woorden import codes

NUMMERNAMEN: Final = {"kvk": "KvK-nummer", "agb": "AGB-code", "ura": "URA-nummer", "oin": "OIN"}


@dataclass(frozen=True, slots=True)
class Regel:
    """Eén regel in een lijst: waar zij heen gaat, hoe zij heet, wat erbij hoort, en haar stand."""

    adres: str
    naam: str
    klein: str
    stand: str


@dataclass(frozen=True, slots=True)
class Mandaatregel:
    """Eén mandaat, met wat nodig is om het in te trekken."""

    zin: str
    gevolgen: tuple[str, ...]
    van: str
    aan: str
    taak: str


@dataclass(frozen=True, slots=True)
class Veld:
    """Eén invulveld."""

    id: str
    naam: str
    waarde: str
    uitleg: str


@dataclass(frozen=True)
class StartContext:
    """Alle organisaties."""

    kop: Werkkop
    gast: TeGast | None
    organisaties: tuple[Regel, ...]


@dataclass(frozen=True)
class OrganisatieContext:
    """Eén organisatie met haar teams, mensen, apps en mandaten."""

    kop: Werkkop
    gast: TeGast | None
    id: str
    naam: str
    geschorst: bool
    feiten: tuple[Feit, ...]
    let_op: str
    teams: tuple[Regel, ...]
    mensen: tuple[Regel, ...]
    apps: tuple[Regel, ...]
    mandaten: tuple[Mandaatregel, ...]


@dataclass(frozen=True)
class GegevensContext:
    """De gegevens van een nieuwe of bestaande organisatie."""

    kop: Werkkop
    gast: TeGast | None
    id: str
    velden: tuple[Veld, ...]
    soorten: tuple[Keuze, ...]
    boven: tuple[Keuze, ...]
    fouten: tuple[Fout, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/beheer` en `/beheer/organisatie/…`."""
    hang(router, huis, "/beheer", start)
    hang(router, huis, "/beheer/organisatie", gegevens, "GET", "POST")
    hang(router, huis, "/beheer/organisatie/{id}", organisatie)
    hang(router, huis, "/beheer/organisatie/{id}/gegevens", gegevens, "GET", "POST")
    hang(router, huis, "/beheer/organisatie/{id}/schors", schors, "POST")


async def start(bezoek: Bezoek) -> Response:
    """De lijst."""
    b = await beheer(bezoek)
    soorten = codes("organisatiesoort")
    regels = tuple(
        Regel(
            f"/beheer/organisatie/{o.id}", o.naam, ", ".join(soorten.get(s, s) for s in sorted(o.soorten)), _stand(b, o)
        )
        for o in b.organisaties()
    )
    return bezoek.toon("beheer/start.html", StartContext(kop(bezoek), None, regels))


async def organisatie(bezoek: Bezoek) -> Response:
    """Eén organisatie. 404 als zij er niet is, of een team is."""
    b = await beheer(bezoek)
    o = b.organisatie(pad(bezoek))
    if o.is_team:
        return bezoek.naar(f"/beheer/team/{o.id}")
    namen = {a.id: a.naam for a in b.organisaties()}
    teams = b.teams(o.id)
    teamnamen = {t.id: t.naam for t in teams}
    mensen = b.mensen(o.id)
    context = OrganisatieContext(
        kop=kop(bezoek),
        gast=None,
        id=o.id,
        naam=o.naam,
        geschorst=b.is_geschorst(f"Organization/{o.id}"),
        feiten=_feiten(o, namen),
        let_op=_let_op(teams),
        teams=tuple(
            Regel(
                f"/beheer/team/{t.id}", t.naam, f"{_leden(t, mensen)}. {_neemt_aan(t)}", "" if t.actief else "Gestopt"
            )
            for t in teams
        ),
        mensen=tuple(
            Regel(
                f"/beheer/persoon/{m.id}",
                m.naam,
                ", ".join([ROLNAMEN.get(m.rol, m.rol), *sorted(teamnamen.get(t, t) for t in m.teams)]),
                "Geschorst" if b.is_geschorst(f"PractitionerRole/{m.id}") else "",
            )
            for m in mensen
        ),
        apps=tuple(
            Regel(
                f"/beheer/app/{a.client_id}",
                a.naam,
                a.waarvoor or in_woorden(a.scopes) or a.scopes,
                "Geschorst" if a.geschorst else "",
            )
            for a in await appbeheer(bezoek).apps(o.id)
        ),
        mandaten=tuple(_mandaat(m, namen) for m in b.mandaten(o.id)),
    )
    return bezoek.toon("beheer/organisatie.html", context)


async def gegevens(bezoek: Bezoek) -> Response:
    """Maak of wijzig een organisatie."""
    b = await beheer(bezoek)
    id_ = bezoek.request.path_params.get("id", "")
    o = b.organisatie(id_) if id_ else Organisatie("", "")
    fouten: tuple[Fout, ...] = ()
    if bezoek.request.method == "POST":
        o = replace(
            o,
            naam=bezoek.veld("naam"),
            soorten=gekozen(bezoek, "soort"),
            deel_van=bezoek.veld("deel_van") or None,
            nummers={n: bezoek.veld(n).replace(" ", "") for n in NUMMERS},
            telefoon=bezoek.veld("telefoon"),
            plaats=bezoek.veld("plaats"),
        )
        try:
            return bezoek.naar(f"/beheer/organisatie/{await b.zet_organisatie(o)}")
        except PaspoortFout as fout:
            fouten = fouten_bij(fout)
    velden = (
        Veld("naam", "Naam", o.naam, "Zoals cliënten haar kennen."),
        Veld("plaats", "Plaats", o.plaats, ""),
        Veld("telefoon", "Telefoonnummer", o.telefoon, "Voor vragen van cliënten."),
        *(Veld(n, NUMMERNAMEN[n], o.nummers.get(n, ""), NUMMERS[n][2]) for n in NUMMERS),
    )
    anders = [("", "Geen"), *((a.id, a.naam) for a in b.organisaties() if a.id != o.id)]
    context = GegevensContext(
        kop(bezoek), None, id_, velden, keuzes(codes("organisatiesoort").items(), o.soorten),
        keuzes(anders, [o.deel_van or ""]), fouten,
    )  # fmt: skip
    return bezoek.toon("beheer/gegevens.html", context, 422 if fouten else 200)


async def schors(bezoek: Bezoek) -> Response:
    """Schors, of hef het op; geldt bij het volgende verzoek."""
    await (await beheer(bezoek)).schors_organisatie(pad(bezoek), bezoek.veld("geschorst") == "ja")
    return bezoek.naar(f"/beheer/organisatie/{pad(bezoek)}")


def _stand(b: Registerbeheer, o: Organisatie) -> str:
    if b.is_geschorst(f"Organization/{o.id}"):
        return "Geschorst"
    return "" if o.actief else "Gestopt"


def _feiten(o: Organisatie, namen: dict[str, str]) -> tuple[Feit, ...]:
    soorten = codes("organisatiesoort")
    paren = (
        ("Soort", ", ".join(soorten.get(s, s) for s in sorted(o.soorten))),
        ("Hoort bij", namen.get(o.deel_van or "", "")),
        ("Plaats", o.plaats),
        ("Telefoonnummer", o.telefoon),
        *((NUMMERNAMEN[n], o.nummers.get(n, "")) for n in NUMMERS),
    )
    return tuple(Feit(naam, waarde) for naam, waarde in paren if waarde)


def _let_op(teams: tuple[Organisatie, ...]) -> str:
    """Werk dat niemand aanneemt, ziet geen mens van deze organisatie."""
    if not teams:
        return ""
    neemt = frozenset().union(*(t.neemt_aan for t in teams if t.actief))
    mist = [naam for code, naam in WERK.items() if not neemt & {code, ALLES}]
    return f"Geen team neemt dit werk aan: {', '.join(mist)}. Niemand ziet het dan." if mist else ""


def _leden(team: Organisatie, mensen: tuple[object, ...]) -> str:
    aantal = sum(team.id in getattr(m, "teams", ()) for m in mensen)
    return "1 persoon" if aantal == 1 else f"{aantal} personen"


def _neemt_aan(team: Organisatie) -> str:
    if ALLES in team.neemt_aan:
        return "Neemt al het werk aan."
    delen = [WERK[d] for d in WERK if d in team.neemt_aan]
    return f"Neemt aan: {', '.join(delen)}." if delen else "Krijgt alleen werk op naam van het team."


def _mandaat(m: Mandaat, namen: dict[str, str]) -> Mandaatregel:
    wat = "alles" if m.taak == "*" else WERK.get(m.taak, m.taak)
    sinds = f" vanaf {dag(m.sinds)}" if m.sinds else ""
    tot = f" tot en met {dag(m.tot)}" if m.tot else ", zonder einde"
    van, aan = namen.get(m.van, m.van), namen.get(m.aan, m.aan)
    gevolgen = (
        f"{aan} ziet niets meer van dit werk van {van}, ook wat al begonnen is.",
        f"Wat nog open is, blijft bij {van} liggen. Termijnen lopen door.",
        "Wilt u het later toch? Geef dan een nieuw mandaat.",
    )
    return Mandaatregel(f"{aan} doet voor {van}: {wat}{sinds}{tot}", gevolgen, m.van, m.aan, m.taak)
