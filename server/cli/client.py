"""`paspoort client`: welke apps mogen aansluiten, wat zij hoogstens mogen vragen, hun sleutels, en schorsen."""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

from paspoort.fhir.organisatie import ROL_VAN_SOORT
from paspoort.fouten import PaspoortFout
from server.cli.omgeving import instellingen
from server.cli.organisatie import BEDIENING
from server.fhir.appbeheer import Appbeheer, lees_jwks, vingerafdrukken
from server.oauth.keys import ID_TOKEN_ALG, ID_TOKEN_ALGS
from server.store.clients import Client
from server.store.passports import Opslag

SOORTEN: Final = ("persoonlijk", *sorted(ROL_VAN_SOORT))
# veld → hoe de optie heet
OPTIE: Final = {
    "naam": "naam", "scope": "--scope", "organisatie": "--organisatie", "jwks": "--jwks of --redirect-uri",
    "redirect_uri": "--redirect-uri", "waarvoor": "--waarvoor",
    "jwks_uri": "--jwks-uri",
}  # fmt: skip


def parser(p: argparse.ArgumentParser, _: str) -> None:
    """De opties per handeling."""
    p.add_argument("--data", type=Path, default=None, help="map met de gegevens (./data)")
    p.add_argument("--demo", action="store_true", help="de demo-installatie in deze map")
    acties = p.add_subparsers(dest="actie", required=True, metavar="ACTIE")
    erbij = acties.add_parser("add", help="voeg een app toe")
    erbij.add_argument("naam", help="naam die de houder leest")
    erbij.add_argument("--soort", choices=SOORTEN, required=True)
    erbij.add_argument("--scope", required=True, help="het meeste dat de app mag vragen, met spaties ertussen")
    erbij.add_argument("--waarvoor", default="", help="waarvoor de app is, in één zin die de houder leest")
    erbij.add_argument("--organisatie", help="id van de Organization; verplicht behalve bij persoonlijk")
    erbij.add_argument(
        "--jwks", type=Path, help="bestand met publieke sleutels (JWK Set); voor een app met eigen sleutel"
    )
    erbij.add_argument(
        "--jwks-uri", help="adres waar de app haar publieke sleutels zelf bijhoudt, in plaats van --jwks"
    )
    erbij.add_argument(
        "--id-token-alg", choices=tuple(ID_TOKEN_ALGS), default=ID_TOKEN_ALG, help="hoe haar id_tokens getekend worden"
    )
    erbij.add_argument("--redirect-uri", action="append", default=[], help="adres om naar terug te keren; mag vaker")
    acties.add_parser("list", help="toon de apps")
    sleutels = acties.add_parser("keys", help="toon de vingerafdrukken van haar sleutels, of vervang ze")
    sleutels.add_argument("client_id")
    sleutels.add_argument("--jwks", type=Path, help="de nieuwe publieke sleutels; wat de app had, eindigt")
    for naam, hulp in (
        ("remove", "haal een app weg en trek haar tokens in"),
        ("suspend", "schors een app: haar tokens eindigen meteen"),
        ("resume", "hef de schorsing op"),
    ):
        acties.add_parser(naam, help=hulp).add_argument("client_id")


def voer_uit(args: argparse.Namespace) -> int:
    """Doe de handeling; 1 als de app er niet is, 2 als de opties niet kloppen."""
    return asyncio.run(_doe(args))


async def _doe(args: argparse.Namespace) -> int:
    opslag = await Opslag.open(instellingen(args.data, None, demo=True if args.demo else None))
    beheer = Appbeheer(opslag, BEDIENING)
    try:
        if args.actie == "list":
            for app in await beheer.apps():
                stand = "\tgeschorst" if app.geschorst else ""
                print(f"{app.client_id}\t{app.soort}\t{app.naam}\t{app.organisatie or '-'}\t{app.scopes}{stand}")
        elif args.actie == "remove":
            await beheer.verwijder(args.client_id)
        elif args.actie in ("suspend", "resume"):
            await beheer.schors(args.client_id, args.actie == "suspend")
        elif args.actie == "keys":
            app = await beheer.app(args.client_id)
            if args.jwks:
                await beheer.zet_app(replace(app, jwks=lees_jwks(args.jwks.read_text("utf-8")), jwks_uri=None))
                app = await beheer.app(args.client_id)
            for sleutel in vingerafdrukken(app.jwks):
                print(sleutel)
        else:
            print(await beheer.zet_app(_app(args)))
        return 0
    except OSError:
        print("--jwks: dit bestand is niet te lezen", file=sys.stderr)
        return 2
    except PaspoortFout as fout:
        for m in fout.meldingen:
            print(f"{OPTIE.get(m.plek or '', 'client_id')}: {m.tekst()}", file=sys.stderr)
        return 2 if args.actie == "add" else 1
    finally:
        await opslag.sluit()


def _app(args: argparse.Namespace) -> Client:
    return Client(
        client_id="",
        soort=args.soort,
        naam=args.naam,
        organisatie=args.organisatie,
        redirect_uris=tuple(args.redirect_uri),
        jwks=lees_jwks(args.jwks.read_text("utf-8")) if args.jwks else None,
        scopes=args.scope,
        waarvoor=args.waarvoor,
        jwks_uri=args.jwks_uri,
        id_token_alg=args.id_token_alg,
    )
