"""`paspoort organisatie`: organisaties, hun teams, mandaten, en schorsen. Mensen: `persoon.py`; apps: `client.py`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from paspoort.fhir.organisatie import NUMMERS, ROL_VAN_SOORT, Organisatie
from paspoort.fhir.validatie import Validator
from paspoort.fouten import PaspoortFout
from paspoort.toegang import DOELEN
from server.cli.omgeving import instellingen
from server.fhir.registerbeheer import Beheerder, Registerbeheer
from server.store.passports import Opslag
from server.store.register import ALLES, Mandaat

BEDIENING: Final = Beheerder("dienst", "Bediening")
WERK: Final = (*DOELEN, ALLES)


def parser(p: argparse.ArgumentParser, _: str) -> None:
    """De opties per handeling."""
    waar(p)
    acties = p.add_subparsers(dest="actie", required=True, metavar="ACTIE")
    acties.add_parser("list", help="toon de organisaties")
    een = acties.add_parser("show", help="toon een organisatie met haar teams, mensen en mandaten")
    een.add_argument("id")
    for naam, hulp in (("add", "voeg een organisatie toe"), ("change", "wijzig een organisatie")):
        q = acties.add_parser(naam, help=hulp)
        q.add_argument("naam" if naam == "add" else "id")
        if naam == "change":
            q.add_argument("--naam")
        q.add_argument("--soort", action="append", choices=sorted(ROL_VAN_SOORT), help="mag vaker")
        q.add_argument("--deel-van", help="id van de organisatie waar zij bij hoort; leeg = nergens")
        q.add_argument("--telefoon")
        q.add_argument("--plaats")
        for nummer, (_stelsel, _vorm, uitleg) in NUMMERS.items():
            q.add_argument(f"--{nummer}", help=uitleg)
    for naam, hulp in (("suspend", "schors haar meteen"), ("resume", "hef de schorsing op")):
        acties.add_parser(naam, help=hulp).add_argument("id")
    team = acties.add_parser("team", help="voeg een team toe, of wijzig er een met --id")
    team.add_argument("organisatie")
    team.add_argument("naam")
    team.add_argument("--id")
    team.add_argument("--neemt-aan", action="append", default=[], choices=WERK, help="werk aan de hele organisatie")
    team.add_argument("--stopt", action="store_true", help="het team doet niet meer mee")
    for naam, hulp in (("mandate", "laat AAN een taak doen voor VAN"), ("unmandate", "trek een mandaat in")):
        q = acties.add_parser(naam, help=hulp)
        q.add_argument("van")
        q.add_argument("aan")
        q.add_argument("taak", choices=(*DOELEN, "*"))
        if naam == "mandate":
            q.add_argument("--sinds", help="eerste dag, jjjj-mm-dd")
            q.add_argument("--tot", help="laatste dag, jjjj-mm-dd")


def voer_uit(args: argparse.Namespace) -> int:
    """Doe de handeling; 1 met elk veld dat fout is."""
    return asyncio.run(met_beheer(args, _doe))


def waar(p: argparse.ArgumentParser) -> None:
    """Welke installatie."""
    p.add_argument("--data", type=Path, default=None, help="map met de gegevens (./data)")
    p.add_argument("--demo", action="store_true", help="de demo-installatie in deze map")


async def met_beheer(args: argparse.Namespace, doe: Callable[..., Awaitable[None]]) -> int:
    """Open de opslag, doe het, en noem elke fout bij haar veld."""
    opslag = await Opslag.open(instellingen(args.data, None, demo=True if args.demo else None))
    try:
        await doe(args, Registerbeheer(opslag, Validator.laad, BEDIENING))
    except PaspoortFout as fout:
        for m in fout.meldingen:
            print(f"{m.plek}: {m.tekst()}" if m.plek else m.tekst(), file=sys.stderr)
        return 1
    finally:
        await opslag.sluit()
    return 0


async def _doe(args: argparse.Namespace, beheer: Registerbeheer) -> None:
    if args.actie == "list":
        for o in beheer.organisaties():
            print(_regel(beheer, o))
    elif args.actie == "show":
        _toon(beheer, beheer.organisatie(args.id))
    elif args.actie in ("add", "change"):
        oud = beheer.organisatie(args.id) if args.actie == "change" else Organisatie("", "")
        print(await beheer.zet_organisatie(_ingevuld(args, oud)))
    elif args.actie == "team":
        oud = beheer.organisatie(args.id) if args.id else Organisatie("", "", is_team=True)
        nieuw = replace(
            oud, naam=args.naam, deel_van=args.organisatie, actief=not args.stopt, neemt_aan=frozenset(args.neemt_aan)
        )
        print(await beheer.zet_organisatie(nieuw))
    elif args.actie == "mandate":
        await beheer.zet_mandaat(Mandaat(args.van, args.aan, args.taak, args.sinds, args.tot))
    elif args.actie == "unmandate":
        await beheer.trek_mandaat_in(args.van, args.aan, args.taak)
    else:
        await beheer.schors_organisatie(args.id, args.actie == "suspend")


def _ingevuld(args: argparse.Namespace, oud: Organisatie) -> Organisatie:
    """Alleen wat genoemd is, verandert; een lege waarde haalt weg."""
    velden = {n: w for n in ("naam", "telefoon", "plaats") if (w := getattr(args, n)) is not None}
    if args.soort is not None:
        velden["soorten"] = frozenset(args.soort)
    if args.deel_van is not None:
        velden["deel_van"] = args.deel_van or None
    nummers = {n: w for n in NUMMERS if (w := getattr(args, n)) is not None}
    return replace(oud, **velden, nummers={**oud.nummers, **nummers})


def _regel(beheer: Registerbeheer, o: Organisatie) -> str:
    stand = "geschorst" if beheer.is_geschorst(f"Organization/{o.id}") else "doet mee" if o.actief else "gestopt"
    return f"{o.id}\t{o.naam}\t{','.join(sorted(o.soorten)) or '-'}\t{stand}"


def _toon(beheer: Registerbeheer, o: Organisatie) -> None:
    print(_regel(beheer, o))
    for naam, waarde in (*sorted(o.nummers.items()), ("deel van", o.deel_van), ("telefoon", o.telefoon)):
        if waarde:
            print(f"  {naam}: {waarde}")
    for t in beheer.teams(o.id):
        print(f"  team\t{t.id}\t{t.naam}\t{','.join(sorted(t.neemt_aan)) or '-'}{'' if t.actief else ' (gestopt)'}")
    for m in beheer.mensen(o.id):
        stil = " (geschorst)" if beheer.is_geschorst(f"PractitionerRole/{m.id}") else ""
        print(f"  persoon\t{m.id}\t{m.naam}\t{m.rol}\t{','.join(sorted(m.teams)) or '-'}{stil}")
    for d in beheer.mandaten(o.id):
        print(f"  mandaat\t{d.van} -> {d.aan}\t{d.taak}\t{d.sinds or ''}..{d.tot or ''}")
