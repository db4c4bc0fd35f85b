"""De postbode: verstuurt mail die klaarligt, opnieuw met steeds meer geduld, en weet pas dan aan wie en wat.

Een mail over een toestemming noemt wie er mag lezen en tot wanneer; geen gegevens, geen groepen, geen doel. Een sein
over een bericht noemt niets. Het adres komt uit paspoort of register van dat moment; zonder adres, en na wissen,
vervalt zij. Draait in elk proces, één verstuurt. Hoe een mail de deur uit gaat: `maildeur.py`. Bron: ontwerp.md
deel 5 (*post*), issue *receipt by e-mail*, issue 5 §4.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from paspoort.fhir.houder import namen
from paspoort.fhir.houder import uit_fhir as houder_uit
from paspoort.fhir.toestemming import uit_fhir
from paspoort.fhir.waarden import objecten, verwijzing
from paspoort.fouten import PaspoortFout
from paspoort.toestemming import Toestemming
from paspoort.toestemmingsverloop import Verandering, veranderingen
from server.access.actor import Actor, Rol
from server.access.zicht import bepaal_zicht
from server.post import mailtekst
from server.post.maildeur import Bericht, Maildeur
from server.store import mail as opslagmail
from server.store.mail import Mail
from server.store.mailrow import (
    BEVESTIGCODE,
    DOOD,
    GESTUURD,
    MEEKIJKEN,
    SEIN_AAN,
    SEIN_HOUDER,
    SEIN_SCHRIJVER,
    TOESTEMMING,
    VERVALLEN,
    over_advies,
)
from server.store.passports import Opslag
from server.store.register import Register
from server.store.versions import Momentopname, Versie

LOG: Final = logging.getLogger("hmp.mail")

# Seconden tot de volgende poging; daarna is het een dode brief, te zien bij `paspoort check`.
GEDULD: Final = (30, 120, 600, 3600, 6 * 3600, 24 * 3600)
KIJK_ELKE: Final = 5.0
LEIDING_MS: Final = 60_000
BEWAAR: Final = 30 * 86400
OPRUIMEN_ELKE: Final = 3600
# Van wat er aan een toestemming veranderde, in deze volgorde wat de mail meldt.
ADVIESLEZERS: Final[tuple[Rol, ...]] = ("therapeut", "verstrekker", "leverancier")
ONBEKEND: Final = "een organisatie"
MELDT: Final = ("gestopt", "gegeven", "gevraagd", "meer", "minder", "anders")


class Postbode:
    """Eén per proces. `start` en `stop` horen bij de levensloop van de app; `ronde` verstuurt alles wat nu kan."""

    def __init__(self, opslag: Opslag, deur: Maildeur | None, klok: Callable[[], float] = time.time) -> None:
        self.opslag, self._deur, self._klok = opslag, deur, klok
        self.tellingen: Counter[str] = Counter()
        self._proces = secrets.token_hex(8)
        self._tot_ms = 0
        self._opgeruimd = 0.0
        self._lus: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin te versturen, in de lopende event loop."""
        self._lus = asyncio.create_task(self._draai(), name="postbode")

    async def stop(self) -> None:
        """Houd op; wat onderweg is, komt een volgende keer."""
        if self._lus is not None:
            self._lus.cancel()
            await asyncio.gather(self._lus, return_exceptions=True)
        if self._tot_ms:
            with contextlib.suppress(PaspoortFout):
                await opslagmail.laat_los(self.opslag, self._proces)

    def tekst(self) -> str:
        """De tellingen in de vorm die Prometheus leest; geen adressen, geen personen."""
        regels = ["# TYPE paspoort_mail_total counter"]
        regels += [f'paspoort_mail_total{{uitkomst="{k}"}} {n}' for k, n in sorted(self.tellingen.items())]
        return "\n".join(regels) + "\n"

    async def ronde(self) -> int:
        """Verstuur wat aan de beurt is; geeft hoeveel mail er behandeld is."""
        klaar = await opslagmail.te_doen(self.opslag, self._nu_ms())
        for mail in klaar:
            if not await self._leidt(self._nu_ms()):  # een trage mailserver: dan verstuurt een ander proces de rest
                return 0
            if mail.onleesbaar:  # met geduld: de mail blijft liggen tot de beheerder haar bij de dode brieven ziet
                LOG.error("mail: onleesbaar")
                await self._later(mail)
                continue
            try:
                await self._een(mail)
            except PaspoortFout:
                raise
            except Exception as fout:  # een fout van ons in deze ene mail houdt de andere niet op
                LOG.error("mail: %s", type(fout).__name__)
                await self._later(mail)
        return len(klaar)

    async def _draai(self) -> None:
        while True:
            try:
                while await self.ronde():
                    pass
                await self._ruim_op()
            except PaspoortFout:
                pass  # de opslag was stil; straks weer
            except Exception as fout:
                LOG.error("postbode: %s", type(fout).__name__)
            await asyncio.sleep(KIJK_ELKE)

    async def _leidt(self, nu_ms: int) -> bool:
        if nu_ms < self._tot_ms - LEIDING_MS // 2:
            return True
        tot = nu_ms + LEIDING_MS
        self._tot_ms = tot if await opslagmail.neem_leiding(self.opslag, self._proces, nu_ms, tot) else 0
        return bool(self._tot_ms)

    async def _ruim_op(self) -> None:
        nu = self._klok()
        if nu - self._opgeruimd > OPRUIMEN_ELKE:
            self._opgeruimd = nu
            await opslagmail.ruim_op(self.opslag, int(nu) - BEWAAR)

    async def _een(self, mail: Mail) -> None:
        nu_ms = self._nu_ms()
        bericht = await self._bericht(mail)
        if bericht is None or self._deur is None:
            self.tellingen[VERVALLEN if bericht is None else "niet-ingesteld"] += 1
            await opslagmail.rond_af(self.opslag, mail, VERVALLEN, nu_ms)
            return
        try:
            # Een seintje gaat een volgende dag onder dezelfde id; dat is een andere mail dan een tweede poging.
            await self._deur.stuur(f"{mail.id}.{mail.consent}", bericht)
        except ValueError:  # een adres dat er geen is
            self.tellingen[VERVALLEN] += 1
            await opslagmail.rond_af(self.opslag, mail, VERVALLEN, nu_ms)
            return
        except OSError:  # ook alles van smtplib
            await self._later(mail)
            return
        self.tellingen[GESTUURD] += 1
        await opslagmail.rond_af(self.opslag, mail, GESTUURD, nu_ms)

    async def _later(self, mail: Mail) -> None:
        """Nog eens als er geduld over is; anders is zij een dode brief."""
        self.tellingen["mislukt"] += 1
        if mail.pogingen >= len(GEDULD):
            await opslagmail.rond_af(self.opslag, mail, DOOD, self._nu_ms())
        else:
            await opslagmail.stel_uit(self.opslag, mail, self._nu_ms() + GEDULD[mail.pogingen] * 1000)

    def _nu_ms(self) -> int:
        return int(self._klok() * 1000)

    async def _bericht(self, mail: Mail) -> Bericht | None:
        """Wat er nu te zeggen valt, en aan wie; None als dat er niet (meer) is."""
        basis = self.opslag.settings.base_url
        if mail.partitie is None:
            g = mail.gegevens
            tekst = mailtekst.vraag(g["naam"], g["organisatie"], f"{basis}/delen/vraag#{g['token']}", basis)
            return Bericht(g["aan"], *tekst)
        m = await self._momentopname(mail.partitie)
        if m is None or m.testdata_van is not None or mail.consent is None:
            return None
        adres = mailadres(m)
        if mail.soort == BEVESTIGCODE:
            t = self._toestemming(m, mail.consent)
            if t is None:
                return None
            tekst = mailtekst.bevestigcode(partijen(t, self.opslag.register), mail.gegevens["code"], basis)
            post = postadres(m)
            return Bericht(adres, *tekst) if adres else Bericht(post, *tekst, brief=True) if post else None
        if mail.soort in (SEIN_HOUDER, SEIN_AAN, SEIN_SCHRIJVER):
            aan = adres if mail.soort == SEIN_HOUDER else self._werkadres(m, mail.soort, mail.consent)
            nog = _op(m, mail.consent) is not None
            return Bericht(aan, *mailtekst.sein(mail.soort == SEIN_HOUDER, basis)) if aan and nog else None
        if mail.soort == MEEKIJKEN and adres:
            return self._meegekeken(m, mail.consent, adres, basis)
        if mail.soort != TOESTEMMING or not adres:
            return None
        return await self._ontvangstbewijs(mail, adres, basis)

    async def _ontvangstbewijs(self, mail: Mail, adres: str, basis: str) -> Bericht | None:
        assert mail.partitie is not None and mail.consent is not None and mail.versie is not None
        nieuw = await self._versie(mail.partitie, mail.consent, mail.versie)
        oud = await self._versie(mail.partitie, mail.consent, mail.versie - 1)
        melden = hoofdzaak(veranderingen(oud, nieuw))
        bron = nieuw or oud
        if melden is None or bron is None:
            return None
        wie = partijen(bron, self.opslag.register)
        gegeven = datetime.fromtimestamp(self._klok(), UTC)
        return Bericht(adres, *mailtekst.ontvangstbewijs(melden.soort, wie, bron.tot, gegeven, basis))

    def _meegekeken(self, m: Momentopname, bericht: str, adres: str, basis: str) -> Bericht | None:
        versie = m.get("Communication", bericht)
        if versie is None or versie.verwijderd:
            return None
        wie = naam_van(versie.auteur, self.opslag.register)
        return Bericht(adres, *mailtekst.meegekeken(wie, datetime.fromisoformat(versie.moment), basis))

    def _werkadres(self, m: Momentopname, soort: str, plek: str) -> str | None:
        """Het mailadres op het werk van wie het bericht aangaat; wie er geen wil, zet er geen in het register."""
        bericht = _op(m, plek)
        if bericht is None:
            return None
        advies = _op(m, over_advies(bericht.inhoud) or "")
        if soort == SEIN_AAN:
            wie = next((verwijzing(r) for r in objecten(bericht.inhoud.get("recipient"))), None)
        else:
            wie = advies.auteur if advies is not None else None
        type_, _, id_ = (wie or "").partition("/")
        functie = self.opslag.register.get(type_, id_) if type_ == "PractitionerRole" else None
        if functie is None or functie.verwijderd or advies is None or not self._leest(m, id_, advies):
            return None
        telecom = objecten(functie.inhoud.get("telecom"))
        adressen = (str(t.get("value", "")) for t in telecom if t.get("system") == "email")
        return next((a for a in adressen if "@" in a), None)

    def _leest(self, m: Momentopname, functie: str, advies: Versie) -> bool:
        """Of deze persoon het advies nu nog ziet: wie niet meer meeleest, hoort ook niet dat er iets gebeurde."""
        register, nu = self.opslag.register, datetime.fromtimestamp(self._klok(), UTC)
        huis = register.organisatie_van(f"PractitionerRole/{functie}")
        return huis is not None and any(
            bepaal_zicht(Actor("persoon", rol, "", organisatie=huis, functie=functie), m, register, nu).toon(advies)
            for rol in ADVIESLEZERS
        )

    async def _momentopname(self, partitie: str) -> Momentopname | None:
        with contextlib.suppress(PaspoortFout):
            return await self.opslag.momentopname(partitie)
        return None

    async def _versie(self, partitie: str, consent: str, nummer: int) -> Toestemming | None:
        versie = await self.opslag.versie(partitie, "Consent", consent, nummer) if nummer > 0 else None
        return None if versie is None or versie.verwijderd else uit_fhir(versie.inhoud)

    def _toestemming(self, m: Momentopname, consent: str) -> Toestemming | None:
        versie = m.get("Consent", consent)
        wacht = versie is not None and not versie.verwijderd and versie.inhoud.get("status") == "proposed"
        return uit_fhir(versie.inhoud) if versie is not None and wacht else None


def hoofdzaak(lijst: tuple[Verandering, ...]) -> Verandering | None:
    """De verandering die de mail meldt; None als er voor wie leest niets veranderde."""
    return min(lijst, key=lambda v: MELDT.index(v.soort), default=None)


def _op(m: Momentopname, plek: str) -> Versie | None:
    type_, _, id_ = plek.partition("/")
    versie = m.get(type_, id_)
    return versie if versie is not None and not versie.verwijderd else None


def mailadres(m: Momentopname) -> str | None:
    """Het mailadres van de houder, als dat in het paspoort staat."""
    patient = m.get("Patient", m.partitie)
    if patient is None or patient.verwijderd:
        return None
    return next((c.waarde for c in houder_uit(patient.inhoud).contact if c.soort == "email" and "@" in c.waarde), None)


def postadres(m: Momentopname) -> str | None:
    """Naam en adres voor op een brief, elk op een regel."""
    patient = m.get("Patient", m.partitie)
    if patient is None or patient.verwijderd:
        return None
    houder = houder_uit(patient.inhoud)
    for adres in houder.adressen[:1]:
        plaats = " ".join(d for d in (adres.postcode, adres.plaats) if d)
        return "\n".join([*([houder.naam] if houder.naam else []), *adres.regels, plaats])
    return None


def partijen(t: Toestemming, register: Register) -> str:
    """Wie er mag lezen, met naam; van een mens ook de organisatie."""
    return " en ".join(naam_van(aan, register) for aan in sorted(t.aan)) or "iemand"


def naam_van(aan: str, register: Register) -> str:
    """De naam van een organisatie, of van een medewerker met haar organisatie."""
    organisatie = register.organisatie_van(aan)
    versie = register.get("Organization", organisatie) if organisatie else None
    bekend = versie is not None and not versie.verwijderd
    huis = str(versie.inhoud.get("name") or ONBEKEND) if versie is not None and bekend else ONBEKEND
    functie = register.get("PractitionerRole", aan.partition("/")[2]) if aan.startswith("PractitionerRole/") else None
    wie = (functie.inhoud.get("practitioner") or {}).get("reference", "") if functie else ""
    mens = register.get("Practitioner", wie.partition("/")[2]) if wie else None
    if mens is None or mens.verwijderd:
        return huis
    gevonden = namen(mens.inhoud.get("name"))
    return f"{gevonden[0].volledig} van {huis}" if gevonden else huis
