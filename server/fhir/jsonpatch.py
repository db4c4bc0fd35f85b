"""JSON Patch (RFC 6902) op een resource: de zes bewerkingen, en bij een fout het element waar het misging.

`jsonpatch` voert uit; hier staat wat het product erbij wil: de opgeslagen inhoud blijft onaangeroerd, decimalen en
volgorde blijven, en een kleine patch kan geen grote resource maken. Of de uitkomst FHIR is, zegt `validatie.py`.
"""

from __future__ import annotations

import copy
from typing import Any, Final

import jsonpatch
from jsonpointer import JsonPointer, JsonPointerException

from paspoort.fhir.fhirjson import lees, schrijf
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.request import Json

VELDEN: Final[dict[str, tuple[str, ...]]] = {
    "add": ("value",),
    "remove": (),
    "replace": ("value",),
    "move": ("from",),
    "copy": ("from",),
    "test": ("value",),
}
BEWERKINGEN_HOOGSTENS: Final = 500
# Wie telkens het hele document kopieert, verdubbelt het telkens: zoveel knopen mag kopiëren er samen bij maken.
KOPIE_HOOGSTENS: Final = 50_000
TEKENS_HOOGSTENS: Final = 12 * 1024 * 1024  # en zoveel tekst: niet meer dan er in één keer in had gekund
_KAPOT: Final = (
    jsonpatch.JsonPatchException, JsonPointerException, KeyError, IndexError, TypeError, ValueError, RecursionError,
)  # fmt: skip


def controleer(bewerkingen: list[Any], plek: str) -> None:
    """Of dit een JSON Patch is; alle vormfouten samen, elk als `patch-vorm` bij haar bewerking."""
    if len(bewerkingen) > BEWERKINGEN_HOOGSTENS:
        raise PaspoortFout(Melding("te-groot", plek, {"grens": f"{BEWERKINGEN_HOOGSTENS} bewerkingen"}))
    fouten: list[Melding] = []
    for nummer, b in enumerate(bewerkingen):
        hier = f"{plek}[{nummer}]"
        if not isinstance(b, dict) or b.get("op") not in VELDEN:
            fouten.append(Melding("patch-vorm", f"{hier}.op", {"verwacht": ", ".join(VELDEN)}))
            continue
        nodig = VELDEN[b["op"]]
        fouten += [Melding("patch-vorm", f"{hier}.{n}", {"verwacht": n}) for n in nodig if n not in b]
        for naam in ("path", "from") if "from" in nodig else ("path",):
            if not _is_pad(b.get(naam)):
                fouten.append(Melding("patch-vorm", f"{hier}.{naam}", {"verwacht": "een JSON Pointer, zoals /status"}))
    if fouten:
        raise PaspoortFout(*_uniek(fouten))


def pas_toe(inhoud: Json, bewerkingen: list[Any], plek: str) -> Json:
    """De inhoud na alle bewerkingen, als nieuwe JSON. `plek` is het begin van elke expression.

    PaspoortFout `patch-test` (een `test` klopt niet), `patch-pad` (het element is er niet) of `te-groot`.
    """
    document: Any = copy.deepcopy(inhoud)
    ruimte, tekens = KOPIE_HOOGSTENS, TEKENS_HOOGSTENS
    for nummer, b in enumerate(bewerkingen):
        element = _als_element(document, b["path"], plek)
        try:
            if b["op"] == "copy":
                erbij, tekst = _omvang(JsonPointer(b["from"]).resolve(document))
                ruimte, tekens = ruimte - erbij, tekens - tekst
                if ruimte < 0 or tekens < 0:
                    grens = f"{KOPIE_HOOGSTENS} elementen of {TEKENS_HOOGSTENS // 1024} kB"
                    raise PaspoortFout(Melding("te-groot", element, {"grens": grens}))
            document = jsonpatch.JsonPatch([b]).apply(document, in_place=True)
        except jsonpatch.JsonPatchTestFailed:
            raise PaspoortFout(Melding("patch-test", element, {"nummer": str(nummer + 1)})) from None
        except _KAPOT:
            raise PaspoortFout(Melding("patch-pad", element, {"nummer": str(nummer + 1)})) from None
        if not isinstance(document, dict):
            raise PaspoortFout(Melding("patch-pad", plek, {"nummer": str(nummer + 1)}))
    return _als_gelezen(document, plek)


def gevraagde_versie(bewerkingen: list[Any]) -> str | None:
    """De versie die een `test` op `/meta/versionId` eist: dat zegt hetzelfde als If-Match."""
    for b in bewerkingen:
        if b["op"] == "test" and b["path"] == "/meta/versionId" and isinstance(b["value"], str):
            return b["value"]
    return None


def _als_gelezen(document: Json, plek: str) -> Json:
    """Dezelfde grenzen als bij inhoud van buiten (diepte), want een patch kan nesten wat elk voor zich klein was."""
    try:
        data = schrijf(document)
        if len(data) > TEKENS_HOOGSTENS:
            raise PaspoortFout(Melding("te-groot", plek, {"grens": f"{TEKENS_HOOGSTENS // 1024} kB"}))
        return lees(data)
    except PaspoortFout as fout:
        raise PaspoortFout(*(Melding(m.code, plek, m.waarden) for m in fout.meldingen)) from None
    except (TypeError, ValueError, RecursionError):
        raise PaspoortFout(Melding("fhir-te-diep", plek)) from None


def _is_pad(pad: object) -> bool:
    if not isinstance(pad, str) or len(pad) > 1000:
        return False
    try:
        JsonPointer(pad)
    except JsonPointerException:
        return False
    return True


def _als_element(document: Any, pad: str, plek: str) -> str:
    """Een JSON Pointer als FHIRPath bij het document van dat moment: `/name/0/given` → `Patient.name[0].given`."""
    uit, knoop = plek, document
    for deel in JsonPointer(pad).parts:
        if isinstance(knoop, list):
            nummer = int(deel) if str(deel).isdecimal() else len(knoop)
            uit += f"[{nummer}]"
            knoop = knoop[nummer] if nummer < len(knoop) else None
        else:
            uit += f".{str(deel)[:60]}"
            knoop = knoop.get(deel) if isinstance(knoop, dict) else None
    return uit


def _omvang(waarde: Any) -> tuple[int, int]:
    """Hoeveel waarden en tekens hierin zitten; zonder recursie, want de diepte is nog niet nagekeken."""
    aantal, tekens, te_doen = 0, 0, [waarde]
    while te_doen:
        knoop = te_doen.pop()
        aantal += 1
        if isinstance(knoop, dict):
            tekens += sum(map(len, knoop))
            te_doen.extend(knoop.values())
        elif isinstance(knoop, list):
            te_doen.extend(knoop)
        elif isinstance(knoop, str):
            tekens += len(knoop)
    return aantal, tekens


def _uniek(fouten: list[Melding]) -> list[Melding]:
    return list({(f.code, f.plek): f for f in reversed(fouten)}.values())[::-1]
