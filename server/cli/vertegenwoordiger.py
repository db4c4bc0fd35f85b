"""`paspoort vertegenwoordiger`: wat de wet of de rechter zegt over wie namens een houder handelt, en een overlijden.

Een helper of gemachtigde wijst de houder zelf aan, op *Wie helpt mij* (besluit 0030). Schrijft door dezelfde deur als
ieder ander, als de bediening; elke handeling staat in het log van het paspoort.
"""

from __future__ import annotations

import argparse
import asyncio
from datetime import date
from typing import Final

from paspoort.fhir.fhirjson import Json, lees
from paspoort.fhir.houder import vertegenwoordiger_naar_fhir, vertegenwoordiger_uit_fhir
from paspoort.fouten import Melding, PaspoortFout
from paspoort.gegeven import Periode
from paspoort.houder import Mandaatsoort, Naam, Vertegenwoordiger
from server.access.actor import Actor
from server.cli.organisatie import met_beheer, waar
from server.fhir.gateway import Poort
from server.fhir.registerbeheer import Registerbeheer
from server.fhir.request import FhirRequest
from server.store.session import Lidmaatschap, bewaar_account, verwijder_mandaat, zet_lidmaatschap

# Wie de houder niet zelf aanwijst.
SOORTEN: Final = (Mandaatsoort.OUDER, Mandaatsoort.MENTOR, Mandaatsoort.CURATOR)
BEDIENING: Final = Actor("dienst", "beheerder", "Bediening", scopes=None)
OVERLEDEN: Final = ("deceasedBoolean", "deceasedDateTime")


def parser(p: argparse.ArgumentParser, _: str) -> None:
    """De opties per handeling."""
    waar(p)
    acties = p.add_subparsers(dest="actie", required=True, metavar="ACTIE")
    acties.add_parser("list", help="toon wie er namens de houder handelt").add_argument("paspoort")
    q = acties.add_parser("add", help="leg een ouder, mentor of curator vast, met waarmee die inlogt")
    q.add_argument("paspoort", help="id van de Patient")
    q.add_argument("naam")
    q.add_argument("--soort", choices=[s.value for s in SOORTEN], required=True)
    q.add_argument("--issuer", required=True, help="de inlogdienst")
    q.add_argument("--sub", required=True, help="wie het is bij die inlogdienst")
    q.add_argument("--van", type=date.fromisoformat, help="eerste dag, jjjj-mm-dd")
    q.add_argument("--tot", type=date.fromisoformat, help="laatste dag, jjjj-mm-dd")
    q = acties.add_parser("end", help="eindig een mandaat meteen")
    q.add_argument("paspoort")
    q.add_argument("mandaat", help="zie list")
    q = acties.add_parser("deceased", help="sluit een paspoort na overlijden, of herstel een vergissing")
    q.add_argument("paspoort")
    q.add_argument("--op", type=date.fromisoformat, help="de dag, als die bekend is")
    q.add_argument("--vergissing", action="store_true", help="de houder leeft; alles werkt weer")


def voer_uit(args: argparse.Namespace) -> int:
    """Doe de handeling; 1 met elk veld dat fout is."""
    return asyncio.run(met_beheer(args, _doe))


async def _doe(args: argparse.Namespace, beheer: Registerbeheer) -> None:
    deur = Poort(beheer.opslag, beheer.opslag.settings.fhir_url)
    houder = await _vraag(deur, "GET", "Patient", args.paspoort)
    if args.actie == "list":
        m = await deur.opslag.momentopname(args.paspoort)
        for versie in m.van_type("RelatedPerson"):
            print(_regel(vertegenwoordiger_uit_fhir({**versie.inhoud, "id": versie.id})))
    elif args.actie == "add":
        print(await _voeg_toe(deur, args, houder))
    elif args.actie == "end":
        inhoud = await _vraag(deur, "GET", "RelatedPerson", args.mandaat)
        await _vraag(deur, "PUT", "RelatedPerson", args.mandaat, {**inhoud, "active": False})
        await verwijder_mandaat(deur.opslag, args.paspoort, args.mandaat)
    else:
        zonder = {k: w for k, w in houder.items() if k not in OVERLEDEN}
        dag = {"deceasedDateTime": args.op.isoformat()} if args.op else {"deceasedBoolean": True}
        await _vraag(deur, "PUT", "Patient", args.paspoort, zonder | ({} if args.vergissing else dag))


async def _voeg_toe(deur: Poort, args: argparse.Namespace, houder: Json) -> str:
    mandaat = Vertegenwoordiger(
        namen=(Naam(tekst=args.naam),),
        periode=Periode(args.van, args.tot) if args.van or args.tot else None,
        actief=True,
        soort=Mandaatsoort(args.soort),
    )
    gemaakt = await _vraag(
        deur, "POST", "RelatedPerson", None, vertegenwoordiger_naar_fhir(mandaat, f"Patient/{args.paspoort}")
    )
    account = await bewaar_account(deur.opslag, args.issuer, args.sub, args.naam)
    namens = next((str(n.get("text") or n.get("family") or "") for n in houder.get("name") or []), "")
    lid = Lidmaatschap(account.id, "vertegenwoordiger", patient=args.paspoort, namens=namens, mandaat=gemaakt["id"])
    await zet_lidmaatschap(deur.opslag, lid)
    return str(gemaakt["id"])


async def _vraag(deur: Poort, methode: str, type_: str, id_: str | None, body: Json | None = None) -> Json:
    antwoord = await deur.handle(BEDIENING, FhirRequest(methode, type_, id_, body=body))
    inhoud: Json = lees(antwoord.body) if antwoord.body else {}
    if antwoord.status >= 400:
        gevonden = inhoud.get("issue") or [{}]
        codes = [c.get("code") for i in gevonden for c in (i.get("details") or {}).get("coding") or []]
        raise PaspoortFout(Melding(str(codes[0]) if codes else "niet-gevonden", type_))
    return inhoud


def _regel(v: Vertegenwoordiger) -> str:
    naam = v.namen[0].volledig if v.namen else "-"
    tot = v.periode.tot.isoformat() if v.periode and v.periode.tot else "-"
    stand = "gestopt" if v.actief is False else "staat aan"
    return f"{v.id}\t{naam}\t{v.soort.value if v.soort else 'naaste'}\t{tot}\t{stand}"
