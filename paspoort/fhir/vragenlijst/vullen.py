"""Een vragenlijst vooraf invullen met wat het paspoort weet, elk antwoord met zijn bron; en tellen wat dat bespaart.

Eenmaal vragen (normenkader N2.1). Kiest tussen bronnen: bij tekst het advies, aangevuld met wat nieuwer is; anders het
nieuwste. Bewaart niets; de schrijver ziet elk antwoord en mag het veranderen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst.antwoorden import Antwoorden, Bron, Gegeven, Waarde, antwoorden, bouw, bron_van
from paspoort.fhir.vragenlijst.bron import FORMULIEREN, OVERZICHT, bestaat, namen_van, trappen, zoek
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
    kop = kop or {}
    auteur = str((kop.get("author") or {}).get("reference") or "")
    inhoud = inhoud_van(resources, auteur, str(kop.get("authored") or "")[:10])
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


def keuzes_uit(vraag: Vraag, response: Json, vragenlijst: Vragenlijst, resources: Iterable[Json]) -> tuple[str, ...]:
    """Waaruit de schrijver bij deze vraag kan kiezen: wat al in het formulier staat, en wat het paspoort weet.

    Leeg als de vraag geen extensie `keuzes-uit` heeft. Elke keuze één keer, en nooit langer dan het antwoord mag zijn.
    """
    inhoud = inhoud_van(resources)
    gevonden: list[str] = []
    for naam in (vraag.keuzes_uit or "").split("|"):
        if naam in vragenlijst.per_code:
            gevonden += _uit_formulier(antwoorden(response, vragenlijst), naam)
        elif bestaat(naam):
            gevonden += [str(g.waarde) for alternatief in zoek(naam, inhoud) for g in alternatief]
    schoon = (" ".join(tekst.split()) for tekst in gevonden)
    return tuple(dict.fromkeys(t for t in schoon if t and (not vraag.max_lengte or len(t) <= vraag.max_lengte)))


def _uit_formulier(gegeven: Antwoorden, code: str) -> list[str]:
    groepen = [v.sleutel for top in gegeven.vragen for v in top.boom() if v.is_groep and v.herhaalt]
    bakken = [gegeven, *(rij for groep in groepen for rij in gegeven.groepen(groep))]
    return [regel for bak in bakken for regel in (bak.tekst(code) or "").split("\n") if regel]


def al_bekend(vraag: Vraag, resources: Iterable[Json] | Inhoud) -> tuple[Waarde, ...]:
    """Wat de resources zelf op deze vraag zeggen, zonder eerdere formulieren; bij één antwoord alleen het nieuwste."""
    if not vraag.bron:
        return ()
    inhoud = resources if isinstance(resources, Inhoud) else inhoud_van(resources)
    namen = [naam for naam in namen_van(vraag.bron) if naam.partition(":")[0] not in FORMULIEREN]
    per_bron = [[g for g in alt if _zinvol(g.waarde)] for naam in namen for alt in zoek(naam, inhoud)]
    gevonden = [g for alt in per_bron for g in (alt if vraag.herhaalt else alt[:1])]
    return tuple(_als_tekst(vraag, g.waarde) for g in gevonden)


def onbekende_bronnen(vragenlijst: Vragenlijst) -> list[Melding]:
    """Een melding per vraag met een `bron-in-paspoort` die wij niet kennen; eigen vragenlijsten hebben er geen."""
    return [
        Melding("vragenlijst-kapot", f"Questionnaire.item.where(linkId='{v.link_id}')", {"waarom": f"bron {v.bron}"})
        for top in vragenlijst.vragen
        for v in top.boom()
        if v.bron and not all(bestaat(naam) for naam in namen_van(v.bron))
    ]


def bespaarvragen(vragenlijst: Vragenlijst) -> tuple[Bespaarvraag, ...]:
    """De verplichte vragen met een bron in het paspoort; van `onderzoek` zijn dat er 31."""
    vragen = (v for top in vragenlijst.vragen for v in top.boom())
    return tuple(Bespaarvraag(v.sleutel, v.groep or "", v.bron, v.tekst) for v in vragen if v.nodig and v.bron)


def bespaard(vragenlijst: Vragenlijst, resources: Iterable[Json]) -> tuple[str, ...]:
    """De codes van de verplichte vragen die het paspoort beantwoordt."""
    inhoud = inhoud_van(resources)
    return tuple(vraag.code for vraag in bespaarvragen(vragenlijst) if beantwoordt(vraag.bron, inhoud))


def _past(vraag: Vraag, gegeven: Gegeven) -> bool:
    """Of dit gegeven iets zegt, in de vorm die deze vraag heeft: een groep krijgt rijen, een vraag een waarde."""
    rij = isinstance(gegeven.waarde, Mapping)
    return _zinvol(gegeven.waarde) and rij is vraag.is_groep


def _zinvol(waarde: Any) -> bool:
    return waarde is not None and waarde != "" and waarde != {}


def _gevuld(vraag: Vraag, inhoud: Inhoud) -> Waarde:
    """Wat er bij deze vraag komt te staan, in de vorm die `bouw` leest; leeg als het paspoort het niet weet."""
    for trap in trappen(vraag.bron) if vraag.bron else ():
        gevonden = [(naam, tuple(g for g in alt if _past(vraag, g))) for naam in trap for alt in zoek(naam, inhoud)]
        gevuld = [(naam, alt) for naam, alt in gevonden if alt]
        if gevuld:
            return _gekozen(vraag, gevuld, inhoud)
    return None


def _gekozen(vraag: Vraag, gevuld: list[tuple[str, tuple[Gegeven, ...]]], inhoud: Inhoud) -> Waarde:
    alle = [gegeven for _, alternatief in gevuld for gegeven in alternatief]
    if vraag.is_groep:
        codes = {kind.sleutel for kind in vraag.kinderen}
        rijen = [{c: Gegeven(w, rij.bron) for c, w in rij.waarde.items() if c in codes} for rij in alle]
        if len(gevuld) == 1:
            return rijen
        per_begin = {_begin(vraag, rij): rij for rij in reversed(rijen)}  # wat vooraan staat wint
        return list(reversed(per_begin.values()))
    if vraag.herhaalt:
        uniek = {_als_tekst(vraag, gegeven.waarde): gegeven for gegeven in reversed(alle)}
        return [Gegeven(waarde, gegeven.bron) for waarde, gegeven in reversed(uniek.items())]
    if vraag.type == "text":
        return _samen(vraag, gevuld)
    eersten = [alternatief[0] for _, alternatief in gevuld]
    return max(eersten, key=lambda g: (g.bron.verwijzing not in inhoud.eigen_woord, g.bron.wanneer or ""))


def _begin(vraag: Vraag, rij: Mapping[str, Gegeven]) -> str:
    """Waar een rij aan te herkennen is: het antwoord op de eerste vraag van de groep."""
    eerste = next((rij[kind.sleutel] for kind in vraag.kinderen if kind.sleutel in rij), None)
    waarde = eerste.waarde if eerste else ""
    return str(waarde.get("code") if isinstance(waarde, Mapping) else waarde)


def _samen(vraag: Vraag, gevuld: list[tuple[str, tuple[Gegeven, ...]]]) -> Gegeven:
    """Alle bronnen onder elkaar, elke regel één keer; na een advies of verzoek alleen wat later is.

    De jongste is de bron.
    """
    naam, basis = gevuld[0]
    later = [g for _, alternatief in gevuld[1:] for g in alternatief]
    if naam.partition(":")[0] in OVERZICHT:
        grens = max(g.bron.wanneer or "" for g in basis)
        later = [g for g in later if (g.bron.wanneer or "") > grens]
    samen = [*basis, *later]
    bron = max(samen, key=lambda g: g.bron.wanneer or "").bron
    return Gegeven(_als_tekst(vraag, "\n".join(dict.fromkeys(str(g.waarde) for g in samen))), bron)


def _als_tekst(vraag: Vraag, waarde: Any) -> Any:
    if isinstance(waarde, str) and vraag.max_lengte and len(waarde) > vraag.max_lengte:
        return waarde[: vraag.max_lengte - 1] + "…"
    return waarde


def _zonder_wat_niet_past(response: Json, vragenlijst: Vragenlijst) -> Json:
    """Laat antwoorden weg die onze eigen controle afkeurt: een overgenomen meting van 1,7 cm vult niets voor."""
    fout = {m.plek for m in controleer(response, vragenlijst) if m.plek}
    if not fout:
        return response
    items = _schoon(items_van(response), "QuestionnaireResponse", fout, vragenlijst)
    return {naam: waarde for naam, waarde in response.items() if naam != "item"} | ({"item": items} if items else {})


def _schoon(items: list[Any], plek: str, fout: set[str], lijst: Vragenlijst) -> list[Json]:
    uit: list[Json] = []
    for nummer, item in enumerate(items):
        hier = f"{plek}.item[{nummer}]"
        if any(f == hier for f in fout):
            continue
        if "item" in item:
            kinderen = _schoon(item["item"], hier, fout, lijst)
            # een rij zonder haar eerste antwoord (een code die wij niet kennen) zegt niets meer
            heel = not lijst.per_link[item["linkId"]].herhaalt or kinderen[:1] == item["item"][:1]
            uit += [item | {"item": kinderen}] if kinderen and heel else []
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
