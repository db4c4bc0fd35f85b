"""De opslag: partities met alleen toevoegbare, versleutelde versies, en wat daar in één transactie bij hoort.

Ontwerp deel 2 en docs/architectuur.md. Beslist niets over toegang: dat doet `server/access/zicht.py`.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import asdict

from paspoort.fouten import Melding, PaspoortFout
from server.rem import Rem
from server.settings import Settings
from server.store import connect, erase
from server.store import statements as sql
from server.store.cache import Ingang, Momentopnamegeheugen
from server.store.cipher import lees_versie
from server.store.dagwortel import Dagwacht, teken_dagen
from server.store.indexes import opdrachten
from server.store.inleg import Stuk, samengevoegd, versleutel
from server.store.logrow import Logregel, maak_stuk
from server.store.logstream import begin_ketting
from server.store.meldingen import Wekker
from server.store.register import REGISTER, Mandaat, Register
from server.store.seal import Ondertekenaar
from server.store.sql import Botsing, Database, Logstuk, Op, Row, Unit, niet_gevonden
from server.store.vault import Kluis, Sleutelbos, Slot
from server.store.verhuizing import eerdere_versies
from server.store.versions import GEWIST, VERHUISD, Deel, Momentopname, Versie, Volgnummerbotsing, Wijziging
from server.store.versions import nieuwe_versies as maak_versies

# Wat bij de nieuwe versies hoort: meer wijzigingen in dezelfde partitie, en delen in andere.
Vervolg = Callable[[tuple[Versie, ...]], tuple[Sequence[Wijziging], Sequence[Deel]]]
INSTALLATIESLEUTELS = ("index", "log", "sessie", "bladzijde", "post")
LOGBOSSEN_MAX = 20_000


class Opslag:
    """Alle gegevens. Maak hem met `await Opslag.open(settings)` en sluit met `await opslag.sluit()`."""

    def __init__(self, settings: Settings, db: Database, kluis: Kluis) -> None:
        self.settings = settings
        self.db = db
        self.kluis = kluis
        self.ondertekenaar = Ondertekenaar(settings.data)
        self.geheugen = Momentopnamegeheugen(settings.snapshot_cache_mb)
        self.register = Register(Momentopname(REGISTER, 0, soort="register"))
        self.wekker = Wekker()
        self.rem = Rem(settings.grenzen, settings.proxys)
        self.dagwacht = Dagwacht(lambda: teken_dagen(self))
        self._logbossen: OrderedDict[str, Sleutelbos] = OrderedDict()

    @classmethod
    async def open(cls, settings: Settings) -> Opslag:
        """Werk het schema bij, open beide databases en laad het register.

        `PaspoortFout("opslag-stil")` als een database niet bereikbaar is of de hoofdsleutel niet past.
        """
        db, kluis_db = await connect.open_databases(settings)
        opslag = cls(settings, db, Kluis(kluis_db, settings.master_key, settings.master_key_oud))
        try:
            await opslag.kluis.open_installatie(INSTALLATIESLEUTELS)
            if await db.rij(sql.KOP, partitie=REGISTER) is None:
                await opslag._maak_register()
            await erase.herhaal(opslag)
            await opslag.momentopname(REGISTER)
        except BaseException:
            await opslag.sluit()
            raise
        return opslag

    async def sluit(self) -> None:
        """Leg vast wat nog wacht en sluit beide databases."""
        await self.dagwacht.klaar()
        await self.db.sluit()
        await self.kluis.db.sluit()

    # --- lezen

    async def momentopname(self, partitie: str) -> Momentopname:
        """Alle huidige resources van één partitie; ververst ook `self.register`. `PaspoortFout("niet-gevonden")`."""
        stand = volgnummer = None
        for id_, nummer, gewist, teller in await self.db.rijen(sql.STAND, partitie=partitie, register=REGISTER):
            if id_ == REGISTER:
                stand = (nummer, teller)
            if id_ == partitie and not gewist:
                volgnummer = nummer
        if stand is not None and stand != (self.register.momentopname.volgnummer, self.register.stand):
            await self._ververs_register(stand[1])
        if volgnummer is None:
            self.vergeet(partitie)
            raise niet_gevonden()
        return (await self.ingang(partitie, volgnummer)).momentopname

    async def partitie_van(self, type: str, id: str) -> str | None:
        """In welke partitie een resource ligt; None als zij er niet (meer) is."""
        rij = await self.db.rij(sql.WAAR, type=type, id=id)
        return None if rij is None else str(rij[0])

    async def versies(self, partitie: str, type: str, id: str) -> tuple[Versie, ...]:
        """Alle versies, nieuwste eerst, ook die van vóór een verhuizing hierheen; leeg als hier niets (meer) is."""
        rijen = await self.db.rijen(sql.VAN_RESOURCE, partitie=partitie, type=type, id=id)
        uit = await self._open_rijen(partitie, rijen)
        return (*uit, *await eerdere_versies(self, uit[-1])) if uit and uit[-1].versie > 1 else uit

    async def versie(self, partitie: str, type: str, id: str, nummer: int) -> Versie | None:
        """Eén versie, of None."""
        rij = await self.db.rij(sql.EEN_VERSIE, partitie=partitie, type=type, id=id, versie=nummer)
        if rij is None:
            return next((v for v in await self.versies(partitie, type, id) if v.versie == nummer), None)
        return next(iter(await self._open_rijen(partitie, [rij])), None)

    async def partities(self, soort: str = "paspoort", na: str = "", aantal: int = 100) -> tuple[str, ...]:
        """De volgende partities van een soort, op id; voor lezen over paspoorten heen."""
        rijen = await self.db.rijen(sql.PARTITIES, soort=soort, na=na, aantal=aantal)
        return tuple(rij[0] for rij in rijen)

    async def testpartities(self, client_id: str, leeg_voor: int | None = None) -> tuple[str, ...]:
        """De paspoorten die deze proef-app maakte; met `leeg_voor` (seconden) die er toen al waren en nog leeg zijn."""
        vraag, voor = (sql.TESTPARTITIES, {}) if leeg_voor is None else (sql.LEGE_TESTPARTITIES, {"voor": leeg_voor})
        return tuple(rij[0] for rij in await self.db.rijen(vraag, client=client_id, **voor))

    # --- schrijven

    async def maak_partitie(self, id: str, soort: str, testdata_van: str | None = None) -> None:
        """Een nieuwe, lege partitie: `paspoort`, `organisatie` of `register`. `PaspoortFout("partitie-bestaat")`."""
        try:
            await self.kluis.maak_partitie(id)
        except Botsing:
            if await self.db.rij(sql.KOP, partitie=id) is not None:
                raise PaspoortFout(Melding("partitie-bestaat")) from None
            # de sleutel was er al: een eerdere poging brak af tussen kluis en gegevens, maak haar af
        rij = {
            "id": id, "soort": soort, "volgnummer": 0, "ketting": begin_ketting(id), "stand": 0, "gewist": 0,
            "testdata_van": testdata_van, "gemaakt": int(time.time()),
        }  # fmt: skip
        try:
            await self.db.voer_uit(Unit((Op(sql.NIEUWE_PARTITIE, rij, 1),), sleutel=id))
        except Botsing:
            raise PaspoortFout(Melding("partitie-bestaat")) from None

    async def schrijf(
        self,
        partitie: str,
        verwacht_volgnummer: int,
        wijzigingen: Sequence[Wijziging],
        auteur: str,
        herkomst: str | Callable[[Wijziging], str],
        log: Sequence[Logregel] = (),
        vervolg: Vervolg | None = None,
    ) -> tuple[Versie, ...]:
        """Voeg versies en logregels toe in één transactie; keert terug als alles op schijf staat.

        `vervolg` krijgt de nieuwe versies en zegt wat er in dezelfde transactie nog bij hoort: meer in deze partitie
        (een zegel over de bytes) en in een andere (een afschrift). Geeft de versies van deze partitie. Werpt
        `Volgnummerbotsing` als iemand eerder was, `PaspoortFout` `id-bezet` (die type/id ligt in een andere partitie),
        `niet-gevonden` of `opslag-stil`.
        """
        ingang = await self._op_volgnummer(partitie, verwacht_volgnummer)
        m = ingang.momentopname
        versies = maak_versies(m, wijzigingen, auteur, herkomst)
        delen: Sequence[Deel] = ()
        if vervolg is not None:
            erbij, delen = vervolg(versies)
            na = m.met(m.volgnummer + len(versies), versies)
            versies = (*versies, *maak_versies(na, erbij, auteur, herkomst))
        samen = [Stuk(ingang, versies, komt_van={(w.type, w.id): w.vertrek for w in wijzigingen if w.vertrek})]
        for deel in samengevoegd(wijzigingen, delen):
            ander = await self._op_volgnummer(deel.partitie, deel.verwacht_volgnummer)
            verder = maak_versies(ander.momentopname, deel.wijzigingen, auteur, herkomst)
            samen.append(Stuk(ander, verder, deel.vertrekt))
        await self._leg_vast(samen, log)
        return versies

    async def log(self, regels: Sequence[Logregel]) -> None:
        """Wacht tot de regels vaststaan. `PaspoortFout("opslag-stil")`: dan mag ook het antwoord niet weg."""
        await self.db.voer_uit(Unit(log=await self._stukken(regels)))

    async def wis(self, partitie: str, type: str | None = None, id: str | None = None) -> None:
        """Vernietig de sleutel van een partitie of van één resource; de versleutelde keten blijft te controleren.

        De wissing staat eerst op de ondertekende lijst, zodat een herstelde back-up haar niet ongedaan maakt.
        """
        await erase.wis(self, partitie, type, id)

    async def wis_samen(self, partitie: str, plekken: Sequence[tuple[str, str]], gezien: int | None = None) -> None:
        """Als `wis`, voor resources (type, id) die samen weg zijn of samen niet; `gezien`: `erase.wis_samen`."""
        await erase.wis_samen(self, partitie, plekken, gezien)

    # --- register

    async def schors(self, organisatie: str, geschorst: bool = True) -> None:
        """Schors een organisatie, of hef dat op; geldt bij het eerstvolgende verzoek."""
        rij = {"organisatie": organisatie, "sinds": int(time.time())}
        op = Op(sql.SCHORS, rij) if geschorst else Op(sql.SCHORS_NIET, {"organisatie": organisatie})
        await self.wijzig_register(op)

    async def zet_mandaat(self, m: Mandaat) -> None:
        """Zet of vervang een mandaat tussen organisaties."""
        await self.wijzig_register(Op(sql.ZET_MANDAAT, asdict(m)))

    async def trek_mandaat_in(self, van: str, aan: str, taak: str) -> None:
        """Haal een mandaat weg."""
        await self.wijzig_register(Op(sql.GEEN_MANDAAT, {"van": van, "aan": aan, "taak": taak}))

    # --- voor de andere modules van server/store

    def slot(self, naam: str) -> Slot:
        """Een sleutel van de installatie (`INSTALLATIESLEUTELS`)."""
        return self.kluis.installatie(naam)

    async def logbos(self, partitie: str | None) -> Sleutelbos | None:
        """De sleutel en schuilnaam waaronder over een partitie gelogd wordt; None als die er niet (meer) is."""
        if partitie is None:
            return None
        ingang = self.geheugen.get(partitie)
        if ingang is not None:
            return ingang.bos
        bos = self._logbossen.get(partitie)
        if bos is None:
            bos = await self.kluis.sleutelbos(partitie, met_gegevens=False)
            if bos is not None:
                self._logbossen[partitie] = bos
                if len(self._logbossen) > LOGBOSSEN_MAX:
                    self._logbossen.popitem(last=False)
        return bos

    # --- binnenkant

    async def _stukken(self, regels: Sequence[Logregel]) -> tuple[Logstuk, ...]:
        log = self.kluis.installatie("log")
        stukken = [maak_stuk(regel, await self.logbos(regel.partitie), log) for regel in regels]
        for stuk in stukken[:1]:
            self.dagwacht.zie(stuk.moment)
        return tuple(stukken)

    async def _op_volgnummer(self, partitie: str, verwacht: int) -> Ingang:
        m = await self.momentopname(partitie)
        ingang = await self.ingang(partitie, m.volgnummer)
        if ingang.momentopname.volgnummer != verwacht:
            raise Volgnummerbotsing
        return ingang

    async def _leg_vast(self, samen: Sequence[Stuk], log: Sequence[Logregel]) -> None:
        index = self.kluis.installatie("index").hmac
        extra: list[Op] = []
        for stuk in samen:
            for v in stuk.versies:
                if (v.type, v.id) in stuk.vertrekt:
                    continue  # de indexen volgen de nieuwe plaats
                if v.versie == 1 and await self.partitie_van(v.type, v.id) is not None:
                    raise PaspoortFout(Melding("id-bezet", v.verwijzing))
                extra += opdrachten(v, index, self.register.organisatie_van)
        stukken = await self._stukken(log)
        inleg = [versleutel(stuk) for stuk in samen]
        for deel in inleg:
            if deel.sleutels:  # eerst duurzaam in de kluis: een versie zonder sleutel zou verloren zijn
                await self.kluis.db.voer_uit(Unit(deel.sleutels, sleutel=deel.partitie))
        ops = [op for deel in inleg for op in deel.ops]
        try:
            await self.db.voer_uit(Unit((*ops, *extra), stukken, inleg[0].partitie))
        except Botsing:
            raise Volgnummerbotsing from None
        self.wekker.bij(v.type for stuk in samen for v in stuk.versies)
        for deel in inleg:
            self.geheugen.zet(deel.bezegel())
            if deel.partitie == REGISTER:
                await self.momentopname(REGISTER)

    async def ingang(self, partitie: str, volgnummer: int) -> Ingang:
        """De ingang op minstens dit volgnummer: uit het geheugen, bijgelezen, of helemaal gelezen."""
        vers = self.geheugen.vers(partitie, volgnummer)
        if vers is not None:
            return vers
        oud = self.geheugen.get(partitie)
        nieuw = await self._lees_bij(oud) if oud is not None else await self._lees_alles(partitie)
        self.geheugen.zet(nieuw)
        return nieuw

    async def _lees_alles(self, partitie: str) -> Ingang:
        bos = await self.kluis.sleutelbos(partitie)
        while True:
            kop = await self.db.rij(sql.KOP, partitie=partitie)
            if bos is None or kop is None or kop[3]:
                raise niet_gevonden()
            soort, volgnummer, ketting, _, testdata_van = kop
            rijen = await self.db.rijen(sql.HUIDIG, partitie=partitie)
            if all(rij[0] <= volgnummer for rij in rijen):  # anders schreef er iemand tussen de twee lezingen
                break
        if any(rij[7] not in bos.gegevens for rij in rijen):
            await self.kluis.laad_gegevens(bos)
        levend = [rij for rij in rijen if rij[7] in bos.gegevens]
        bos.van = {(rij[1], rij[2]): rij[7] for rij in levend}
        versies = [lees_versie(partitie, rij, bos.gegevens[rij[7]]) for rij in levend]
        m = Momentopname(partitie, volgnummer, versies, soort=soort, testdata_van=testdata_van)
        return Ingang(m, bos, ketting)

    async def _lees_bij(self, oud: Ingang) -> Ingang:
        m, bos = oud.momentopname, oud.bos
        kop = await self.db.rij(sql.KOP, partitie=m.partitie)
        if kop is None or kop[3]:
            raise niet_gevonden()
        rijen = await self.db.rijen(sql.SINDS, partitie=m.partitie, na=m.volgnummer, tot=kop[1])
        if any(rij[7] not in bos.gegevens for rij in rijen):
            await self.kluis.laad_gegevens(bos)
        weg = {(rij[1], rij[2]): rij[6] for rij in rijen if rij[6] in (GEWIST, VERHUISD)}
        for sleutel in (s for s, stand in weg.items() if stand == GEWIST):
            bos.gegevens.pop(bos.van.pop(sleutel, ""), None)
        levend = [rij for rij in rijen if rij[7] in bos.gegevens and (rij[1], rij[2]) not in weg]
        bos.van.update({(rij[1], rij[2]): rij[7] for rij in levend})
        versies = [lees_versie(m.partitie, rij, bos.gegevens[rij[7]]) for rij in levend]
        return Ingang(m.met(kop[1], versies, weg), bos, kop[2])

    async def _open_rijen(self, partitie: str, rijen: Sequence[Row]) -> tuple[Versie, ...]:
        if not rijen:
            return ()
        await self.momentopname(partitie)
        ingang = self.geheugen.get(partitie)
        bos = ingang.bos if ingang is not None else await self.kluis.sleutelbos(partitie)
        if bos is None or any(rij[6] == GEWIST for rij in rijen):
            return ()
        return tuple(lees_versie(partitie, rij, bos.gegevens[rij[7]]) for rij in rijen if rij[7] in bos.gegevens)

    def vergeet(self, partitie: str) -> None:
        """Haal een partitie met haar sleutels uit het geheugen."""
        self.geheugen.weg(partitie)
        self._logbossen.pop(partitie, None)

    async def _maak_register(self) -> None:
        try:
            await self.maak_partitie(REGISTER, "register")
        except PaspoortFout as fout:  # een ander proces was eerder
            if fout.meldingen[0].code != "partitie-bestaat":
                raise

    async def wijzig_register(self, *ops: Op) -> None:
        """Voor wat naast het register hoort (schorsingen, mandaten): elk proces leest het bij zijn volgende verzoek."""
        await self.db.voer_uit(Unit((*ops, Op(sql.TEL_STAND, {"b_id": REGISTER}, 1)), sleutel=REGISTER))
        await self.momentopname(REGISTER)

    async def _ververs_register(self, stand: int) -> None:
        rij = await self.db.rij(sql.KOP, partitie=REGISTER)
        if rij is None:
            return
        m = (await self.ingang(REGISTER, rij[1])).momentopname
        geschorst = frozenset(rij[0] for rij in await self.db.rijen(sql.GESCHORST))
        mandaten = tuple(Mandaat(*rij) for rij in await self.db.rijen(sql.MANDATEN))
        self.register = Register(m, geschorst, mandaten, stand, frozenset(r[0] for r in await self.db.rijen(sql.STIL)))
