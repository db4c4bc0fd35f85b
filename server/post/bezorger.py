"""De bezorger: handdruk, meldingen in volgorde, opnieuw met steeds meer geduld, en wat niet lukt blijft liggen.

Draait in elk proces, maar één tegelijk bezorgt (`outbox.neem_leiding`). Minstens één keer: een melding is pas weg als
de ontvanger 2xx zei. Of er grond is, wordt bij elke poging opnieuw gevraagd aan hetzelfde zicht als bij lezen: wie de
Task nu niet mag zien, hoort niets. Wie de abonnee is, weet `server/oauth/abonnee.py`. Bron: Subscriptions R5 Backport
1.1; toegang.md §1; ontwerp deel 2 (*logged before the answer leaves*).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final

from paspoort.fhir.fhirjson import Json, schrijf
from paspoort.fouten import PaspoortFout
from server.access.actor import Actor
from server.access.scopes import is_fijn, laat_toe
from server.access.zicht import Getoond, Zicht, bepaal_zicht
from server.post.bericht import kennisgeving
from server.post.onderwerp import lees_filters, voldoet
from server.post.versturen import Uitslag, Verzender, geheim
from server.store import outbox
from server.store.logrow import Logregel
from server.store.meldingen import DOOD, GESTUURD, VERVALLEN
from server.store.outbox import Abonnement, Melding
from server.store.passports import Opslag
from server.store.register import Register
from server.store.sql import Botsing
from server.store.versions import Momentopname, Versie, Volgnummerbotsing, Wijziging

LOG: Final = logging.getLogger("hmp.post")

# Seconden tot de volgende poging; daarna is een melding een dode brief en wacht het abonnement op de abonnee.
GEDULD: Final = (1, 5, 30, 120, 600, 3600, 6 * 3600, 12 * 3600)
GEDULD_HANDDRUK: Final = (1, 5, 30, 120)
KIJK_ELKE: Final = 1.0
LEIDING_MS: Final = 30_000
TEGELIJK: Final = 64
PER_EIGENAAR: Final = 4  # wie trage ontvangers heeft, houdt alleen zichzelf op
ACHTER_ELKAAR: Final = 50
RONDES: Final = 100
OPRUIMEN_ELKE: Final = 3600
BEWAAR_KLAAR: Final = 7 * 86400  # zo lang kan een abonnee met $events terugkijken
BEWAAR: Final = 30 * 86400
POGINGEN: Final = 8

# Wie de abonnee van deze Subscription in deze partitie op dit moment is, of in een zin waarom er geen meer is.
Abonnee = Callable[[Json, str, datetime], Awaitable[Actor | str]]
# Wat de abonnee nu van een paspoort ziet.
Kijk = Callable[[Actor, Momentopname, Register, datetime], Zicht]


class Bezorger:
    """Eén per proces. `start` en `stop` horen bij de levensloop van de app; `ronde` doet alles wat er nu te doen is."""

    def __init__(
        self,
        opslag: Opslag,
        abonnee: Abonnee,
        verzender: Verzender | None = None,
        klok: Callable[[], float] = time.time,
        geduld: tuple[float, ...] = GEDULD,
        geduld_handdruk: tuple[float, ...] = GEDULD_HANDDRUK,
        *,
        kijk: Kijk | None = None,
    ) -> None:
        """`kijk`: het zicht van een abonnee, door de voorwaarden in zijn scopes versmald; zonder krijgt wie zulke
        scopes heeft geen bericht."""
        self.opslag = opslag
        self.tellingen: Counter[str] = Counter()
        self._abonnee = abonnee
        self._verzender = verzender or Verzender(opslag.settings.demo)
        self._klok, self._kijk = klok, kijk
        self._geduld, self._geduld_handdruk = geduld, geduld_handdruk
        self._basis = opslag.settings.fhir_url
        self._proces = secrets.token_hex(8)
        self._tot_ms = 0
        self._opgeruimd = 0.0
        self._bezig: dict[str, asyncio.Task[None]] = {}
        self._per_eigenaar: Counter[str] = Counter()
        self._lus: asyncio.Task[None] | None = None

    # --- levensloop

    def start(self) -> None:
        """Begin te bezorgen, in de lopende event loop."""
        self._lus = asyncio.create_task(self._draai(), name="bezorger")

    async def stop(self) -> None:
        """Houd op; wat onderweg is wordt afgebroken en komt een volgende keer."""
        taken = [*([self._lus] if self._lus else []), *self._bezig.values()]
        for taak in taken:
            taak.cancel()
        await asyncio.gather(*taken, return_exceptions=True)
        if self._tot_ms:
            with contextlib.suppress(PaspoortFout):
                await outbox.laat_los(self.opslag, self._proces)

    async def ronde(self) -> None:
        """Begin alles wat nu kan en wacht tot het gedaan is; hoogstens `RONDES` keer.

        Is de opslag stil, dan blijft alles liggen en is het nu nog steeds aan de beurt: zonder grens draaide dit door.
        """
        for _ in range(RONDES):
            if not (taken := await self._begin()):
                return
            await asyncio.gather(*taken)

    async def opnieuw(self, id_: str) -> bool:
        """Dode brieven gaan weer mee, op nummer; een abonnement op `error` begint met een nieuwe handdruk.

        Onwaar als het abonnement er niet is of uit staat: wie het uitzette, zet het zelf weer aan.
        """
        a = await outbox.abonnement(self.opslag, id_)
        if a is None or a.stand == "off":
            return False
        versie = (await self.opslag.momentopname(a.partitie)).get("Subscription", id_)
        if versie is None or versie.verwijderd:
            return False
        if a.stand == "error" and not await self._zet(versie, "requested"):
            return False  # de abonnee was net eerder; dan is er ook niets klaargezet
        await outbox.haal_terug(self.opslag, id_, self._nu_ms() // 1000)
        return True

    def tekst(self) -> str:
        """De tellingen in de vorm die Prometheus leest; geen abonnees, geen personen."""
        regels = ["# TYPE paspoort_meldingen_total counter"]
        regels += [f'paspoort_meldingen_total{{uitkomst="{k}"}} {n}' for k, n in sorted(self.tellingen.items())]
        return "\n".join(regels) + "\n"

    async def _draai(self) -> None:
        while True:
            try:
                await self._begin()
                await self._ruim_op()
            except PaspoortFout:
                pass  # de opslag was stil; straks weer
            except Exception as fout:
                LOG.error("bezorger: %s", type(fout).__name__)
            await self.opslag.wekker.wacht(KIJK_ELKE)

    async def _begin(self) -> list[asyncio.Task[None]]:
        """Een taak per abonnement waar iets te doen is en nog niets voor loopt; leeg als een ander proces bezorgt."""
        te_doen = await outbox.te_doen(self.opslag, self._nu_ms())
        if not te_doen or not await self._leidt():
            return []
        nieuw = []
        for a in te_doen:
            if len(self._bezig) >= TEGELIJK:
                break
            if a.id in self._bezig or self._per_eigenaar[a.partitie] >= PER_EIGENAAR:
                continue
            taak = asyncio.create_task(self._bezorg(a.id), name="bezorging")
            self._bezig[a.id] = taak
            self._per_eigenaar[a.partitie] += 1
            taak.add_done_callback(partial(self._klaar, a))
            nieuw.append(taak)
        return nieuw

    def _klaar(self, a: Abonnement, _: object) -> None:
        del self._bezig[a.id]
        self._per_eigenaar[a.partitie] -= 1
        if not self._per_eigenaar[a.partitie]:
            del self._per_eigenaar[a.partitie]

    async def _leidt(self) -> bool:
        nu = self._nu_ms()
        if nu < self._tot_ms - LEIDING_MS // 2:
            return True
        tot = nu + LEIDING_MS
        self._tot_ms = tot if await outbox.neem_leiding(self.opslag, self._proces, nu, tot) else 0
        return bool(self._tot_ms)

    async def _ruim_op(self) -> None:
        nu = self._klok()
        if nu - self._opgeruimd > OPRUIMEN_ELKE:
            self._opgeruimd = nu
            await outbox.ruim_op(self.opslag, int(nu) - BEWAAR_KLAAR, int(nu) - BEWAAR)

    # --- één abonnement

    async def _bezorg(self, id_: str) -> None:
        try:
            for _ in range(ACHTER_ELKAAR):
                if self._nu_ms() >= self._tot_ms or not await self._stap(id_):
                    return
        except (PaspoortFout, Botsing, Volgnummerbotsing):
            return  # de opslag was stil of een ander was net eerder; het ligt er nog
        except Exception as fout:
            LOG.error("bezorging: %s", type(fout).__name__)
            # Niet meteen weer: anders draait een fout van ons rond zonder adem te halen.
            with contextlib.suppress(PaspoortFout):
                await outbox.stel_uit(self.opslag, id_, 0, self._nu_ms() + 60_000)

    async def _stap(self, id_: str) -> bool:
        """Eén ding voor dit abonnement; waar als er misschien meer te doen is."""
        a = await outbox.abonnement(self.opslag, id_)
        if a is None or a.stand not in ("requested", "active", "error"):
            return False
        versie = (await self.opslag.momentopname(a.partitie)).get("Subscription", id_)
        if versie is None or versie.verwijderd:
            return False
        if versie.inhoud.get("status") != a.stand:
            return True  # net veranderd: lees beide opnieuw
        actor = await self._abonnee(versie.inhoud, a.partitie, datetime.fromtimestamp(self._klok(), UTC))
        if isinstance(actor, str):
            await self._zet(versie, "off", actor)
            return False
        if a.eind is not None and a.eind <= self._klok():
            await self._zet(versie, "off")
            return False
        if a.stand == "error" or a.volgende > self._nu_ms():
            return False
        if a.stand == "requested":
            return await self._handdruk(a, versie)
        melding = await outbox.volgende(self.opslag, id_)
        return melding is not None and await self._melding(a, versie, actor, melding)

    async def _handdruk(self, a: Abonnement, versie: Versie) -> bool:
        uitslag = await self._verstuur(a, versie, "handshake", a.hoogste, ())
        if uitslag.gelukt:
            return await self._zet(versie, "active")
        if await self._opnieuw(a, uitslag, self._geduld_handdruk):
            return False
        await self._zet(versie, "error", uitslag.tekst)
        return False

    async def _melding(self, a: Abonnement, versie: Versie, actor: Actor, melding: Melding) -> bool:
        getoond = await self._grond(actor, versie.inhoud, melding)
        if getoond is None:
            self.tellingen["geen-grond"] += 1
            await outbox.rond_af(self.opslag, melding, VERVALLEN, self._nu_ms())
            return True
        if melding.nummer is None:
            # Eerst in het log: wat niet gelogd kan worden, gaat niet weg. Een volgende poging is dezelfde inzage.
            await self.opslag.log([_logregel(actor, melding, getoond)])
            melding = await outbox.nummer(self.opslag, melding, a.hoogste)
        uitslag = await self._verstuur(a, versie, "event-notification", melding.nummer or 0, (melding,))
        if uitslag.gelukt:
            await outbox.rond_af(self.opslag, melding, GESTUURD, self._nu_ms())
            return True
        if not await self._opnieuw(a, uitslag, self._geduld):
            self.tellingen["dood"] += 1
            await outbox.rond_af(self.opslag, melding, DOOD, self._nu_ms())
            await self._zet(versie, "error", f"Melding {melding.nummer} kwam niet aan. {uitslag.tekst}")
        return False

    async def _grond(self, actor: Actor, abonnement: Json, melding: Melding) -> Getoond | None:
        """Wat de abonnee nu van de Task ziet, als bereik, zicht en filter dat toelaten; anders None."""
        if not laat_toe(actor.scopes, None, "Task", "read") or (self._kijk is None and is_fijn(actor.scopes)):
            return None
        try:
            m = await self.opslag.momentopname(melding.partitie)
            toen = await self.opslag.versie(melding.partitie, "Task", melding.task, melding.versie)
        except PaspoortFout as fout:
            if fout.meldingen[0].code != "niet-gevonden":
                raise
            return None  # het paspoort is gewist
        nu = m.get("Task", melding.task)
        if toen is None or nu is None:
            return None
        zicht = (self._kijk or bepaal_zicht)(actor, m, self.opslag.register, datetime.fromtimestamp(self._klok(), UTC))
        getoond, eerder = zicht.toon(nu), zicht.toon(toen)
        if getoond is None or eerder is None or not voldoet(lees_filters(abonnement), eerder.inhoud):
            return None
        return getoond

    async def _verstuur(
        self, a: Abonnement, versie: Versie, soort: str, hoogste: int, meldingen: tuple[Melding, ...]
    ) -> Uitslag:
        nu = datetime.fromtimestamp(self._klok(), UTC)
        inhoud = schrijf(kennisgeving(self._basis, a.id, a.stand, soort, hoogste, meldingen, nu))
        adres = str(versie.inhoud["channel"]["endpoint"])
        uitslag = await self._verzender.stuur(adres, inhoud, geheim(self.opslag, a.id))
        self.tellingen[
            f"{'handdruk' if soort == 'handshake' else 'melding'}-{'' if uitslag.gelukt else 'niet-'}aangenomen"
        ] += 1
        return uitslag

    async def _opnieuw(self, a: Abonnement, uitslag: Uitslag, geduld: tuple[float, ...]) -> bool:
        """Plan de volgende poging; onwaar als het geduld op is."""
        if not uitslag.opnieuw or a.pogingen >= len(geduld):
            return False
        straks = self._nu_ms() + int(geduld[a.pogingen] * 1000)
        await outbox.stel_uit(self.opslag, a.id, a.pogingen + 1, straks)
        return True

    async def _zet(self, versie: Versie, status: str, fout: str | None = None) -> bool:
        """Zet de stand van de Subscription; onwaar als de abonnee haar intussen zelf veranderde."""
        for _ in range(POGINGEN):
            m = await self.opslag.momentopname(versie.partitie)
            nu = m.get("Subscription", versie.id)
            if nu is None or nu.versie != versie.versie:
                return False
            inhoud = {k: w for k, w in nu.inhoud.items() if k != "error"} | {"status": status}
            inhoud |= {"error": fout} if fout else {}
            wijziging = Wijziging("Subscription", nu.id, inhoud, nu.auteur, nu.herkomst)
            try:
                await self.opslag.schrijf(m.partitie, m.volgnummer, [wijziging], nu.auteur, nu.herkomst, [_dienst(nu)])
                return True
            except Volgnummerbotsing:
                continue
        return False

    def _nu_ms(self) -> int:
        return int(self._klok() * 1000)


def _logregel(actor: Actor, melding: Melding, getoond: Getoond) -> Logregel:
    """De abonnee hoorde van deze Task: een inzage, op naam van wie het abonnement zette."""
    wie = f"Patient/{actor.patient}" if actor.patient else f"Organization/{actor.organisatie}"
    return Logregel(
        actor=wie if actor.patient or actor.organisatie else actor.client_id or "",
        naam=actor.naam,
        rol=actor.rol,
        organisatie=actor.organisatie,
        client=actor.client_id,
        namens=actor.namens,
        handeling="melding",
        partitie=melding.partitie,
        doel=" ".join(sorted({g.doel for g in getoond.gronden if g.doel})) or None,
        grond=" ".join(sorted({f"{g.soort}:{g.verwijzing}" if g.verwijzing else g.soort for g in getoond.gronden})),
        wat=(f"Task/{melding.task}",),
        uitkomst="gelukt",
    )


def _dienst(versie: Versie) -> Logregel:
    return Logregel(
        "dienst", "Hulpmiddelenpaspoort", "dienst", None, None, None, "update", versie.partitie, None, "dienst",
        (f"Subscription/{versie.id}",), "gelukt",
    )  # fmt: skip
