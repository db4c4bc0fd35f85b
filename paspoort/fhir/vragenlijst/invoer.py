"""Een ingestuurd formulier lezen tot een QuestionnaireResponse, met alle fouten bij hun element.

De namen zijn die van `formulier.py`. Wat getypt is blijft staan, ook als het niet klopt: een onleesbaar getal staat als
tekst in de response en `controleer` wijst het aan. Een response met meldingen mag niet bewaard worden.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst.antwoorden import Bron, Gegeven, Waarde, bouw, bouw_antwoord, bron_van
from paspoort.fhir.vragenlijst.controle import antwoorden_van, controleer, items_van, waarde_van
from paspoort.fhir.vragenlijst.gelding import zonder_niet_gesteld
from paspoort.fhir.vragenlijst.lijst import Vraag, Vragenlijst
from paspoort.fouten import Melding

RIJ_WEG = "rij-weg"
MAX_RIJEN = 100  # meer rijen dan een mens invult: de rest wordt niet gelezen


def uit_formulier(vragenlijst: Vragenlijst, form: Mapping[str, Sequence[str]], vorige: Json | None = None,
                  alleen: Collection[str] | None = None) -> tuple[Json, list[Melding]]:  # fmt: skip
    """(response, meldingen) uit een formulier: naam → alle ingestuurde waarden.

    Lege velden en lege rijen vallen weg; onbekende namen tellen niet mee; `rij-weg` haalt die rij weg. Van `vorige`
    blijven de kop, de status, de delen buiten `alleen`, en de bron bij elk antwoord dat niet veranderde.
    """
    vorige = vorige or {}
    bekend = list(_gegeven_eerder(items_van(vorige), vragenlijst.vragen))
    weg = frozenset(form.get(RIJ_WEG, ()))
    vragen = [v for v in vragenlijst.vragen if alleen is None or v.sleutel in alleen]
    waarden = _waarden(vragen, form, "", weg, bekend)
    kop = {naam: waarde for naam, waarde in vorige.items() if naam not in ("item", "questionnaire", "status", "text")}
    response = bouw(vragenlijst, waarden, status=str(vorige.get("status", "in-progress")), kop=kop)
    gelezen = {vraag.link_id for vraag in vragen}
    behouden = [item for item in items_van(vorige) if isinstance(item, dict) and item.get("linkId") not in gelezen]
    volgorde = {vraag.link_id: nummer for nummer, vraag in enumerate(vragenlijst.vragen)}
    items = sorted(
        [*items_van(response), *behouden], key=lambda item: volgorde.get(str(item.get("linkId")), len(volgorde))
    )
    items = zonder_niet_gesteld(items, vragenlijst.vragen)
    response = {naam: waarde for naam, waarde in response.items() if naam != "item"} | (
        {"item": items} if items else {}
    )
    return response, controleer(response, vragenlijst)


def _waarden(vragen: Sequence[Vraag], form: Mapping[str, Sequence[str]], voor: str, weg: frozenset[str],
             bekend: list[tuple[str, Json, Bron]]) -> dict[str, Waarde]:  # fmt: skip
    """Waarden op item.code zoals `bouw` ze leest."""
    waarden: dict[str, Waarde] = {}
    for vraag in vragen:
        naam = f"{voor}{vraag.sleutel}"
        if vraag.is_groep and vraag.herhaalt:
            rijen = [n for n in _rijnummers(form, naam) if f"{naam}.{n}" not in weg]
            waarden[vraag.sleutel] = [_waarden(vraag.kinderen, form, f"{naam}.{n}.", weg, bekend) for n in rijen]
        elif vraag.is_groep:
            waarden |= _waarden(vraag.kinderen, form, voor, weg, bekend)
        else:
            ingestuurd = list(form.get(naam, ()))
            losse = ingestuurd if vraag.herhaalt else ingestuurd[:1]
            waarden[vraag.sleutel] = [_met_bron(vraag, los, bekend) for los in losse]
    return waarden


def _rijnummers(form: Mapping[str, Sequence[str]], naam: str) -> list[int]:
    """De rijnummers die in de namen voorkomen (`eis.3.eis-tekst` → 3), op volgorde."""
    nummers = {sleutel[len(naam) + 1 :].partition(".")[0] for sleutel in form if sleutel.startswith(f"{naam}.")}
    return sorted(int(n) for n in nummers if n.isascii() and n.isdigit() and len(n) < 5)[:MAX_RIJEN]


def _met_bron(vraag: Vraag, los: str, bekend: list[tuple[str, Json, Bron]]) -> Waarde:
    """De waarde, met haar bron als precies dit antwoord er al met die bron stond."""
    antwoord = bouw_antwoord(vraag, los)
    for sleutel, eerder, bron in bekend:
        if antwoord is not None and sleutel == vraag.sleutel and eerder == antwoord:
            return Gegeven(los, bron)
    return los


def _gegeven_eerder(items: list[Json], vragen: Sequence[Vraag]) -> Iterator[tuple[str, Json, Bron]]:
    """(item.code, antwoord zonder extensies, bron) van elk antwoord met een bron."""
    for item in items:
        vraag = next((v for v in vragen if isinstance(item, dict) and v.link_id == item.get("linkId")), None)
        if vraag is None:
            continue
        if vraag.is_groep:
            yield from _gegeven_eerder(items_van(item), vraag.kinderen)
        for antwoord in antwoorden_van(item):
            bron, waarde = bron_van(antwoord), waarde_van(antwoord)
            if bron and waarde:
                kaal = bouw_antwoord(vraag, str(waarde[1])) if waarde[0] == "valueDecimal" else {waarde[0]: waarde[1]}
                yield vraag.sleutel, kaal or {}, bron
