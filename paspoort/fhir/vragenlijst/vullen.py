"""Een vragenlijst vooraf invullen met wat het paspoort weet, elk antwoord met zijn bron; en tellen wat dat bespaart.

Eenmaal vragen (normenkader N2.1). Kiest tussen bronnen: bij tekst het advies, aangevuld met wat nieuwer is; anders het
nieuwste. Bewaart niets; de schrijver ziet elk antwoord en mag het veranderen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst.antwoorden import Bron, Gegeven, Waarde, bouw, bron_van
from paspoort.fhir.vragenlijst.bron import FORMULIEREN, bestaat, zoek
from paspoort.fhir.vragenlijst.controle import antwoorden_van, controleer, items_van
from paspoort.fhir.vragenlijst.inhoud import Inhoud, inhoud_van
from paspoort.fhir.vragenlijst.lijst import Vraag, Vragenlijst
from paspoort.fouten import Melding


@dataclass(frozen=True, slots=True)
class Bespaarvraag:
    """Een verplichte vraag die het paspoort kan beantwoorden: item.code, gegevensgroep, bron en de tekst."""

    code: str
    groep: str
    bron: str
    tekst: str


def vul_voor(vragenlijst: Vragenlijst, resources: Iterable[Json], vooraf: Mapping[str, Waarde] | None = None,
             kop: Json | None = None) -> tuple[Json, dict[str, Bron]]:  # fmt: skip
    """(concept-response, bronnen per veldnaam) uit de resources van één paspoort.

    `vooraf` zijn waarden die al vaststaan (de naam van de schrijver) en gaan voor; `kop` zijn velden als subject en
    author. Veldnamen zijn die van het formulier: `prognose`, `diagnose.0`, `eis.1.eis-tekst`. Het concept komt door
    `controleer`.
    """
    inhoud = inhoud_van(resources)
    bekend = {v.sleutel: w for top in vragenlijst.vragen for v in top.boom() if (w := _gevuld(v, inhoud))}
    response = bouw(vragenlijst, bekend | dict(vooraf or {}), kop=kop)
    response = _zonder_wat_niet_past(response, vragenlijst)
    return response, bronnen_van(response, vragenlijst)


def bronnen_van(response: Json, vragenlijst: Vragenlijst) -> dict[str, Bron]:
    """De bronnen die bij de antwoorden staan, per veldnaam van het formulier."""
    gevonden: dict[str, Bron] = {}
    _bronnen(items_van(response), vragenlijst.vragen, "", gevonden)
    return gevonden


def beantwoordt(bron: str, resources: Iterable[Json] | Inhoud) -> bool:
    """Of het paspoort een vraag met deze `bron-in-paspoort` beantwoordt."""
    inhoud = resources if isinstance(resources, Inhoud) else inhoud_van(resources)
    return any(_zinvol(gegeven.waarde) for alternatief in zoek(bron, inhoud) for gegeven in alternatief)


def al_bekend(vraag: Vraag, resources: Iterable[Json] | Inhoud) -> tuple[Waarde, ...]:
    """Wat de resources zelf op deze vraag zeggen, zonder eerdere formulieren; bij één antwoord alleen het nieuwste."""
    if not vraag.bron:
        return ()
    inhoud = resources if isinstance(resources, Inhoud) else inhoud_van(resources)
    namen = [naam for naam in vraag.bron.split("|") if naam.partition(":")[0] not in FORMULIEREN]
    per_bron = [[g for g in alt if _zinvol(g.waarde)] for naam in namen for alt in zoek(naam, inhoud)]
    gevonden = [g for alt in per_bron for g in (alt if vraag.herhaalt else alt[:1])]
    return tuple(_als_tekst(vraag, g.waarde) for g in gevonden)


def onbekende_bronnen(vragenlijst: Vragenlijst) -> list[Melding]:
    """Een melding per vraag met een `bron-in-paspoort` die wij niet kennen; eigen vragenlijsten hebben er geen."""
    return [
        Melding("vragenlijst-kapot", f"Questionnaire.item.where(linkId='{v.link_id}')", {"waarom": f"bron {v.bron}"})
        for top in vragenlijst.vragen
        for v in top.boom()
        if v.bron and not all(bestaat(naam) for naam in v.bron.split("|"))
    ]


def bespaarvragen(vragenlijst: Vragenlijst) -> tuple[Bespaarvraag, ...]:
    """De verplichte vragen met een bron in het paspoort; van `onderzoek` zijn dat er 31."""
    vragen = (v for top in vragenlijst.vragen for v in top.boom())
    return tuple(Bespaarvraag(v.sleutel, v.groep or "", v.bron, v.tekst) for v in vragen if v.nodig and v.bron)


def bespaard(vragenlijst: Vragenlijst, resources: Iterable[Json]) -> tuple[str, ...]:
    """De codes van de verplichte vragen die het paspoort beantwoordt."""
    inhoud = inhoud_van(resources)
    return tuple(vraag.code for vraag in bespaarvragen(vragenlijst) if beantwoordt(vraag.bron, inhoud))


def _zinvol(waarde: Any) -> bool:
    return waarde is not None and waarde != "" and waarde != {}


def _gevuld(vraag: Vraag, inhoud: Inhoud) -> Waarde:
    """Wat er bij deze vraag komt te staan, in de vorm die `bouw` leest; leeg als het paspoort het niet weet."""
    if not vraag.bron:
        return None
    alternatieven = [tuple(g for g in alt if _zinvol(g.waarde)) for alt in zoek(vraag.bron, inhoud)]
    gevuld = [alternatief for alternatief in alternatieven if alternatief]
    if not gevuld:
        return None
    if vraag.is_groep:
        codes = {kind.sleutel for kind in vraag.kinderen}
        rijen = [rij for rij in gevuld[0] if isinstance(rij.waarde, Mapping)]
        return [{c: Gegeven(w, rij.bron) for c, w in rij.waarde.items() if c in codes} for rij in rijen]
    gevuld = [los for alt in gevuld if (los := tuple(g for g in alt if not isinstance(g.waarde, Mapping)))]
    if not gevuld:
        return None
    if vraag.herhaalt:
        uniek = {_als_tekst(vraag, gegeven.waarde): gegeven for gegeven in reversed(gevuld[0])}
        return [Gegeven(waarde, gegeven.bron) for waarde, gegeven in reversed(uniek.items())]
    if vraag.type == "text":
        return _samen(vraag, gevuld)
    return max((alternatief[0] for alternatief in gevuld), key=lambda g: g.bron.wanneer or "")


def _samen(vraag: Vraag, gevuld: list[tuple[Gegeven, ...]]) -> Gegeven:
    """De eerste bron in tekst, met daaronder wat latere bronnen daarna nog zeiden; de jongste is de bron."""
    basis = gevuld[0]
    grens = max(g.bron.wanneer or "" for g in basis)
    later = [g for alternatief in gevuld[1:] for g in alternatief if (g.bron.wanneer or "") > grens]
    bron = max([*basis, *later], key=lambda g: g.bron.wanneer or "").bron
    return Gegeven(_als_tekst(vraag, "\n".join(str(g.waarde) for g in (*basis, *later))), bron)


def _als_tekst(vraag: Vraag, waarde: Any) -> Any:
    if isinstance(waarde, str) and vraag.max_lengte and len(waarde) > vraag.max_lengte:
        return waarde[: vraag.max_lengte - 1] + "…"
    return waarde


def _zonder_wat_niet_past(response: Json, vragenlijst: Vragenlijst) -> Json:
    """Laat antwoorden weg die onze eigen controle afkeurt: een overgenomen meting van 1,7 cm vult niets voor."""
    fout = {m.plek for m in controleer(response, vragenlijst) if m.plek}
    if not fout:
        return response
    items = _schoon(items_van(response), "QuestionnaireResponse", fout)
    return {naam: waarde for naam, waarde in response.items() if naam != "item"} | ({"item": items} if items else {})


def _schoon(items: list[Any], plek: str, fout: set[str]) -> list[Json]:
    uit: list[Json] = []
    for nummer, item in enumerate(items):
        hier = f"{plek}.item[{nummer}]"
        if any(f == hier for f in fout):
            continue
        if "item" in item:
            kinderen = _schoon(item["item"], hier, fout)
            uit += [item | {"item": kinderen}] if kinderen else []
            continue
        goed = [a for i, a in enumerate(item["answer"]) if not any(f.startswith(f"{hier}.answer[{i}]") for f in fout)]
        uit += [item | {"answer": goed}] if goed else []
    return uit


def _bronnen(items: list[Any], vragen: tuple[Vraag, ...], voor: str, gevonden: dict[str, Bron]) -> None:
    for vraag in vragen:
        rij = 0
        for item in items:
            if not isinstance(item, dict) or item.get("linkId") != vraag.link_id:
                continue
            if vraag.is_groep:
                _bronnen(
                    items_van(item),
                    vraag.kinderen,
                    f"{voor}{vraag.sleutel}.{rij}." if vraag.herhaalt else voor,
                    gevonden,
                )
                rij += 1
                continue
            for nummer, antwoord in enumerate(antwoorden_van(item)):
                bron = bron_van(antwoord)
                if bron:
                    gevonden[f"{voor}{vraag.sleutel}.{nummer}" if vraag.herhaalt else f"{voor}{vraag.sleutel}"] = bron
