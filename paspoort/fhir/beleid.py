"""Het beleid van een verstrekker ⇄ de extensie `beleid` op zijn Organization in het register (herhaaltoets.md).

Leest streng: een onbekende naam of waarde is een fout, want stil iets anders toepassen zou de uitkomst veranderen.
Iedereen mag het beleid lezen; er staat niets persoonlijks in.
"""

from __future__ import annotations

import base64
import binascii
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from paspoort.fhir.fhirjson import Json, lees, schrijf
from paspoort.fhir.stelsels import extension
from paspoort.fhir.waarden import als_object, ext
from paspoort.fouten import Melding, PaspoortFout
from paspoort.gegeven import Herkomst
from paspoort.herhaaltoets.beleid import MINIMALE_HERKOMST, AdviesVereist, Beleid, Doorzetten

PLEK: Final = "Organization.extension('beleid')"
NAMEN: Final = frozenset({
    "overgenomen", "advies_vereist", "huur_vervangen_bij_verandering", "doorzetten", "minimale_herkomst",
    "advies_maximaal_jaren", "prijsafspraak", "verkorte_termijnen",
})  # fmt: skip


def beleid_van(organisatie: Json, verstrekker: str) -> Beleid:
    """Het beleid van deze Organization (`Organization/id`); de standaard als er geen staat.

    PaspoortFout `beleid-kapot` als het er staat maar niet klopt.
    """
    bijlage = ext(organisatie, "beleid", "valueAttachment")
    if bijlage is None:
        return Beleid(verstrekker=verstrekker)
    try:
        gegeven = lees(base64.b64decode(str(als_object(bijlage).get("data")), validate=True))
        return _uit_json(gegeven, verstrekker)
    except (binascii.Error, ValueError, TypeError, AttributeError, PaspoortFout):
        raise PaspoortFout(Melding("beleid-kapot", PLEK)) from None


def naar_extensie(beleid: Beleid) -> Json:
    """Het beleid als extensie op een Organization."""
    gegeven = {
        "overgenomen": sorted(beleid.overgenomen),
        "advies_vereist": beleid.advies_vereist.value,
        "huur_vervangen_bij_verandering": beleid.huur_vervangen_bij_verandering,
        "doorzetten": beleid.doorzetten.value,
        "minimale_herkomst": {feit: h.value for feit, h in sorted(beleid.minimale_herkomst.items())},
        "advies_maximaal_jaren": beleid.advies_maximaal_jaren,
        "prijsafspraak": sorted(beleid.prijsafspraak),
        "verkorte_termijnen": dict(beleid.verkorte_termijnen),
    }
    data = base64.b64encode(schrijf({k: v for k, v in gegeven.items() if v is not None})).decode()
    return {"url": extension("beleid"), "valueAttachment": {"contentType": "application/json", "data": data}}


def _uit_json(gegeven: Json, verstrekker: str) -> Beleid:
    if gegeven.keys() - NAMEN:
        raise ValueError("onbekende naam")
    standaard = Beleid(verstrekker=verstrekker)
    jaren = gegeven.get("advies_maximaal_jaren")
    if jaren is not None and (isinstance(jaren, bool) or not isinstance(jaren, int) or jaren < 1):
        raise ValueError("jaren")
    huur = gegeven.get("huur_vervangen_bij_verandering", True)
    if not isinstance(huur, bool):
        raise ValueError("huur")
    herkomst = {k: _een_van(Herkomst, v) for k, v in dict(gegeven.get("minimale_herkomst", {})).items()}
    termijnen = {str(k): int(v) for k, v in dict(gegeven.get("verkorte_termijnen", {})).items()}
    return Beleid(
        verstrekker=verstrekker,
        overgenomen=_teksten(gegeven.get("overgenomen", [])),
        advies_vereist=_een_van(AdviesVereist, gegeven.get("advies_vereist", standaard.advies_vereist)),
        huur_vervangen_bij_verandering=huur,
        doorzetten=_een_van(Doorzetten, gegeven.get("doorzetten", standaard.doorzetten)),
        minimale_herkomst=MappingProxyType({**MINIMALE_HERKOMST, **herkomst}),
        advies_maximaal_jaren=jaren,
        prijsafspraak=_teksten(gegeven.get("prijsafspraak", [])),
        verkorte_termijnen=MappingProxyType(termijnen),
    )


def _een_van(soort: Any, waarde: Any) -> Any:
    keuze: StrEnum = soort(waarde)
    return keuze


def _teksten(waarde: Any) -> frozenset[str]:
    if not isinstance(waarde, list) or not all(isinstance(w, str) for w in waarde):
        raise ValueError("geen lijst")
    return frozenset(waarde)
