"""De bladzijden aan de ene deur: korte woorden voor lezen, zoeken en schrijven als degene die is ingelogd.

Er is geen tweede weg: alles wordt een `FhirRequest` voor `Poort.handle`, dus zicht, regels en log gelden hier ook.
Fouten komen terug als `DeurFout`, met per bevinding de plek en een zin voor op de bladzijde.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from paspoort.fhir.fhirjson import Json, lees
from server.access.actor import Actor
from server.fhir.gateway import Poort
from server.fhir.request import FhirRequest, FhirResponse
from server.fhir.search.cursor import NAAM as BLADZIJDE

# Een bladzijde voor mensen toont geen duizenden regels; wie er meer heeft, kiest.
BLADZIJDEN_HOOGSTENS: Final = 5


@dataclass(frozen=True, slots=True)
class Bevinding:
    """Eén bevinding van de deur: waar, wat, en of zij tegenhoudt."""

    plek: str
    tekst: str
    ernst: str


class DeurFout(Exception):  # noqa: N818 - het domein spreekt Nederlands
    """De deur zei nee; `status` zoals toegang.md §6, `bevindingen` alle fouten samen."""

    def __init__(self, status: int, bevindingen: tuple[Bevinding, ...]) -> None:
        super().__init__(f"{status}: {', '.join(b.plek for b in bevindingen)}")
        self.status, self.bevindingen = status, bevindingen


class Deur:
    """De deur voor één persoon en één bladzijde."""

    def __init__(self, poort: Poort, actor: Actor) -> None:
        self._poort, self.actor = poort, actor

    async def lees(self, type_: str, id_: str) -> Json:
        """De huidige versie zoals deze persoon haar ziet. `DeurFout` 404 of 410."""
        return _inhoud(await self._vraag(FhirRequest("GET", type_, id_)))

    async def lees_misschien(self, type_: str, id_: str) -> Json | None:
        """De huidige versie, of None als zij er voor deze persoon niet is."""
        try:
            return await self.lees(type_, id_)
        except DeurFout as fout:
            if fout.status in (404, 410):
                return None
            raise

    async def versie(self, type_: str, id_: str, nummer: str) -> Json:
        """Een eerdere versie. `DeurFout` 404 als die er voor deze persoon niet is."""
        return _inhoud(await self._vraag(FhirRequest("GET", type_, id_, vid=nummer)))

    async def zoek(self, type_: str, **parameters: str) -> list[Json]:
        """Alle treffers en meegenomen resources; een `_` aan het eind van een naam vervalt, `__` wordt `:`."""
        query = [(naam.replace("__", ":"), waarde) for naam, waarde in parameters.items()]
        return (await self._alle(FhirRequest("GET", type_, query=(*query, ("_count", "200")))))[0]

    async def zoek_met(self, type_: str, query: Sequence[tuple[str, str]]) -> list[Json]:
        """Als `zoek`, met namen zoals FHIR ze schrijft (`_include`, `patient.name`)."""
        return (await self.zoek_tot(type_, query))[0]

    async def zoek_tot(
        self, type_: str, query: Sequence[tuple[str, str]], bladzijden: int = BLADZIJDEN_HOOGSTENS
    ) -> tuple[list[Json], bool]:
        """Als `zoek_met`, hoogstens zoveel bladzijden; en of er meer is, zodat de bladzijde dat kan zeggen."""
        return await self._alle(FhirRequest("GET", type_, query=tuple(query)), bladzijden)

    async def bladzij(self, type_: str, query: Sequence[tuple[str, str]], verder: str = "") -> tuple[list[Json], str]:
        """Eén bladzijde, en het teken waarmee de volgende verder gaat (leeg: dit was de laatste).

        Een teken dat niet van ons is of bij een andere vraag hoort: `DeurFout` 400.
        """
        teken = ((BLADZIJDE, verder),) if verder else ()
        bundel = _inhoud(await self._vraag(FhirRequest("GET", type_, query=(*query, *teken))))
        volgende = dict(parse_qsl(urlsplit(_verder(bundel) or "").query))
        return _resources(bundel), volgende.get(BLADZIJDE, "")

    async def alles(self, patient: str) -> list[Json]:
        """Het hele paspoort zoals deze persoon het ziet (`$everything`)."""
        return (await self._alle(FhirRequest("GET", "Patient", patient, operation="everything")))[0]

    async def geschiedenis(self, type_: str, id_: str) -> list[tuple[str, Json | None]]:
        """Elke versie met haar moment, oudste eerst; None voor verwijderd. `DeurFout` 404 buiten zicht."""
        vraag = FhirRequest("GET", type_, id_, history=True, query=(("_count", "200"),))
        regels = _inhoud(await self._vraag(vraag)).get("entry", [])
        return [(r["response"]["lastModified"], r.get("resource")) for r in reversed(regels)]

    async def maak(self, inhoud: Json) -> Json:
        """Maak een resource; geeft haar terug zoals zij bewaard is."""
        return _inhoud(await self._vraag(FhirRequest("POST", inhoud["resourceType"], body=inhoud)))

    async def wijzig(self, inhoud: Json) -> Json:
        """Vervang een resource; `meta.versionId` uit het lezen bewaakt dat niemand anders er tussen zat (412)."""
        return _inhoud(await self._vraag(FhirRequest("PUT", inhoud["resourceType"], inhoud["id"], body=inhoud)))

    async def verwijder(self, type_: str, id_: str) -> None:
        """Verwijder een resource; de geschiedenis blijft."""
        await self._vraag(FhirRequest("DELETE", type_, id_))

    async def samen(self, *regels: Json) -> list[Json]:
        """Schrijf resources in één transactie: zonder id is nieuw, met id vervangt. Geeft de regels van het antwoord.

        Verwijs binnen de transactie met `nieuw_adres()` als `fullUrl`, zie daar.
        """
        body: Json = {"resourceType": "Bundle", "type": "transaction", "entry": [_regel(r) for r in regels]}
        antwoord = _inhoud(await self._vraag(FhirRequest("POST", body=body)))
        return list(antwoord.get("entry", []))

    async def operatie(
        self, type_: str, id_: str | None, naam: str, parameters: Iterable[Mapping[str, Any]] = ()
    ) -> Json:
        """Roep `$naam` aan met de parameters van een Parameters-resource."""
        delen = [dict(p) for p in parameters]
        body: Json = {"resourceType": "Parameters", **({"parameter": delen} if delen else {})}
        return _inhoud(await self._vraag(FhirRequest("POST", type_, id_, operation=naam, body=body)))

    async def _alle(self, vraag: FhirRequest, bladzijden: int = BLADZIJDEN_HOOGSTENS) -> tuple[list[Json], bool]:
        """De resources van de eerste bladzijden, en of er meer is; een bladzijde kan korter zijn dan gevraagd."""
        uit: list[Json] = []
        volgende: str | None = None
        for _ in range(bladzijden):
            bundel = _inhoud(await self._vraag(vraag))
            uit += _resources(bundel)
            volgende = _verder(bundel)
            if volgende is None:
                break
            vraag = replace(vraag, query=tuple(parse_qsl(urlsplit(volgende).query)))
        return uit, volgende is not None

    async def _vraag(self, vraag: FhirRequest) -> FhirResponse:
        antwoord = await self._poort.handle(self.actor, vraag)
        if antwoord.status >= 400:
            raise DeurFout(antwoord.status, _bevindingen(antwoord))
        return antwoord


async def nieuw_id_van(deur: Deur, inhoud: Json) -> str:
    """Maak een resource en geef haar id; ook als de maker haar zelf nog niet ziet, zoals een gevraagde toestemming."""
    bundel = await deur.samen(inhoud)
    return str(bundel[0]["response"]["location"].split(f"{inhoud['resourceType']}/")[1].split("/")[0])


def nieuw_adres() -> str:
    """Een tijdelijk adres voor een resource die nog geen id heeft; zet het als `_fullUrl` in de inhoud."""
    return f"urn:uuid:{uuid4()}"


def _regel(inhoud: Json) -> Json:
    schoon = {k: v for k, v in inhoud.items() if k != "_fullUrl"}
    type_, id_ = schoon["resourceType"], schoon.get("id")
    if id_ is None:
        return {
            "fullUrl": inhoud.get("_fullUrl") or nieuw_adres(),
            "resource": schoon,
            "request": {"method": "POST", "url": type_},
        }
    verzoek = {"method": "PUT", "url": f"{type_}/{id_}"}
    if versie := schoon.get("meta", {}).get("versionId"):
        verzoek["ifMatch"] = f'W/"{versie}"'
    return {"resource": schoon, "request": verzoek}


def _resources(bundel: Json) -> list[Json]:
    alle = (e["resource"] for e in bundel.get("entry", []) if "resource" in e)
    return [r for r in alle if r.get("resourceType") != "OperationOutcome"]


def _verder(bundel: Json) -> str | None:
    return next((str(k["url"]) for k in bundel.get("link", []) if k["relation"] == "next"), None)


def _inhoud(antwoord: FhirResponse) -> Json:
    return lees(antwoord.body) if antwoord.body else {}


def _bevindingen(antwoord: FhirResponse) -> tuple[Bevinding, ...]:
    uitkomst = _inhoud(antwoord)
    return tuple(
        Bevinding(
            plek=(issue.get("expression") or [""])[0],
            tekst=issue.get("details", {}).get("text") or issue.get("diagnostics") or "Dit kan niet.",
            ernst=issue.get("severity", "error"),
        )
        for issue in uitkomst.get("issue", [])
    )
