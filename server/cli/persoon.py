"""`paspoort persoon`: wie bij een organisatie werkt, in welke rol en welke teams, en waarmee hij inlogt."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import replace

from paspoort.fhir.organisatie import ROL_VAN_SOORT, Medewerker
from server.cli.organisatie import met_beheer, waar
from server.fhir.registerbeheer import Registerbeheer
from server.store import personeel

ROLLEN = sorted(set(ROL_VAN_SOORT.values()))


def parser(p: argparse.ArgumentParser, _: str) -> None:
    """De opties per handeling."""
    waar(p)
    acties = p.add_subparsers(dest="actie", required=True, metavar="ACTIE")
    acties.add_parser("list", help="toon wie bij een organisatie werkt").add_argument("organisatie")
    acties.add_parser("show", help="toon een persoon en met welke accounts hij inlogt").add_argument("id")
    for naam, hulp in (("add", "voeg iemand toe"), ("change", "wijzig iemand")):
        q = acties.add_parser(naam, help=hulp)
        q.add_argument("naam" if naam == "add" else "id")
        if naam == "change":
            q.add_argument("--naam")
        else:
            q.add_argument("--organisatie", required=True, help="id van de Organization")
        q.add_argument("--rol", choices=ROLLEN, required=naam == "add")
        q.add_argument("--beroep")
        q.add_argument("--mail", help="e-mailadres op het werk; leeg = geen")
        q.add_argument("--team", action="append", help="id van een team; mag vaker; leeg = geen")
    acties.add_parser("code", help="maak een code waarmee iemand zich na het inloggen meldt").add_argument("id")
    q = acties.add_parser("link", help="laat een account met deze functie inloggen")
    q.add_argument("id")
    q.add_argument("--issuer", required=True, help="de inlogdienst")
    q.add_argument("--sub", required=True, help="wie het is bij die inlogdienst")
    q = acties.add_parser("unlink", help="haal een inlog weg")
    q.add_argument("id")
    q.add_argument("inlog", help="zie show")
    for naam, hulp in (("suspend", "schors meteen"), ("resume", "hef de schorsing op")):
        acties.add_parser(naam, help=hulp).add_argument("id")


def voer_uit(args: argparse.Namespace) -> int:
    """Doe de handeling; 1 met elk veld dat fout is."""
    return asyncio.run(met_beheer(args, _doe))


async def _doe(args: argparse.Namespace, beheer: Registerbeheer) -> None:
    if args.actie == "list":
        for m in beheer.mensen(beheer.organisatie(args.organisatie).id):
            print(_regel(beheer, m))
    elif args.actie == "show":
        print(_regel(beheer, beheer.medewerker(args.id)))
        for inlog in await personeel.inlogs_van(beheer.opslag, args.id):
            print(f"  inlog\t{inlog.id}\t{inlog.account.issuer}\t{inlog.account.sub}")
    elif args.actie in ("add", "change"):
        oud = beheer.medewerker(args.id) if args.actie == "change" else Medewerker("", "", "", args.organisatie)
        velden = {n: w for n in ("naam", "rol", "beroep", "mail") if (w := getattr(args, n)) is not None}
        teams = oud.teams if args.team is None else frozenset(t for t in args.team if t)
        print(await beheer.zet_medewerker(replace(oud, **velden, teams=teams)))
    elif args.actie == "code":
        print(await beheer.geef_code(args.id))
    elif args.actie == "link":
        await beheer.koppel(args.id, args.issuer, args.sub)
    elif args.actie == "unlink":
        await beheer.ontkoppel(args.id, args.inlog)
    else:
        await beheer.schors_medewerker(args.id, args.actie == "suspend")


def _regel(beheer: Registerbeheer, m: Medewerker) -> str:
    stand = "geschorst" if beheer.is_geschorst(f"PractitionerRole/{m.id}") else "doet mee"
    return f"{m.id}\t{m.naam}\t{m.rol}\t{','.join(sorted(m.teams)) or '-'}\t{stand}"
