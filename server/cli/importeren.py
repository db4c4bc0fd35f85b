"""`paspoort import FILE…`: FHIR-JSON en Bundles worden één nieuw paspoort, en per resource staat er wat ermee gebeurde.

Alles van één paspoort komt er in één keer in, of niets. Wat meegaat en wat niet, beslist `import_plan.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from paspoort.fhir.fhirjson import Json, lees
from paspoort.fhir.stelsels import BSN
from paspoort.fhir.validatie import Validator
from paspoort.fouten import PaspoortFout
from server.cli.import_plan import Gelezen, Plan, maak_plan, resources_van
from server.cli.omgeving import instellingen
from server.store.logrow import Logregel
from server.store.passports import Opslag
from server.store.register import REGISTER
from server.store.versions import Wijziging
from server.store.worklist import partities_met_bsn

BEDIENING = "dienst"


def parser(p: argparse.ArgumentParser, _: str) -> None:
    """De opties."""
    p.add_argument("bestanden", nargs="+", type=Path, metavar="FILE", help="FHIR R4-JSON: één resource of een Bundle")
    p.add_argument("--data", type=Path, default=None, help="map met de gegevens (./data)")
    p.add_argument("--demo", action="store_true", help="de demo-installatie in deze map")
    p.add_argument("--proef", action="store_true", help="zeg wat er zou gebeuren en schrijf niets")


def voer_uit(args: argparse.Namespace) -> int:
    """0 als alles meeging, 1 als er iets niet meeging of niet te lezen was."""
    gelezen, onleesbaar = _lees(args.bestanden)
    if not gelezen:
        return 1
    plan = asyncio.run(_importeer(args, gelezen))
    _vertel(plan)
    return 1 if onleesbaar or plan.geweigerd or plan.patient is None else 0


def _lees(bestanden: list[Path]) -> tuple[list[Gelezen], bool]:
    """Alle resources; wat niet te lezen is, staat meteen op stderr."""
    gelezen: list[Gelezen] = []
    onleesbaar = False
    for bestand in bestanden:
        try:
            inhoud: Json = lees(bestand.read_bytes())
        except OSError as fout:
            print(f"{bestand}: niet te lezen ({fout.strerror})", file=sys.stderr)
            onleesbaar = True
        except PaspoortFout as fout:
            print(f"{bestand}: {'; '.join(m.tekst() for m in fout.meldingen)}", file=sys.stderr)
            onleesbaar = True
        else:
            gelezen += resources_van(bestand.name, inhoud)
    return gelezen, onleesbaar


async def _importeer(args: argparse.Namespace, gelezen: list[Gelezen]) -> Plan:
    opslag = await Opslag.open(instellingen(args.data, None, demo=True if args.demo else None))
    try:
        vragen = {(g.inhoud.get("resourceType"), g.inhoud.get("id")) for g in gelezen}
        bezet = {
            (type_, id_)
            for type_, id_ in vragen
            if isinstance(type_, str) and isinstance(id_, str) and await opslag.partitie_van(type_, id_) is not None
        }
        plan = maak_plan(
            gelezen, Validator.laad(), lambda type_, id_: (type_, id_) in bezet,
            lambda type_, id_: opslag.register.get(type_, id_) is not None,
        )  # fmt: skip
        plan.bsn_bestaat = await _bsn_bestaat(opslag, plan)
        if plan.patient is not None and not args.proef:
            await _schrijf(opslag, plan)
        return plan
    finally:
        await opslag.sluit()


async def _bsn_bestaat(opslag: Opslag, plan: Plan) -> bool:
    """Of er hier al een paspoort met dit burgerservicenummer is; dan zijn het er straks twee."""
    patient = next((k.inhoud for k in plan.gekozen if k.inhoud["resourceType"] == "Patient"), {})
    nummers = [str(i.get("value")) for i in patient.get("identifier") or [] if i.get("system") == BSN]
    return any([bool(await partities_met_bsn(opslag, nummer)) for nummer in nummers])


async def _schrijf(opslag: Opslag, plan: Plan) -> None:
    assert plan.patient is not None
    register = [Wijziging(k.inhoud["resourceType"], k.id, k.inhoud) for k in plan.gekozen if k.register]
    if register:
        m = await opslag.momentopname(REGISTER)
        await opslag.schrijf(REGISTER, m.volgnummer, register, BEDIENING, "import")
    wijzigingen = [Wijziging(k.inhoud["resourceType"], k.id, k.inhoud) for k in plan.gekozen if not k.register]
    log = Logregel(
        actor=BEDIENING, naam="Beheer", rol="beheerder", organisatie=None, client=None, namens=None,
        handeling="import", partitie=plan.patient, doel=None, grond="dienst",
        wat=tuple(f"{w.type}/{w.id}" for w in wijzigingen), uitkomst="gelukt",
    )  # fmt: skip
    await opslag.maak_partitie(plan.patient, "paspoort")
    await opslag.schrijf(plan.patient, 0, wijzigingen, BEDIENING, "import", (log,))


def _vertel(plan: Plan) -> None:
    """Per resource wat ermee gebeurde: eerst wat meeging, dan wat niet."""
    for k in plan.gekozen:
        waar = "register" if k.register else "paspoort"
        anders = "" if k.id == k.gelezen.inhoud.get("id") else f", met een nieuw id: {k.id}"
        print(f"overgenomen       {k.gelezen.naam} ({waar}{anders})")
        for los in k.loshangend:
            print(f"  let op          verwijst naar {los}, en dat zat er niet bij")
        for m in k.waarschuwingen:
            print(f"  let op          {m.plek}: {m.tekst()}")
    for bekend in plan.bekend:
        print(f"al bekend         {bekend.naam} staat in het register en blijft zoals het is")
    if plan.bsn_bestaat:
        print("let op            er is hier al een paspoort met dit burgerservicenummer")
    for g in plan.geweigerd:
        print(f"niet overgenomen  {g.gelezen.naam} uit {g.gelezen.bron}: {g.reden}")
    if plan.patient is None:
        print("Er is geen paspoort gemaakt.")
    else:
        print(f"{len(plan.gekozen)} overgenomen, {len(plan.geweigerd)} niet. Paspoort: {plan.patient}")
