"""`ValueSet/$expand` en `ValueSet/[id]/$expand`: de codes van een eigen waardelijst, om een keuzelijst mee te maken.

Zonder token, zoals alle definities; gaat daarom niet langs de deur. Bron: FHIR R4 valueset-operation-expand.html.
"""

from __future__ import annotations

from datetime import UTC
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.waardelijst import Begrip, Uitgeklapt, klap_uit
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.context import Deur
from server.fhir.outcome import FHIR_JSON
from server.fhir.parameters import Gegeven, lees
from server.fhir.request import FhirRequest, FhirResponse, Json
from server.fhir.search.vergelijken import vereenvoudig

DEFINITIE: Final = "ValueSet-expand"
TERUG: Final = {"filter": "valueString", "count": "valueInteger", "offset": "valueInteger",
                "activeOnly": "valueBoolean", "displayLanguage": "valueCode"}  # fmt: skip


def expand(deur: Deur, vraag: FhirRequest) -> FhirResponse:
    """De ValueSet met `expansion`. 404 als wij haar niet hebben, 422 `too-costly` als zij niet uit te klappen is."""
    gegeven = lees(vraag, DEFINITIE, zonder=("url", "valueSetVersion") if vraag.id else ())
    lijst = _lijst(deur, vraag, gegeven)
    uitgeklapt = klap_uit(lijst, deur.definities.op_url)
    begrippen = [b for b in uitgeklapt.begrippen.values() if _past(b, gegeven)]
    van, aantal = _getal(gegeven, "offset") or 0, _getal(gegeven, "count")
    bladzijde = begrippen[van:] if aantal is None else begrippen[van : van + aantal]
    taal = gegeven.tekst("displayLanguage")
    expansion: Json = {
        "identifier": f"urn:uuid:{_kenmerk(lijst, gegeven)}",
        "timestamp": deur.klok().astimezone(UTC).isoformat(timespec="seconds"),
        "total": len(begrippen),
        **({"offset": van} if aantal is not None or van else {}),
        "parameter": _parameters(gegeven, uitgeklapt),
        "contains": [_regel(b, taal) for b in bladzijde],
    }
    uit = {k: w for k, w in lijst.items() if k != "compose"}
    uit["expansion"] = {k: w for k, w in expansion.items() if w != []}
    return FhirResponse(200, schrijf(uit), {"content-type": FHIR_JSON})


def _lijst(deur: Deur, vraag: FhirRequest, gegeven: Gegeven) -> Json:
    if vraag.id is not None:
        definitie = deur.definities.get("ValueSet", vraag.id)
        gevonden = definitie.inhoud if definitie else None
    else:
        url, versie = gegeven.tekst("url"), gegeven.tekst("valueSetVersion")
        if url is None:
            raise PaspoortFout(Melding("parameter-ontbreekt", "url", {"naam": "url"}))
        gevonden = deur.definities.op_url(f"{url}|{versie}" if versie and "|" not in url else url)
    if gevonden is None or gevonden["resourceType"] != "ValueSet":
        raise PaspoortFout(Melding("niet-gevonden"))
    return gevonden


def _getal(gegeven: Gegeven, naam: str) -> int | None:
    waarde = gegeven.een(naam)
    if waarde is not None and waarde.waarde < 0:
        raise PaspoortFout(Melding("parameter-vorm", waarde.hier, {"verwacht": "0 of meer"}))
    return int(waarde.waarde) if waarde is not None else None


def _past(begrip: Begrip, gegeven: Gegeven) -> bool:
    """Of elk woord van `filter` het begin is van een woord in de tekst, of van de code."""
    if gegeven.waarde("activeOnly") and not begrip.actief:
        return False
    tekst = begrip.in_taal(gegeven.tekst("displayLanguage")) or ""
    woorden = [begrip.code.casefold(), *vereenvoudig(tekst).replace("-", " ").split()]
    gezocht = vereenvoudig(gegeven.tekst("filter") or "").split()
    return all(any(w.startswith(g) for w in woorden) for g in gezocht)


def _kenmerk(lijst: Json, gegeven: Gegeven) -> Any:
    """Gelijk voor elke bladzijde van dezelfde uitklapping."""
    vraag = [gegeven.waarde(naam) for naam in ("filter", "activeOnly", "displayLanguage")]
    return uuid5(NAMESPACE_URL, f"{lijst['url']}|{lijst.get('version')}|{vraag}")


def _parameters(gegeven: Gegeven, uitgeklapt: Uitgeklapt) -> list[Json]:
    uit: list[Json] = [{"name": n, e: w} for n, e in TERUG.items() if (w := gegeven.waarde(n)) is not None]
    uit += [{"name": "used-codesystem", "valueUri": s} for s in uitgeklapt.stelsels]
    # Het stelsel zelf is groter dan wat wij ervan hebben; de keuzelijst is dan niet af.
    return uit + ([{"name": "limitedExpansion", "valueBoolean": True}] if uitgeklapt.onvolledig else [])


def _regel(begrip: Begrip, taal: str | None) -> Json:
    uit: Json = {"system": begrip.stelsel}
    if not begrip.actief:
        uit["inactive"] = True
    if begrip.versie:
        uit["version"] = begrip.versie
    tekst = begrip.in_taal(taal)
    return uit | {"code": begrip.code} | ({"display": tekst} if tekst else {})
