"""`paspoort client add|list|remove`: welke apps mogen aansluiten, en wat zij hoogstens mogen vragen."""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from paspoort.fouten import PaspoortFout
from server.access.scopes import ontleed_alle
from server.cli.omgeving import instellingen
from server.registry import TYPES
from server.store import clients, tokens
from server.store.passports import Opslag

SOORTEN = ("persoonlijk", "gemeente", "leverancier", "zorgpraktijk")


def parser(p: argparse.ArgumentParser, _: str) -> None:
    """De opties per handeling."""
    p.add_argument("--data", type=Path, default=None, help="map met de gegevens (./data)")
    p.add_argument("--demo", action="store_true", help="de demo-installatie in deze map")
    acties = p.add_subparsers(dest="actie", required=True, metavar="add|list|remove")
    erbij = acties.add_parser("add", help="voeg een app toe")
    erbij.add_argument("naam", help="naam die de houder leest")
    erbij.add_argument("--soort", choices=SOORTEN, required=True)
    erbij.add_argument("--scope", required=True, help="het meeste dat de app mag vragen, met spaties ertussen")
    erbij.add_argument("--organisatie", help="id van de Organization; verplicht behalve bij persoonlijk")
    erbij.add_argument(
        "--jwks", type=Path, help="bestand met publieke sleutels (JWK Set); voor een app met eigen sleutel"
    )
    erbij.add_argument("--redirect-uri", action="append", default=[], help="adres om naar terug te keren; mag vaker")
    acties.add_parser("list", help="toon de apps")
    weg = acties.add_parser("remove", help="haal een app weg en trek haar tokens in")
    weg.add_argument("client_id")


def voer_uit(args: argparse.Namespace) -> int:
    """Doe de handeling; 1 als de app er niet is, 2 als de opties niet kloppen."""
    if args.actie == "add" and (fouten := _fouten(args)):
        for fout in fouten:
            print(fout, file=sys.stderr)
        return 2
    return asyncio.run(_doe(args))


def _fouten(args: argparse.Namespace) -> list[str]:
    fouten = []
    try:
        ontleed_alle(args.scope, frozenset(t.scope_type for t in TYPES.values()))
    except PaspoortFout as fout:
        fouten += [f"--scope: {melding.tekst()}" for melding in fout.meldingen]
    if args.soort != "persoonlijk" and not args.organisatie:
        fouten.append("--organisatie: nodig bij deze soort")
    if not args.jwks and not args.redirect_uri:
        fouten.append("--jwks of --redirect-uri: een van beide is nodig")
    for uri in args.redirect_uri:
        delen = urlsplit(uri)
        buiten = delen.scheme == "http" and delen.hostname not in {"127.0.0.1", "::1", "localhost"}
        if delen.fragment or not delen.scheme or buiten:
            fouten.append("--redirect-uri: https, of http op uw eigen machine, zonder #")
    if args.jwks:
        try:
            sleutels = json.loads(args.jwks.read_text("utf-8"))["keys"]
            if not sleutels or any("d" in s for s in sleutels):
                fouten.append("--jwks: alleen publieke sleutels, minstens één")
        except (OSError, ValueError, KeyError, TypeError):
            fouten.append("--jwks: geen leesbare JWK Set")
    return fouten


async def _doe(args: argparse.Namespace) -> int:
    opslag = await Opslag.open(instellingen(args.data, None, demo=True if args.demo else None))
    try:
        if args.actie == "list":
            for app in await clients.clients(opslag):
                print(f"{app.client_id}\t{app.soort}\t{app.naam}\t{app.organisatie or '-'}\t{app.scopes}")
            return 0
        if args.actie == "remove":
            if await clients.client(opslag, args.client_id) is None:
                print("Deze app is er niet.", file=sys.stderr)
                return 1
            await tokens.trek_client_in(opslag, args.client_id, int(time.time()))
            await clients.verwijder_client(opslag, args.client_id)
            return 0
        app = clients.Client(
            client_id=f"{args.soort}-{secrets.token_hex(6)}",
            soort=args.soort,
            naam=args.naam,
            organisatie=args.organisatie,
            redirect_uris=tuple(args.redirect_uri),
            jwks=json.loads(args.jwks.read_text("utf-8")) if args.jwks else None,
            scopes=args.scope,
            grant_types=("authorization_code", "refresh_token") if args.redirect_uri else ("client_credentials",),
        )
        await clients.zet_client(opslag, app)
        print(app.client_id)
        return 0
    finally:
        await opslag.sluit()
