"""Van een definitief advies naar voorstellen voor het paspoort: nieuw, bijgewerkt, of niet meer van toepassing.

Een voorstel hoort bij (advies, item.code, het hoeveelste antwoord), ook over de versies van een advies heen. Wat het
paspoort al weet, wat is overgenomen en wat is afgewezen komt niet terug; wat een ander schreef blijft zoals het is.
Nog eens uitrekenen geeft hetzelfde. Zuiver; bewaren doet `$definitief`. Besluit 0041.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.hulpmiddel import hulpmiddel_uit_fhir
from paspoort.fhir.voorstel import Voorstel, als_voorstel, telt_niet, voorstel_van
from paspoort.fhir.vragenlijst import Vragenlijst, al_bekend, antwoorden
from paspoort.fhir.vragenlijst.extractie import Regel, Rij, Uitgehaald, kern_van, uitgehaald
from paspoort.fhir.vragenlijst.inhoud import Inhoud, inhoud_van
from paspoort.fhir.waarden import objecten, tekst, verwijzing, verwijzingen

KOPPELT: Final = "eis-categorie"  # de vraag waaruit volgt welk gebruik op het advies rust
# Wie, wanneer en hoe vast: dat zegt niet of twee voorstellen hetzelfde zijn.
KOP: Final = frozenset({
    "resourceType", "id", "meta", "text", "extension", "subject", "status", "verificationStatus", "lifecycleStatus",
    "clinicalStatus", "category", "recordedDate", "recorder", "asserter", "effectiveDateTime", "performer", "startDate",
    "expressedBy", "derivedFrom",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Uitkomst:
    """Wat er te bewaren is: (id van een open voorstel of None voor een nieuw, inhoud), en wat weg kan (`Type`, id)."""

    zet: tuple[tuple[str | None, Json], ...] = ()
    weg: tuple[tuple[str, str], ...] = ()


def voorstellen(
    advies: Json,
    regels: Mapping[str, Regel],
    lijst: Vragenlijst,
    paspoort: Sequence[Json],
    van_mij: Callable[[Json], bool],
) -> Uitkomst:
    """De voorstellen bij dit advies (met `id`), tegenover wat de schrijver in het paspoort ziet.

    Wat zij niet ziet, hoort niet in `paspoort`: een voorstel dat ontbreekt, zou zeggen dat het er al staat.
    `van_mij` zegt of de schrijver van dit advies ook de resource schreef: alleen die werkt hij bij of haalt hij weg.
    """
    plek = f"QuestionnaireResponse/{advies['id']}"
    keten = _keten(advies, paspoort) | {plek}
    al = [(r, v) for r in paspoort if (v := voorstel_van(r)) is not None and v.advies in keten]
    open_ = [(r, v) for r, v in al if v.stand == "open" and van_mij(r)]
    gebruikt: set[int] = set()
    zet: list[tuple[str | None, Json]] = []
    te_doen: list[tuple[Json, Voorstel]] = []
    for nieuw in _uniek(_nieuw(advies, regels, lijst, paspoort, plek, keten)):
        hoort = _zelfde(nieuw)
        gelijk = [(n, r, v) for n, (r, v) in enumerate(al) if _zelfde(r) == hoort]
        if not gelijk:
            te_doen.append((nieuw, _voorstel(nieuw)))
            continue
        for n, oud, v in gelijk:
            gebruikt.add(n)
            if v.stand == "open" and van_mij(oud) and v != _voorstel(nieuw):
                zet.append((str(oud["id"]), nieuw))
    vrij = {(v.vraag, v.nummer): r for r, v in open_ if v.bij is None and not _is_gebruikt(r, al, gebruikt)}
    opgevuld: set[str] = set()
    for nieuw, v in te_doen:
        oud_ = vrij.pop((v.vraag, v.nummer), None)
        if oud_ is not None and oud_["resourceType"] == nieuw["resourceType"]:
            opgevuld.add(str(oud_["id"]))
            zet.append((str(oud_["id"]), nieuw))
        else:
            zet.append((None, nieuw))
    over = [r for r, _ in open_ if not _is_gebruikt(r, al, gebruikt) and str(r["id"]) not in opgevuld]
    return Uitkomst(tuple(zet), tuple((str(r["resourceType"]), str(r["id"])) for r in over))


def al_vastgelegd(
    advies: Json, regels: Mapping[str, Regel], lijst: Vragenlijst, paspoort: Sequence[Json]
) -> frozenset[tuple[str, int]]:
    """(vraag, nummer) van elk antwoord van dit advies dat al een feit is; met het paspoort van wie beslist."""
    inhoud = inhoud_van([r for r in paspoort if not telt_niet(r)])
    alle = uitgehaald(advies, regels)
    return frozenset((lijst.per_link[u.link].sleutel, u.nummer) for u in alle if _bekend(u, regels, lijst, inhoud))


def _nieuw(
    advies: Json,
    regels: Mapping[str, Regel],
    lijst: Vragenlijst,
    paspoort: Sequence[Json],
    plek: str,
    keten: frozenset[str],
) -> Iterator[Json]:
    """Elk antwoord dat een voorstel is, en elke koppeling met een gebruik."""
    feiten = [r for r in paspoort if not telt_niet(r)]
    inhoud = inhoud_van(feiten)
    for gevonden in uitgehaald(advies, regels):
        if not _bekend(gevonden, regels, lijst, inhoud):
            vraag = lijst.per_link[gevonden.link]
            yield als_voorstel(gevonden.resource, plek, vraag.sleutel, gevonden.nummer)
    yield from _koppelingen(advies, lijst, feiten, plek, keten)


def _koppelingen(
    advies: Json, lijst: Vragenlijst, feiten: Sequence[Json], plek: str, keten: frozenset[str]
) -> Iterator[Json]:
    """Per lopend gebruik van een categorie waar een eis over gaat: dit gebruik rust op dit advies."""
    eisen = antwoorden(advies, lijst).groepen("eis") if "eis" in lijst.per_code else ()
    nummers: dict[str, int] = {}
    for nummer, rij in enumerate(eisen, start=1):
        if (categorie := tekst(rij.een(KOPPELT))) is not None:
            nummers.setdefault(categorie, nummer)
    soort = {f"Device/{r.get('id')}": hulpmiddel_uit_fhir(r).categorie for r in _van(feiten, "Device")}
    for gebruik in sorted(_van(feiten, "DeviceUseStatement"), key=lambda r: str(r.get("id"))):
        gevonden = nummers.get(soort.get(verwijzing(gebruik.get("device")) or "") or "")
        rust_al = keten & set(verwijzingen(gebruik.get("derivedFrom")))
        if gevonden is None or gebruik.get("status") != "active" or rust_al:
            continue
        koppeling: Json = {
            "resourceType": "DeviceUseStatement",
            "subject": gebruik["subject"],
            "derivedFrom": [{"reference": plek}],
            "device": gebruik["device"],
        }
        yield als_voorstel(koppeling, plek, KOPPELT, gevonden, f"DeviceUseStatement/{gebruik.get('id')}")


def _bekend(gevonden: Uitgehaald, regels: Mapping[str, Regel], lijst: Vragenlijst, inhoud: Inhoud) -> bool:
    regel = regels[gevonden.link]
    if isinstance(regel, Rij):
        return _rij_bekend(regel, gevonden, inhoud)
    return gevonden.kern in {kern_van(w) for w in al_bekend(lijst.per_link[gevonden.link], inhoud)}


def _rij_bekend(regel: Rij, gevonden: Uitgehaald, inhoud: Inhoud) -> bool:
    """Of het nieuwste feit over hetzelfde (het eerste deel van de rij) alles zegt wat deze rij zegt."""
    begin = regel.delen[0][1]
    over = [r for r in inhoud.van(regel.type) if _op_pad(r, begin) == _op_pad(gevonden.resource, begin)]
    nieuwste = max(over, key=lambda r: str(r.get("effectiveDateTime") or ""), default=None)
    return nieuwste is not None and all(
        _op_pad(nieuwste, pad) == _op_pad(gevonden.resource, pad)
        for _, pad in regel.delen
        if _op_pad(gevonden.resource, pad)
    )


def _keten(advies: Json, paspoort: Sequence[Json]) -> frozenset[str]:
    """De adviezen die dit advies vervangt, en wat die vervingen."""
    vorige = {
        f"QuestionnaireResponse/{r.get('id')}": _vervangt(r) for r in [*_van(paspoort, "QuestionnaireResponse"), advies]
    }
    uit: set[str] = set()
    hier = _vervangt(advies)
    while hier is not None and hier not in uit:
        uit.add(hier)
        hier = vorige.get(hier)
    return frozenset(uit)


def _vervangt(response: Json) -> str | None:
    vervangt = (e for e in objecten(response.get("extension")) if str(e.get("url")).endswith("/vervangt"))
    return next((verwijzing(e.get("valueReference")) for e in vervangt), None)


def _uniek(nieuw: Iterable[Json]) -> list[Json]:
    per: dict[str, Json] = {}
    for resource in nieuw:
        per.setdefault(_zelfde(resource), resource)
    return list(per.values())


def _zelfde(resource: Json) -> str:
    """Waar een voorstel aan te herkennen is: de vraag, en wat er staat of welk gebruik het koppelt."""
    v = _voorstel(resource)
    wat: Any = v.bij or _kaal({k: w for k, w in resource.items() if k not in KOP})
    return json.dumps([resource["resourceType"], v.vraag, wat], sort_keys=True)


def _kaal(waarde: Any) -> Any:
    """Dezelfde waarde, met elk getal los van zijn nullen."""
    if isinstance(waarde, dict):
        return {naam: _kaal(w) for naam, w in waarde.items()}
    if isinstance(waarde, list):
        return [_kaal(w) for w in waarde]
    is_getal = isinstance(waarde, int | Decimal) and not isinstance(waarde, bool)
    return str(Decimal(waarde).normalize()) if is_getal else waarde


def _voorstel(resource: Json) -> Voorstel:
    gevonden = voorstel_van(resource)
    assert gevonden is not None  # alleen aangeroepen met wat de extensie draagt
    return gevonden


def _is_gebruikt(resource: Json, al: Sequence[tuple[Json, Voorstel]], gebruikt: set[int]) -> bool:
    return any(al[n][0] is resource for n in gebruikt)


def _op_pad(resource: Json, pad: Sequence[str]) -> tuple[str, ...]:
    """De waarden op dit pad, los van hun schrijfwijze."""
    waarden: list[Any] = [resource]
    for stap in pad:
        volgende = [w.get(stap) for w in waarden if isinstance(w, dict)]
        waarden = [d for w in volgende for d in (w if isinstance(w, list) else [w]) if d is not None]
    return tuple(sorted(kern_van(w) for w in waarden))


def _van(resources: Sequence[Json], type_: str) -> list[Json]:
    return [r for r in resources if r.get("resourceType") == type_]
