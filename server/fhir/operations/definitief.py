"""`QuestionnaireResponse/[id]/$definitief`: een concept-advies wordt een document dat niet meer verandert.

Alleen de schrijver. Volledig en onderbouwd (adviescheck), met de eigen reactie van de houder als deel drie, en met een
zegel over precies de bytes die iedereen daarna leest. Een nieuw inzicht is een nieuw advies (extensie `vervangt`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

from paspoort.fhir.advies import is_advies, is_lijst, lijst_van
from paspoort.fhir.stelsels import ITEM_AUTEUR
from paspoort.fhir.voorstellen import voorstellen
from paspoort.fhir.vragenlijst import Vragenlijst, adviescheck, antwoorden, bouw, controleer, eigen, regels_van
from paspoort.fhir.vragenlijst.controle import items_van
from paspoort.fhir.waarden import ext, verwijzing
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.adviesoordeel import in_zicht
from server.fhir.antwoorden import geschreven, niet_gevonden
from server.fhir.context import HOUDERS, Blik, Context
from server.fhir.inhoud import controleer_inhoud
from server.fhir.parameters import lees
from server.fhir.regels import auteur_van
from server.fhir.request import FhirResponse, Json
from server.fhir.rules.advies import is_definitief
from server.fhir.toetsing import hertoets, vooruit
from server.fhir.zegel import verzegel
from server.store.sealkey import zegelsleutel
from server.store.versions import Momentopname, Versie, Wijziging

DEFINITIE: Final = "QuestionnaireResponse-definitief"
REACTIE: Final = ("reactie-houder", "reactie-naasten", "akkoord", "vervolg-betrokken", "contact-auteur")
NIVEAU: Final = {"persoon": "ingelogde persoon", "app": "systeem van de organisatie", "dienst": "bediening"}


async def definitief(ctx: Context) -> FhirResponse:
    """Het definitieve advies. 404 buiten zicht, 422 met alles wat er nog aan ontbreekt.

    403 als u het niet schreef, of alleen met een aanleiding meekijkt.
    """
    lees(ctx.vraag, DEFINITIE)
    id_ = ctx.vraag.id or ""
    blik = await ctx.plaats("QuestionnaireResponse", id_)
    versie = blik.momentopname.get("QuestionnaireResponse", id_) if blik else None
    getoond = ctx.toon(blik, versie) if blik and versie and not versie.verwijderd else None
    if blik is None or versie is None or getoond is None:
        raise niet_gevonden()
    m = blik.momentopname
    van_haar = blik.zicht.schreef(versie.auteur) or blik.zicht.geheel
    if ctx.actor.rol in HOUDERS or not van_haar or getoond.meekijken:
        raise PaspoortFout(Melding("niet-van-u"))
    if not is_advies(versie.inhoud):
        raise PaspoortFout(Melding("geen-advies", "QuestionnaireResponse.questionnaire"))
    if versie.inhoud.get("status") != "in-progress":
        raise PaspoortFout(Melding("advies-geen-concept", "QuestionnaireResponse.status"))
    klaar = _klaar(ctx, m, versie)
    await _controleer(ctx, m, klaar)
    advies = Wijziging("QuestionnaireResponse", id_, klaar)
    gevolg = [advies, *_voorstellen(ctx, blik, {**klaar, "id": id_})]
    na_advies = vooruit(m, gevolg, "bron")
    sleutel = await zegelsleutel(ctx.opslag)
    moment = ctx.nu.isoformat(timespec="seconds")

    def zegel(versies: Sequence[Versie]) -> list[Wijziging]:
        nieuw = next(v for v in versies if (v.type, v.id) == (advies.type, advies.id))
        plek = f"{nieuw.type}/{nieuw.id}/_history/{nieuw.versie}"
        namens = f"Organization/{ctx.actor.organisatie}" if ctx.actor.organisatie else None
        niveau = NIVEAU[ctx.actor.soort]
        bron = verzegel(nieuw.tekst, plek, ctx.deur.basis, auteur_van(ctx.actor), namens, niveau, moment, sleutel)
        return [Wijziging("Provenance", str(uuid4()), bron, herkomst="bron")]

    na, versies = await ctx.leg_vast(blik, [*gevolg, *hertoets(na_advies, ctx.register, ctx.nu)], zegel)
    nieuw = next(v for v in versies if (v.type, v.id) == (advies.type, advies.id))
    return geschreven(ctx, 200, nieuw, na.zicht.toon(nieuw), na.zicht)


def _klaar(ctx: Context, m: Momentopname, versie: Versie) -> Json:
    """Het advies met status completed en met de reactie van de houder als deel drie."""
    inhoud = {**versie.inhoud, "status": "completed", "authored": ctx.nu.isoformat(timespec="seconds")}
    return met_reactie(inhoud, reactie_van(m, versie.id))


def reactie_van(m: Momentopname, advies_id: str) -> Versie | None:
    """De nieuwste reactie die de houder zelf op dit concept gaf."""
    plek = f"QuestionnaireResponse/{advies_id}"
    gevonden = [
        v
        for v in m.van_type("QuestionnaireResponse")
        if is_lijst(v.inhoud, "reactie-advies")
        and v.inhoud.get("status") in ("completed", "amended")
        and v.auteur == f"Patient/{m.partitie}"
        and verwijzing(ext(v.inhoud, "bij", "valueReference")) == plek
    ]
    return gevonden[-1] if gevonden else None


def met_reactie(advies: Json, reactie: Versie | None) -> Json:
    """Deel drie komt van de houder, met de houder als schrijver; wat de adviseur daar zette, vervalt altijd."""
    lijst: Vragenlijst = lijst_van(advies)
    link = lijst.per_code["deel-reactie"].link_id
    rest = [i for i in items_van(advies) if i.get("linkId") != link]
    if reactie is None:
        return {**advies, "item": rest}
    gegeven = antwoorden(reactie.inhoud, eigen("reactie-advies"))
    waarden = {code: w for code in REACTIE if (w := gegeven.een(code)) is not None}
    deel = bouw(lijst, waarden).get("item", [])
    wie = verwijzing(reactie.inhoud.get("author")) or reactie.auteur
    schrijver = {"url": ITEM_AUTEUR, "valueReference": {"reference": wie}}
    eigen_deel: list[Any] = [{**d, "extension": [schrijver]} for d in deel]
    volgorde = [v.link_id for v in lijst.vragen]
    samen = sorted([*rest, *eigen_deel], key=lambda i: volgorde.index(i["linkId"]) if i["linkId"] in volgorde else 99)
    return {**advies, "item": samen}


def _voorstellen(ctx: Context, blik: Blik, klaar: Json) -> list[Wijziging]:
    """Wat het advies aan het paspoort voorstelt; de houder beslist erover. Een ander zijn werk blijft zoals het is.

    Vergeleken met wat de schrijver ziet en zelf schreef: anders zegt een voorstel dat ontbreekt, wat er verborgen is.
    Wat de houder zo dubbel krijgt, staat bij haar als *dit staat er al*.
    """
    m = blik.momentopname
    definitie = ctx.deur.definities.op_url(str(klaar.get("questionnaire"))) or {}
    schrijver = auteur_van(ctx.actor)
    bestaand = [
        {**inhoud, "id": v.id}
        for v in m.alle()
        if (inhoud := v.inhoud if v.auteur == schrijver else _gezien(blik, v)) is not None
    ]
    auteurs = {(v.type, v.id): v.auteur for v in m.alle()}

    def van_mij(resource: Json) -> bool:
        return auteurs.get((str(resource["resourceType"]), str(resource["id"]))) == schrijver

    uit = voorstellen(klaar, regels_van(definitie), lijst_van(klaar), bestaand, van_mij)
    zet = [Wijziging(str(r["resourceType"]), id_ or str(uuid4()), r) for id_, r in uit.zet]
    return [*zet, *(Wijziging(type_, id_, None) for type_, id_ in uit.weg)]


def _gezien(blik: Blik, versie: Versie) -> Json | None:
    getoond = blik.zicht.toon(versie)
    return None if getoond is None else getoond.inhoud


async def _controleer(ctx: Context, m: Momentopname, klaar: Json) -> None:
    """Alles samen: vorm, wat nodig is, de adviescheck, en of wat vervangen wordt een definitief advies is.

    De check kent alleen wat de schrijver ziet: anders zegt een fout welke diagnose er verborgen is.
    """
    meldingen = controleer_inhoud(ctx.deur.validator, "QuestionnaireResponse", klaar, "QuestionnaireResponse")
    meldingen += controleer(klaar, lijst_van(klaar))
    meldingen += adviescheck(klaar, await in_zicht(ctx, klaar), ctx.nu.date())
    vervangt = verwijzing(ext(klaar, "vervangt", "valueReference"))
    if vervangt is not None:
        ander = m.get("QuestionnaireResponse", vervangt.removeprefix("QuestionnaireResponse/"))
        if ander is None or ander.verwijderd or not is_definitief(ander.inhoud):
            meldingen.append(Melding("advies-vervangt", "QuestionnaireResponse.extension"))
    fouten = {(x.code, x.plek): x for x in meldingen if x.ernst == "error"}
    if fouten:
        raise PaspoortFout(*fouten.values())
    gezien = {(x.code, x.plek): x for x in meldingen}
    ctx.waarschuwingen += gezien.values()
