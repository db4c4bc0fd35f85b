"""Van definitie naar context: per soort één bouwer. Alles komt uit wat de server bij het starten las.

Kent geen HTTP; `web/naslag/__init__.py` hangt de bouwers aan hun adres.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Final

from markupsafe import Markup

from paspoort.fhir.validatie import Validator
from server.fhir.definities import TYPES_MET_DEFINITIES, Definities
from server.fhir.request import Json
from server.registry import DEFINITIETYPES
from web.naslag import paginas, stukken
from web.naslag.bibliotheek import Bibliotheek, Link, Stuk
from web.naslag.codes import van_lijst, van_stelsel
from web.naslag.elementen import invarianten, rijen
from web.naslag.paginas import Getoond, Kop, Menupunt, Operatieparameter, Treffer, Treffergroep
from web.naslag.server import Parameter, Server, Servertype, server_van
from web.naslag.tonen import json_met_links, met_code
from web.naslag.voorbeelden import Voorbeelden
from web.naslag.vragen import schets, tel
from web.naslag.woorden import HANDLEIDING, SOORTEN, STATUS, ZOEKSOORT

VOORBEELD: Final = Link("Voorbeelden", "#voorbeelden")
GEBRUIK: Final = Link("Waar het gebruikt wordt", "#gebruik")
JSON: Final = Link("JSON", "#json")


class Naslag:
    """Alle bladzijden van één server. Wat duur is, wordt bij het eerste gebruik gemaakt en daarna onthouden."""

    def __init__(self, definities: Definities, validator: Validator, basis: str) -> None:
        self._definities, self._validator, self.basis = definities, validator, basis

    @cached_property
    def bibliotheek(self) -> Bibliotheek:
        """Pas bij de eerste bladzijde: dan staat het CapabilityStatement er ook bij."""
        return Bibliotheek(t.bron.inhoud for type_ in TYPES_MET_DEFINITIES for t in self._definities.van_type(type_))

    @cached_property
    def voorbeelden(self) -> Voorbeelden:
        """De voorbeelden uit het pakket."""
        return Voorbeelden(self._validator)

    @cached_property
    def handleidingen(self) -> dict[str, stukken.Handleiding]:
        """De handleidingen die er zijn."""
        return stukken.laad()

    @cached_property
    def server(self) -> Server | None:
        """Wat het CapabilityStatement van deze server zegt."""
        statement = next(iter(self.bibliotheek.per_soort["mogelijkheden"].values()), None)
        return server_van(statement.inhoud, self.bibliotheek) if statement else None

    def menu(self, hier: str = "") -> tuple[Menupunt, ...]:
        """Het menu, met de soort waar u bent."""
        uit = [
            Menupunt(s.meer, f"/docs/{s.sleutel}", n, s.icoon, s.sleutel == hier, s.uitleg)
            for s in SOORTEN.values()
            if (n := len(self.bibliotheek.per_soort[s.sleutel]))
        ]
        if self.handleidingen:
            uitleg = "Hoe u aansluit, en hoe iedere rol ermee werkt."
            aantal = len(self.handleidingen)
            uit.insert(
                0, Menupunt("Handleidingen", f"/docs/{HANDLEIDING}", aantal, "info", hier == HANDLEIDING, uitleg)
            )
        return tuple(uit)

    # --- lijsten

    def start(self) -> paginas.StartContext:
        """De ingang."""
        aansluiten = self.handleidingen.get("aansluiten")
        return paginas.StartContext(
            menu=self.menu(),
            zoek="",
            basis=self.basis,
            aansluiten=aansluiten.link if aansluiten else Link(""),
            handleidingen=_handleidingen(h for h in self.handleidingen.values() if not h.code),
            soorten=tuple(m for m in self.menu() if not m.adres.endswith(HANDLEIDING)),
        )

    def zoek(self, woorden: str) -> paginas.LijstContext:
        """Alles waarin elk woord voorkomt, per soort."""
        gevonden = self.bibliotheek.zoek(woorden)
        groepen = list(_groepen(gevonden))
        kleine = woorden.lower().split()
        passend = _handleidingen(
            h for h in self.handleidingen.values()
            if all(w in f"{h.titel} {h.id} {h.html.striptags()}".lower() for w in kleine)
        )  # fmt: skip
        if passend:
            groepen.append(Treffergroep("Handleidingen", passend))
        aantal = sum(len(g.treffers) for g in groepen)
        kop = f"Zoeken op “{woorden}”"
        return paginas.LijstContext(self.menu(), woorden, kop, "", "/docs", tuple(groepen), aantal)

    def lijst(self, soort: str, woorden: str) -> paginas.LijstContext | None:
        """Alles van één soort, of wat daarvan past; None als die soort er niet is."""
        if soort == HANDLEIDING and self.handleidingen:
            treffers = _handleidingen(self.handleidingen.values())
            uitleg = "Per rol één, en wat u nodig hebt om aan te sluiten."
            groepen = (Treffergroep("", treffers),)
            return paginas.LijstContext(
                self.menu(soort), "", "Handleidingen", uitleg, f"/docs/{soort}", groepen, len(treffers)
            )
        if soort not in SOORTEN or not self.bibliotheek.per_soort[soort]:
            return None
        s = SOORTEN[soort]
        alle = self.bibliotheek.zoek(woorden, soort) if woorden else list(self.bibliotheek.per_soort[soort].values())
        gevonden = (Treffergroep("", tuple(map(_treffer, alle))),) if alle else ()
        return paginas.LijstContext(self.menu(soort), woorden, s.meer, s.uitleg, f"/docs/{soort}", gevonden, len(alle))

    def enige(self, soort: str) -> Stuk | None:
        """De ene definitie van een soort die er maar één heeft: dan is een lijst een omweg."""
        stukken_ = list(self.bibliotheek.per_soort.get(soort, {}).values())
        return stukken_[0] if len(stukken_) == 1 else None

    # --- één definitie

    def toon(self, stuk: Stuk) -> Any:
        """De context van één definitie."""
        bouwers = {
            "profiel": self._profiel,
            "extensie": self._profiel,
            "codestelsel": self._stelsel,
            "waardelijst": self._waardelijst,
            "vragenlijst": self._vragenlijst,
            "zoekparameter": self._zoekparameter,
            "operatie": self._operatie,
            "mogelijkheden": self._mogelijkheden,
        }
        return bouwers[stuk.soort.sleutel](stuk)

    def handleiding(self, id: str) -> paginas.HandleidingContext | None:
        """Eén handleiding, of None."""
        h = self.handleidingen.get(id)
        if h is None:
            return None
        return paginas.HandleidingContext(self.menu(HANDLEIDING), "", h.titel, h.kort, h.html, h.koppen, h.code)

    def _gemeen(self, stuk: Stuk, *delen: Link) -> dict[str, Any]:
        """Wat elke definitie op haar bladzijde heeft."""
        getoond = tuple(
            Getoond(
                v.goed,
                v.verzoek,
                json_met_links(v.inhoud, self.bibliotheek, {b.plek for b in v.bevindingen}) if v.inhoud else Markup(""),
                v.bevindingen,
                v.status,
            )
            for v in self.voorbeelden.van(stuk)
        )
        gebruik = _groepen(self.bibliotheek.gebruikt_door(stuk))
        alle = [*delen, *([VOORBEELD] if getoond else ()), *([GEBRUIK] if gebruik else ()), JSON]
        te_groot = stuk.soort.sleutel == "mogelijkheden"
        return {
            "menu": self.menu(stuk.soort.sleutel),
            "zoek": "",
            "kop": self._kop(stuk),
            "delen": tuple(alle),
            "voorbeelden": getoond,
            "gebruikt_door": gebruik,
            "json": Markup("") if te_groot else json_met_links(stuk.inhoud, self.bibliotheek),
        }

    def _kop(self, stuk: Stuk) -> Kop:
        d = stuk.inhoud
        basis = d.get("baseDefinition") or d.get("base")  # bij een zoekparameter is `base` een lijst typen
        return Kop(
            soort=stuk.soort.enkel,
            soort_meer=stuk.soort.meer,
            soort_adres=f"/docs/{stuk.soort.sleutel}",
            id=stuk.id,
            titel=stuk.titel,
            omschrijving=met_code(stuk.omschrijving),
            doel=str(d.get("purpose", "")),
            canonical=stuk.url,
            versie=str(d.get("version", "")),
            stand=STATUS.get(d.get("status", ""), ""),
            type=d["resourceType"],
            basis=self.bibliotheek.link(basis) if isinstance(basis, str) else Link(""),
            fhir_adres=stuk.fhir_adres,
            openbaar=d["resourceType"] in DEFINITIETYPES,
        )

    def _servertype(self, type: str) -> Servertype | None:
        return next((t for t in self.server.typen if t.type == type), None) if self.server else None

    def _profiel(self, stuk: Stuk) -> paginas.ProfielContext:
        d = stuk.inhoud
        regels = invarianten(d)
        server = self._servertype(d["type"]) if stuk.id == f"hmp-{d['type']}" else None
        plekken = tuple(self._plek(c.get("expression", "")) for c in d.get("context", ()))
        delen = [Link("Waar het hoort", "#plekken")] * bool(plekken) + [Link("Elementen", "#elementen")]
        delen += [Link("Regels", "#regels")] * bool(regels) + [Link("Wat de server ermee kan", "#server")] * bool(
            server
        )
        return paginas.ProfielContext(
            **self._gemeen(stuk, *delen),
            plekken=plekken,
            rijen=rijen(d, self.bibliotheek),
            regels=regels,
            server=server,
        )

    def _plek(self, expressie: str) -> Link:
        """Waar een extensie mag staan; het type ervan heeft een bladzijde."""
        link = self.bibliotheek.type_link(expressie.partition(".")[0])
        return Link(expressie, link.adres)

    def _stelsel(self, stuk: Stuk) -> paginas.StelselContext:
        codes = van_stelsel(stuk.inhoud)
        return paginas.StelselContext(**self._gemeen(stuk, Link("Codes", "#codes")), codes=codes)

    def _waardelijst(self, stuk: Stuk) -> paginas.WaardelijstContext:
        groepen = van_lijst(stuk.inhoud, self.bibliotheek)
        gemeen = self._gemeen(stuk, Link("Codes", "#codes"))
        return paginas.WaardelijstContext(**gemeen, groepen=groepen, aantal=sum(len(g.codes) for g in groepen))

    def _vragenlijst(self, stuk: Stuk) -> paginas.VragenlijstContext:
        vragen = schets(stuk.inhoud, self.bibliotheek)
        gemeen = self._gemeen(stuk, Link("Vragen", "#vragen"))
        return paginas.VragenlijstContext(**gemeen, vragen=vragen, aantal=tel(vragen))

    def _zoekparameter(self, stuk: Stuk) -> paginas.ZoekparameterContext:
        d = stuk.inhoud
        uitleg = met_code(ZOEKSOORT.get(d["type"], ""))
        return paginas.ZoekparameterContext(
            **self._gemeen(stuk, Link("Zo zoekt u", "#zoeken")),
            parameter=Parameter(d["code"], d["type"], uitleg, met_code(stuk.omschrijving), Link("")),
            typen=tuple(self.bibliotheek.type_link(b) for b in d["base"]),
            doelen=tuple(self.bibliotheek.type_link(t) for t in d.get("target", ())),
            expressie=str(d.get("expression", "")),
        )

    def _operatie(self, stuk: Stuk) -> paginas.OperatieContext:
        d = stuk.inhoud
        delen = [Link("Adres", "#adres"), Link("Invoer", "#invoer"), Link("Uitvoer", "#uitvoer")]
        return paginas.OperatieContext(
            **self._gemeen(stuk, *delen),
            adressen=tuple(_adressen(d)),
            verandert=bool(d.get("affectsState")),
            typen=tuple(self.bibliotheek.type_link(t) for t in d.get("resource", ()) if t != "Resource"),
            invoer=tuple(self._parameters(d.get("parameter", ()), "in")),
            uitvoer=tuple(self._parameters(d.get("parameter", ()), "out")),
        )

    def _parameters(self, lijst: Sequence[Json], kant: str, niveau: int = 0) -> Iterable[Operatieparameter]:
        for p in lijst:
            if p.get("use", kant) != kant:
                continue
            soort = self.bibliotheek.type_link(p["type"]) if "type" in p else Link("delen")
            yield Operatieparameter(
                p["name"], niveau, f"{p['min']}..{p['max']}", soort, met_code(str(p.get("documentation", "")))
            )
            yield from self._parameters(p.get("part", ()), kant, niveau + 1)

    def _mogelijkheden(self, stuk: Stuk) -> paginas.MogelijkhedenContext:
        delen = [Link("Overzicht", "#overzicht"), Link("Inloggen", "#inloggen"), Link("Per type", "#typen")]
        return paginas.MogelijkhedenContext(
            **self._gemeen(stuk, *delen), server=server_van(stuk.inhoud, self.bibliotheek)
        )


def _adressen(definitie: Json) -> Iterable[str]:
    """Waar een operatie aan te roepen is."""
    typen = [t for t in definitie.get("resource", ()) if t != "Resource"] or ["[type]"]
    naam = f"${definitie['code']}"
    if definitie.get("system"):
        yield f"[basis]/{naam}"
    for type_ in typen:
        if definitie.get("type"):
            yield f"[basis]/{type_}/{naam}"
        if definitie.get("instance"):
            yield f"[basis]/{type_}/[id]/{naam}"


def _treffer(stuk: Stuk) -> Treffer:
    return Treffer(stuk.titel, stuk.adres, stuk.id, stuk.omschrijving)


def _groepen(alle: Iterable[Stuk]) -> tuple[Treffergroep, ...]:
    """Stukken per soort, in de volgorde van het menu."""
    per_soort: dict[str, list[Treffer]] = {}
    for stuk in alle:
        per_soort.setdefault(stuk.soort.sleutel, []).append(_treffer(stuk))
    return tuple(Treffergroep(s.meer, tuple(per_soort[k])) for k, s in SOORTEN.items() if k in per_soort)


def _handleidingen(alle: Iterable[stukken.Handleiding]) -> tuple[Treffer, ...]:
    return tuple(Treffer(h.titel, h.link.adres, h.id, h.kort) for h in alle)
