"""Versies, momentopnamen en wijzigingen als gewone waarden (docs/architectuur.md). Zuiver: geen SQL, geen sleutels.

De JSON blijft zoals hij kwam, op `id`, `meta.versionId`, `meta.lastUpdated` en de herkomst-tag na.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from paspoort.fhir.fhirjson import Json, lees_opgeslagen, schrijf

HERKOMST = "http://hulpmiddelenpaspoort.nl/fhir/CodeSystem/herkomst"
# VERHUISD: de laatste rij in de oude partitie; de resource leeft verder in een andere, met haar id en nummering.
LEVEND, VERWIJDERD, GEWIST, VERHUISD = 0, 1, 2, 3
# Wat een ontlede resource ongeveer aan geheugen kost ten opzichte van haar bytes.
GEWICHT_JSON, GEWICHT_BINARY, GEWICHT_VAST = 8, 2, 900


class Volgnummerbotsing(Exception):  # noqa: N818 - het domein spreekt Nederlands
    """Iemand anders schreef eerder in dit paspoort: neem een nieuwe momentopname en probeer opnieuw."""


@dataclass(frozen=True, slots=True)
class Vertrek:
    """Waar een resource nu ligt die met deze wijziging naar een andere partitie gaat, en op welke versie."""

    partitie: str
    verwacht_volgnummer: int
    versie: int


@dataclass(frozen=True, slots=True)
class Wijziging:
    """Eén resource na de wijziging. `inhoud` is None bij verwijderen; `meta` zet de opslag.

    `auteur` en `herkomst` gaan voor die van het verzoek: wat de server zelf bijwerkt, blijft van wie het schreef.
    Met `vertrek` komt de resource uit een andere partitie hierheen (toegang.md §5, Device).
    """

    type: str
    id: str
    inhoud: Json | None
    auteur: str | None = None
    herkomst: str | None = None
    vertrek: Vertrek | None = None


@dataclass(frozen=True, slots=True)
class Deel:
    """Wijzigingen in een tweede partitie die samen met de eerste vaststaan, of samen niet.

    `vertrekt`: de resources (type, id) die hier weggaan; hun wijziging heeft geen inhoud.
    """

    partitie: str
    verwacht_volgnummer: int
    wijzigingen: tuple[Wijziging, ...]
    vertrekt: frozenset[tuple[str, str]] = frozenset()


class Versie:
    """Eén versie van één resource. Onveranderlijk; `inhoud` is gedeeld en wordt door niemand aangepast."""

    __slots__ = (
        "_inhoud",
        "auteur",
        "herkomst",
        "id",
        "moment",
        "partitie",
        "tekst",
        "type",
        "versie",
        "verwijderd",
        "volgnummer",
    )  # fmt: skip

    def __init__(
        self, *, partitie: str, volgnummer: int, type: str, id: str, versie: int, moment: str, auteur: str,
        herkomst: str, verwijderd: bool, tekst: bytes, inhoud: Json | None = None,
    ) -> None:  # fmt: skip
        self.partitie, self.volgnummer, self.type, self.id, self.versie = partitie, volgnummer, type, id, versie
        self.moment, self.auteur, self.herkomst, self.verwijderd, self.tekst = (
            moment, auteur, herkomst, verwijderd, tekst,
        )  # fmt: skip
        self._inhoud = inhoud

    @property
    def inhoud(self) -> Json:
        """De JSON, bij het eerste gebruik ontleed. Leeg woordenboek bij een verwijderde versie."""
        if self._inhoud is None:
            self._inhoud = lees_opgeslagen(self.tekst) if self.tekst else {}
        return self._inhoud

    @property
    def verwijzing(self) -> str:
        """`Type/id`."""
        return f"{self.type}/{self.id}"

    def __repr__(self) -> str:
        return f"Versie({self.type}/{self.id} v{self.versie})"


def _op_moment(v: Versie) -> tuple[str, str, str]:
    # Met het type erbij is de volgorde volledig: twee types mogen dezelfde id en hetzelfde moment hebben.
    return (v.moment, v.id, v.type)


class Momentopname:
    """Alle huidige resources van één partitie op één volgnummer. Onveranderlijk."""

    __slots__ = (
        "_alle", "_per_type", "_resources", "afgeleid", "gewicht", "partitie", "soort", "testdata_van", "volgnummer",
    )  # fmt: skip

    def __init__(
        self, partitie: str, volgnummer: int, resources: Iterable[Versie] = (), *,
        soort: str = "paspoort", testdata_van: str | None = None, gewicht_: int | None = None,
    ) -> None:  # fmt: skip
        self.partitie, self.volgnummer, self.soort, self.testdata_van = partitie, volgnummer, soort, testdata_van
        self._resources = {(v.type, v.id): v for v in resources}
        self._per_type: dict[str, tuple[Versie, ...]] | None = None
        self._alle: tuple[Versie, ...] | None = None
        self.afgeleid: dict[Any, Any] = {}  # geheugen voor zuivere afleidingen (Consents ontleed, …)
        self.gewicht = 2000 + sum(map(gewicht, self._resources.values())) if gewicht_ is None else gewicht_

    def get(self, type: str, id: str) -> Versie | None:
        """De huidige versie, ook als die verwijderd is; None als zij hier nooit was of gewist is."""
        return self._resources.get((type, id))

    def van_type(self, type: str) -> tuple[Versie, ...]:
        """De levende resources van een type, op (moment, id)."""
        if self._per_type is None:
            soorten: dict[str, list[Versie]] = {}
            for v in self.alle():
                soorten.setdefault(v.type, []).append(v)
            self._per_type = {naam: tuple(lijst) for naam, lijst in soorten.items()}
        return self._per_type.get(type, ())

    def verwijderd(self, type: str) -> tuple[Versie, ...]:
        """De verwijderde resources van een type die nog niet gewist zijn, op (moment, id)."""
        weg = (v for v in self._resources.values() if v.verwijderd and v.type == type)
        return tuple(sorted(weg, key=_op_moment))

    def alle(self) -> tuple[Versie, ...]:
        """Alle levende resources, op (moment, id, type)."""
        if self._alle is None:
            self._alle = tuple(sorted((v for v in self._resources.values() if not v.verwijderd), key=_op_moment))
        return self._alle

    def met(self, volgnummer: int, versies: Iterable[Versie], gewist: Iterable[tuple[str, str]] = ()) -> Momentopname:
        """Een nieuwe momentopname met deze versies erbij en gewiste resources eruit.

        Gewicht en volgorde schuiven mee in plaats van opnieuw te ontstaan: dit gebeurt bij elke schrijfactie.
        """
        erbij = {(v.type, v.id): v for v in versies}
        weg = set(gewist)
        oud = [o for sleutel in erbij.keys() | weg if (o := self._resources.get(sleutel)) is not None]
        blijft = [v for sleutel, v in erbij.items() if sleutel not in weg]
        resources = {**self._resources, **erbij}
        for sleutel in weg:
            resources.pop(sleutel, None)
        nieuw = Momentopname(
            self.partitie, volgnummer, resources.values(), soort=self.soort, testdata_van=self.testdata_van,
            gewicht_=self.gewicht + sum(map(gewicht, blijft)) - sum(map(gewicht, oud)),
        )  # fmt: skip
        if self._alle is not None:
            vervallen = {id(o) for o in oud}
            staart = sorted((v for v in blijft if not v.verwijderd), key=_op_moment)
            kop = [v for v in self._alle if id(v) not in vervallen]
            if not (kop and staart) or _op_moment(kop[-1]) <= _op_moment(staart[0]):
                nieuw._alle = (*kop, *staart)
        return nieuw


def gewicht(v: Versie) -> int:
    """Ruwe schatting van het geheugen dat een versie kost, met haar ontlede inhoud."""
    return GEWICHT_VAST + len(v.tekst) * (GEWICHT_BINARY if v.type == "Binary" else GEWICHT_JSON)


def nu_als_instant(niet_voor: str = "") -> str:
    """Nu als FHIR instant in milliseconden UTC, nooit vóór `niet_voor` (een klok kan terugspringen)."""
    nu = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return max(nu, niet_voor)


def met_meta(inhoud: Json, id: str, versie: int, moment: str, herkomst: str) -> Json:
    """De inhoud met id en meta van de opslag; de rest op zijn plaats en in zijn volgorde. Verandert de invoer niet."""
    oud = inhoud.get("meta") or {}
    meta: Json = {"versionId": str(versie), "lastUpdated": moment}
    meta.update((k, v) for k, v in oud.items() if k not in ("versionId", "lastUpdated", "tag"))
    meta["tag"] = [t for t in oud.get("tag", ()) if t.get("system") != HERKOMST]
    meta["tag"].append({"system": HERKOMST, "code": herkomst})
    if "id" in inhoud and "meta" in inhoud:
        return {**inhoud, "id": id, "meta": meta}
    kop = {"resourceType": inhoud["resourceType"], "id": id, "meta": meta}
    return {**kop, **{k: v for k, v in inhoud.items() if k not in kop}}


def nieuwe_versies(
    m: Momentopname, wijzigingen: Iterable[Wijziging], auteur: str, herkomst: str | Callable[[Wijziging], str]
) -> tuple[Versie, ...]:
    """De versies die deze wijzigingen worden, genummerd vanaf het volgnummer van `m`.

    Werpt ValueError als een resource twee keer voorkomt: dan is niet te zeggen welke wint.
    """
    gezien: set[tuple[str, str]] = set()
    uit: list[Versie] = []
    alle = m.alle()  # op moment: de laatste is de nieuwste
    moment = nu_als_instant(alle[-1].moment if alle else "")
    for nummer, w in enumerate(wijzigingen, start=m.volgnummer + 1):
        if (w.type, w.id) in gezien:
            raise ValueError(f"{w.type} staat twee keer in één schrijfopdracht")
        gezien.add((w.type, w.id))
        vorige = m.get(w.type, w.id)
        versie = vorige.versie + 1 if vorige is not None else w.vertrek.versie + 2 if w.vertrek is not None else 1
        bron = w.herkomst or (herkomst if isinstance(herkomst, str) else herkomst(w))
        inhoud = None if w.inhoud is None else met_meta(w.inhoud, w.id, versie, moment, bron)
        tekst = b"" if inhoud is None else schrijf(inhoud)
        nieuw = Versie(
            partitie=m.partitie, volgnummer=nummer, type=w.type, id=w.id, versie=versie, moment=moment,
            auteur=w.auteur or auteur, herkomst=bron, verwijderd=inhoud is None, tekst=tekst,
        )  # fmt: skip
        uit.append(nieuw)
    return tuple(uit)
