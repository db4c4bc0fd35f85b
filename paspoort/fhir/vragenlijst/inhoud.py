"""De resources van één paspoort, geordend om in te zoeken: op type, de nieuwste eerst, en van elk de bron.

Zuiver; ziet alleen wat de aanroeper meegeeft, het zicht is dan al toegepast.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import HERKOMST, extension
from paspoort.fhir.voorstel import telt_niet
from paspoort.fhir.vragenlijst.antwoorden import Bron

HERKOMST_WIE: Final[Mapping[str, str]] = {
    "zelf": "de houder",
    "document": "de houder, van papier",
    "import": "overgenomen bestand",
}
NIET_GELDIG: Final = frozenset({"entered-in-error", "refuted", "inactive", "resolved", "cancelled", "revoked"})


@dataclass(frozen=True)
class Inhoud:
    """De resources van één paspoort op type; wat foutief of voorbij is, is eruit.

    Wat een ander vaststelde of bevestigde gaat voor wat alleen de houder zegt, daarbinnen de nieuwste eerst. `auteur`
    is wie het formulier schrijft (`PractitionerRole/id`), `op` de dag waarop (jjjj-mm-dd); leeg is onbekend.
    """

    per_type: Mapping[str, tuple[Json, ...]]
    auteur: str = ""
    op: str = ""
    eigen_woord: frozenset[str] = field(default=frozenset(), repr=False)

    def van(self, type: str) -> tuple[Json, ...]:
        """De geldige resources van dit type."""
        return self.per_type.get(type, ())

    def bij(self, verwijzing: object) -> Json | None:
        """De resource achter een Reference of `Type/id`, als die erbij zit."""
        doel = verwijzing.get("reference") if isinstance(verwijzing, dict) else verwijzing
        type, _, id = str(doel).partition("/")
        return next((r for r in self.van(type) if r.get("id") == id), None)


def inhoud_van(resources: Iterable[Json], auteur: str = "", op: str = "") -> Inhoud:
    """Ordent de resources; de volgorde waarin zij komen maakt niet uit."""
    per_type: dict[str, list[Json]] = {}
    for resource in resources:
        if not _voorbij(resource) and not telt_niet(resource):
            per_type.setdefault(str(resource.get("resourceType")), []).append(resource)
    bevestigd = frozenset(_bevestigd(per_type.get("Provenance", ())))
    eigen = frozenset(plek(r) for rs in per_type.values() for r in rs if _eigen_woord(r, bevestigd))
    gesorteerd = {
        t: tuple(sorted(rs, key=lambda r: (plek(r) not in eigen, *_volgorde(r)), reverse=True))
        for t, rs in per_type.items()
    }
    return Inhoud(gesorteerd, auteur, op, eigen)


def plek(resource: Json) -> str:
    """`Type/id` van deze resource."""
    return f"{resource.get('resourceType')}/{resource.get('id')}"


def _eigen_woord(resource: Json, bevestigd: frozenset[str]) -> bool:
    """Of alleen de houder dit zegt, of een bestand van elders: nog door niemand bevestigd."""
    meta = resource.get("meta") or {}
    herkomsten = {t.get("code") for t in meta.get("tag") or [] if t.get("system") == HERKOMST}
    return (
        bool(herkomsten & set(HERKOMST_WIE)) and f"{plek(resource)}/_history/{meta.get('versionId')}" not in bevestigd
    )


def _bevestigd(gebeurtenissen: Iterable[Json]) -> Iterator[str]:
    """De versies die iemand bevestigde (`$bevestig`)."""
    for gebeurtenis in gebeurtenissen:
        if any(c.get("code") == "bevestigd" for c in (gebeurtenis.get("activity") or {}).get("coding") or []):
            yield from (str(doel.get("reference")) for doel in gebeurtenis.get("target") or [])


# --- wie, wanneer, waaruit


def bron_uit(resource: Json, wie: str | None = None) -> Bron:
    """De bron van wat er in deze resource staat."""
    return Bron(wie or _wie(resource), _wanneer(resource), plek(resource))


def _wie(resource: Json) -> str:
    for naam in ("recorder", "asserter", "performer", "author", "requester", "source"):
        waarde = resource.get(naam)
        eerste = waarde[0] if isinstance(waarde, list) and waarde else waarde
        if isinstance(eerste, dict) and eerste.get("display"):
            return str(eerste["display"])
    tags = (resource.get("meta") or {}).get("tag") or []
    herkomst = next((t.get("code") for t in tags if t.get("system") == HERKOMST), "")
    return HERKOMST_WIE.get(str(herkomst), "het paspoort")


def _wanneer(resource: Json) -> str | None:
    return _moment(resource)[:10] or None


def _moment(resource: Json) -> str:
    for naam in ("authored", "effectiveDateTime", "recordedDate", "authoredOn", "date", "startDate"):
        if isinstance(resource.get(naam), str):
            return str(resource[naam])
    return _bijgewerkt(resource)


def _bijgewerkt(resource: Json) -> str:
    return str((resource.get("meta") or {}).get("lastUpdated") or "")


def _volgorde(resource: Json) -> tuple[str, str, str, str]:
    """Op dag; op dezelfde dag het latere tijdstip, dan wat later in het paspoort kwam."""
    moment = _moment(resource)
    return moment[:10], moment[10:], _bijgewerkt(resource), str(resource.get("id"))


def _voorbij(resource: Json) -> bool:
    """Een hulpmiddel dat niet meer gebruikt wordt is er nog wel: het kan geprobeerd zijn."""
    voorbij = NIET_GELDIG - {"inactive"} if resource.get("resourceType") == "Device" else NIET_GELDIG
    return bool(_statussen(resource) & voorbij)


def _statussen(resource: Json) -> set[str]:
    statussen = {str(resource.get("status", ""))}
    for naam in ("clinicalStatus", "verificationStatus"):
        statussen |= {str(c.get("code")) for c in (resource.get(naam) or {}).get("coding") or []}
    return statussen


def leesbaar(concept: object) -> str:
    """De leesbare tekst van een CodeableConcept."""
    if not isinstance(concept, dict):
        return ""
    codings = concept.get("coding") or [{}]
    return str(
        concept.get("text")
        or next((c["display"] for c in codings if c.get("display")), "")
        or codings[0].get("code", "")
    )


def extensie(resource: Json, id: str) -> Json:
    return next((e for e in resource.get("extension") or [] if e.get("url") == extension(id)), {})


def deel(ext: Json, url: str) -> Json:
    return next((e for e in ext.get("extension") or [] if e.get("url") == url), {})
