"""`Task/[id]/$beslis`: de verstrekker beslist over een verzoek, en alles wat daarbij hoort ontstaat in één transactie.

Doorzetten kan als de herhaaltoets op het paspoort van nu route A of B geeft (`uitslag_nu.py`); anders zegt het antwoord
welke grond niet klopt en wie dat kan herstellen. Afwijzen en afwijken vragen een reden (N3.1). Nooit vanzelf iets
ongunstigs (AVG 22).
"""

from __future__ import annotations

from typing import Final

from paspoort.aanvraag import GESLOTEN
from paspoort.beschikking import Afwijking
from paspoort.fhir.aanvraag import verzoek_uit_fhir
from paspoort.fhir.beschikking import uit_fhir as besluit_uit_fhir
from paspoort.fhir.stelsels import TAAKSOORT
from paspoort.fhir.waarden import code_uit, deel, ext, extensies, verwijzing
from paspoort.fouten import Melding, PaspoortFout
from paspoort.herhaaltoets.basis import basis
from paspoort.hulpmiddel import Verstrekkingsvorm
from paspoort.paspoort import Paspoort
from paspoort.toestemming import HIER
from server.access.gronden import is_eigenaar, taak_uit
from server.fhir.afschrift import Afschriftvraag
from server.fhir.antwoorden import geschreven, niet_gevonden
from server.fhir.beslissing import (
    FASE,
    IN_WOORDEN,
    Zaak,
    afgerond,
    besluit,
    brief,
    is_leverancier,
    leverancier_van,
    nieuw,
    opdracht,
    toekenning_tot,
    toestemmingen,
)
from server.fhir.context import Blik, Context
from server.fhir.inhoud import controleer_inhoud
from server.fhir.operations.uitslag_nu import UitslagNu, uitslag_nu
from server.fhir.parameters import Gegeven, Waarde, lees
from server.fhir.parameters import verwijzing as verwijzing_in
from server.fhir.request import FhirResponse, Json
from server.fhir.toetsing import beleid_bij, paspoort_van
from server.fhir.uitkomstbericht import berichten
from server.fhir.verwijzingen import controleer_verwijzingen
from server.store.versions import Wijziging

DEFINITIE: Final = "Task-beslis"


async def beslis(ctx: Context) -> FhirResponse:
    """De afgeronde Task. 404 buiten zicht; 403 als de behandeling niet van u is; 422 met elke regel die niet klopt."""
    blik, zaak = await _zaak(ctx)
    gegeven = lees(ctx.vraag, DEFINITIE)
    nu = await uitslag_nu(ctx, zaak) if gegeven.tekst("uitkomst") == "doorgezet" else None
    uitkomst, afwijkingen, leverancier = _keuzes(ctx, blik, zaak, gegeven, nu)
    wijzigingen, geschreven_, uitvoer = _stukken(ctx, blik, zaak, gegeven, uitkomst, afwijkingen, leverancier, nu)
    los = () if "besluit" in dict(uitvoer) else afwijkingen
    taak = Wijziging("Task", zaak.taak_id, afgerond(zaak, uitkomst, uitvoer, los))
    getoetst = [nu.bij_verzoek] if nu is not None and nu.bij_verzoek is not None else []
    alles = [taak, *wijzigingen, *getoetst, *toestemmingen(zaak, ctx.register, leverancier)]
    eigen = [_plek(taak), *map(_plek, getoetst), *geschreven_]
    _vraag_afschriften(ctx, zaak, uitkomst, eigen, dict(uitvoer).get("opdracht"))
    na, versies = await ctx.leg_vast(blik, alles)
    versie = next(v for v in versies if (v.type, v.id) == ("Task", zaak.taak_id))
    return geschreven(ctx, 200, versie, na.zicht.toon(versie), na.zicht)


async def _zaak(ctx: Context) -> tuple[Blik, Zaak]:
    id_ = ctx.vraag.id or ""
    blik = await ctx.plaats("Task", id_)
    versie = blik.momentopname.get("Task", id_) if blik else None
    if blik is None or versie is None or versie.verwijderd or ctx.toon(blik, versie) is None:
        raise niet_gevonden()
    m, inhoud = blik.momentopname, versie.inhoud
    eigen = {g.soort for g in blik.zicht.gronden} & {"proef", "dienst"}
    if not eigen and not (
        ctx.actor.rol == "verstrekker" and is_eigenaar(ctx.actor, taak_uit(inhoud), ctx.register, ctx.nu)
    ):
        raise PaspoortFout(Melding("niet-van-u"))
    if code_uit(inhoud.get("code"), TAAKSOORT) != "behandeling":
        raise PaspoortFout(Melding("geen-behandeling", "Task.code"))
    if inhoud.get("status") in GESLOTEN or inhoud.get("status") == "draft":
        raise PaspoortFout(Melding("behandeling-gesloten", "Task.status"))
    plek = verwijzing(inhoud.get("focus")) or ""
    verzoek = m.get("DeviceRequest", plek.removeprefix("DeviceRequest/"))
    if verzoek is None or verzoek.verwijderd or verzoek.inhoud.get("intent") != "proposal":
        raise PaspoortFout(Melding("geen-verzoek", "Task.focus"))
    organisatie = ctx.actor.organisatie or ctx.register.organisatie_van(verwijzing(inhoud.get("owner")) or "") or ""
    paspoort: Paspoort = paspoort_van(m)
    gelezen = verzoek_uit_fhir(verzoek.inhoud)
    vandaag = ctx.nu.astimezone(HIER).date()
    steun = basis(paspoort, gelezen, beleid_bij(ctx.register, f"Organization/{organisatie}"), vandaag)
    # Alleen kijken of de beslisser het ziet: dat is geen lezen, en komt dus niet in het log.
    gezien = frozenset(v.verwijzing for v in m.van_type("QuestionnaireResponse") if blik.zicht.toon(v) is not None)
    return blik, Zaak(m, paspoort, id_, inhoud, gelezen, steun, organisatie, ctx.nu, gezien)


def _keuzes(
    ctx: Context, blik: Blik, zaak: Zaak, gegeven: Gegeven, nu: UitslagNu | None
) -> tuple[str, tuple[Afwijking, ...], str | None]:
    """Uitkomst, afwijkingen en leverancier; alle fouten samen."""
    fouten: list[Melding] = []
    uitkomst = gegeven.tekst("uitkomst") or ""
    if uitkomst not in FASE:
        plek = gegeven.een("uitkomst")
        waar = plek.hier if plek else None
        raise PaspoortFout(Melding("uitkomst-onbekend", waar, {"keuzes": ", ".join(FASE)}))
    if uitkomst == "afgewezen" and not gegeven.tekst("motivering"):
        fouten.append(Melding("motivering-ontbreekt", "Parameters.parameter.where(name='motivering')"))
    afwijkingen = tuple(_afwijking(w, fouten) for w in gegeven.alle("afwijking"))
    besluit_ = gegeven.een("besluit")
    if besluit_ is not None:
        fouten += _besluitfouten(ctx, blik, besluit_)
    if nu is not None:
        fouten += nu.hindernissen
    if uitkomst == "verlengd" and zaak.steun.toegekend is None:
        fouten.append(Melding("verlengen-kan-niet", "Parameters.parameter.where(name='uitkomst')"))
    leverancier = None
    if _vraagt_opdracht(zaak, uitkomst, besluit_.waarde if besluit_ else None):
        leverancier = _leverancier(ctx, zaak, gegeven.een("leverancier"), fouten)
    brief_ = gegeven.een("brief")
    if (
        brief_ is not None
        and ctx.zichtbaar(blik, *verwijzing_in(brief_, ctx.deur.basis, "DocumentReference").split("/")) is None
    ):
        fouten.append(Melding("referentie-onbekend", brief_.hier))
    if fouten:
        raise PaspoortFout(*fouten)
    return uitkomst, afwijkingen, leverancier


def _afwijking(w: Waarde, fouten: list[Melding]) -> Afwijking:
    delen: Gegeven = w.waarde
    eis, reden = delen.tekst("eis"), delen.tekst("reden")
    if not eis:
        fouten.append(Melding("fhir-verplicht", f"{w.plek}.part.where(name='eis')"))
    if not reden:
        fouten.append(Melding("reden-ontbreekt", f"{w.plek}.part.where(name='reden')"))
    return Afwijking(eis or "", reden or "", delen.tekst("alternatief"))


def _besluitfouten(ctx: Context, blik: Blik, gegeven: Waarde) -> list[Melding]:
    plek = gegeven.hier
    inhoud: Json = gegeven.waarde
    fouten = controleer_inhoud(ctx.deur.validator, "DeviceRequest", inhoud, plek)
    fouten += controleer_verwijzingen(ctx, blik, inhoud, None, plek, {})
    fouten += [
        Melding("reden-ontbreekt", f"{plek}.extension")
        for e in extensies(inhoud, "afwijking")
        if not str(deel(e, "reden", "valueString") or "").strip()
    ]
    return [f for f in fouten if f.ernst == "error"]


def _vraagt_opdracht(zaak: Zaak, uitkomst: str, gegeven: Json | None) -> bool:
    """Een opdracht hoort bij elke gunstige uitkomst in natura."""
    if uitkomst in ("afgewezen", "bedrag"):
        return False
    vorm = ext(gegeven or {}, "verstrekkingsvorm", "valueCode")
    vorm = vorm or (zaak.steun.toegekend.vorm if zaak.steun.toegekend else None)
    return vorm not in (Verstrekkingsvorm.PGB, Verstrekkingsvorm.TEGEMOETKOMING)


def _leverancier(ctx: Context, zaak: Zaak, gegeven: Waarde | None, fouten: list[Melding]) -> str | None:
    if gegeven is None:
        gevonden = leverancier_van(zaak, ctx.register)
        if gevonden is None:
            fouten.append(Melding("leverancier-ontbreekt", "Parameters.parameter.where(name='leverancier')"))
        return gevonden
    plek = verwijzing_in(gegeven, ctx.deur.basis, "Organization")
    if not is_leverancier(ctx.register, plek):
        fouten.append(Melding("leverancier-onbekend", gegeven.hier))
    return plek


def _stukken(
    ctx: Context,
    blik: Blik,
    zaak: Zaak,
    gegeven: Gegeven,
    uitkomst: str,
    afwijkingen: tuple[Afwijking, ...],
    leverancier: str | None,
    nu: UitslagNu | None,
) -> tuple[list[Wijziging], list[str], list[tuple[str, str]]]:
    """Wat erbij ontstaat, wat daarvan in het afschrift komt, en de uitvoer van de behandeling."""
    wijzigingen: list[Wijziging] = []
    uitvoer: list[tuple[str, str]] = []
    besluit_ = gegeven.een("besluit")
    order: Json | None = None
    if _vraagt_besluit(uitkomst, nu):
        order = besluit(zaak, uitkomst, besluit_.waarde if besluit_ else None, afwijkingen)
        wijzigingen.append(nieuw(order))
        uitvoer.append(("besluit", _plek(wijzigingen[-1])))
    if leverancier is not None:
        wijzigingen.append(nieuw(opdracht(zaak, leverancier, toekenning_tot(order, zaak))))
        uitvoer.append(("opdracht", _plek(wijzigingen[-1])))
    brief_ = gegeven.een("brief")
    if brief_ is not None:
        uitvoer.append(("brief", verwijzing_in(brief_, ctx.deur.basis, "DocumentReference")))
    elif uitkomst == "afgewezen" or afwijkingen:
        stukken = brief(zaak, uitkomst, _naam(ctx, zaak), gegeven.tekst("motivering") or "", afwijkingen)
        wijzigingen += stukken
        uitvoer.append(("brief", _plek(stukken[0])))
    geschreven_ = [_plek(w) for w in wijzigingen if w.type != "Binary"]
    anders = besluit_uit_fhir(order).afwijkingen if order is not None else afwijkingen
    wijzigingen += [nieuw(b) for b in berichten(zaak, uitkomst, anders)]
    return wijzigingen, geschreven_, uitvoer


def _vraagt_besluit(uitkomst: str, nu: UitslagNu | None) -> bool:
    """Doorzetten vraagt alleen een besluit als de toets dat zegt; elke andere gunstige uitkomst is er een."""
    if uitkomst == "afgewezen":
        return False
    return nu is None or ext(nu.guidance, "besluit-nodig", "valueString") not in (None, "geen")


def _vraag_afschriften(ctx: Context, zaak: Zaak, uitkomst: str, geschreven_: list[str], opdracht_: str | None) -> None:
    steun = zaak.steun
    gegevens = [zaak.verzoek, steun.gebruik, steun.hulpmiddel, steun.toegekend.gegeven if steun.toegekend else None]
    plekken = [g.verwijzing for g in gegevens if g is not None]
    plekken += [zaak.advies.verwijzing] if zaak.advies else []
    bronnen = tuple(dict.fromkeys([zaak.houder, *plekken, *zaak.verzoek.formulieren]))
    regels = (("Uitkomst", IN_WOORDEN[uitkomst]), ("Behandeling", f"Task/{zaak.taak_id}"))
    eigen = tuple(p for p in geschreven_ if p != opdracht_)
    ctx.afschriften.append(Afschriftvraag("besloten", zaak.organisatie, bronnen, eigen, regels))
    if opdracht_ is not None:
        ctx.afschriften.append(Afschriftvraag("opgedragen", zaak.organisatie, bronnen, (opdracht_,), regels))


def _plek(w: Wijziging) -> str:
    return f"{w.type}/{w.id}"


def _naam(ctx: Context, zaak: Zaak) -> str:
    versie = ctx.register.get("Organization", zaak.organisatie)
    return str(versie.inhoud.get("name") or zaak.organisatie) if versie else zaak.organisatie
