"""Elk sjabloon van een professional gebruikt precies de velden van zijn context: niets te veel, niets te weinig."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, meta, nodes

from paspoort.toestemming import HIER
from web.aanleiding import AanleidingContext
from web.aannemen import CodeContext, LinkContext, WachtContext
from web.bladzijde import SJABLONEN
from web.consulent import WerkvoorraadContext
from web.consulent_advies import AdviesbladContext
from web.consulent_anders import AndersContext
from web.consulent_doorgeven import DoorgevenContext
from web.consulent_intake import IntakeContext
from web.consulent_meedenken import MeedenkenContext
from web.mag_delen import MagDelenContext
from web.therapeut import ClientContext, ClientenContext
from web.therapeut_advies import BewerkContext
from web.therapeut_afstemming import AfstemmingContext
from web.therapeut_bewaar import PaneelContext
from web.therapeut_lees import LeesContext
from web.therapeut_nieuw import NieuwContext
from web.therapeut_papier import PapierContext, moment_van
from web.vragen import NieuwContext as VraagNieuwContext
from web.vragen import VraagContext
from web.vragen_client import VraagClientContext, VraagCodeContext

PAREN: dict[str, type] = {
    "werk/aanleiding.html": AanleidingContext,
    "werk/code.html": CodeContext,
    "werk/uitnodiging.html": LinkContext,
    "werk/wacht.html": WachtContext,
    "werk/vraag_nieuw.html": VraagNieuwContext,
    "werk/vraag.html": VraagContext,
    "werk/vraag_client.html": VraagClientContext,
    "werk/vraag_code.html": VraagCodeContext,
    "werk/mag_delen.html": MagDelenContext,
    "werk/meedenken.html": MeedenkenContext,
    "werk/werkvoorraad.html": WerkvoorraadContext,
    "werk/intake.html": IntakeContext,
    "werk/adviesblad.html": AdviesbladContext,
    "werk/anders.html": AndersContext,
    "werk/doorgeven.html": DoorgevenContext,
    "werk/clienten.html": ClientenContext,
    "werk/client.html": ClientContext,
    "werk/advies_nieuw.html": NieuwContext,
    "werk/advies_bewerk.html": BewerkContext,
    "werk/advies_paneel.html": PaneelContext,
    "werk/advies_afstemming.html": AfstemmingContext,
    "werk/advies_lees.html": LeesContext,
    "werk/advies_papier.html": PapierContext,
}
STUKKEN = {"delen.html", "veld.html", "advies_stuk.html"}  # macro's, geen bladzijden
VAN_HET_HUIS = {"eenmalig", "icoon", "plaat", "demo", "thema", "sessie"}
# wat `{% import … with context %}` in werk.html en advies_bewerk.html een naam geeft
INGEVOERD = {"delen", "v", "vl", "stuk"}


def namen(sjabloon: str) -> set[str]:
    """Alle namen die een sjabloon leest, met die van zijn ouders en wat het invoert."""
    omgeving = Environment(loader=FileSystemLoader(SJABLONEN), autoescape=True)
    omgeving.filters.update(dict.fromkeys(("dag", "tijd", "regels", "maand", "hoofdletter"), str))
    assert omgeving.loader is not None
    boom = omgeving.parse(omgeving.loader.get_source(omgeving, sjabloon)[0])
    gevonden = set(meta.find_undeclared_variables(boom)) - {m.name for m in boom.find_all(nodes.Macro)}
    for ouder in boom.find_all((nodes.Extends, nodes.Import)):
        gevonden |= namen(ouder.template.value)  # type: ignore[attr-defined]
    return gevonden - VAN_HET_HUIS - INGEVOERD


@pytest.mark.parametrize(("sjabloon", "context"), PAREN.items(), ids=list(PAREN))
def test_een_sjabloon_leest_precies_de_velden_van_zijn_context(sjabloon: str, context: type) -> None:
    assert is_dataclass(context) and context.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert namen(sjabloon) == {f.name for f in fields(context)}


def test_elk_sjabloon_van_een_professional_heeft_een_context() -> None:
    assert {f"werk/{p.name}" for p in (Path(SJABLONEN) / "werk").glob("*.html") if p.name not in STUKKEN} == set(PAREN)


def test_papier_van_vandaag_is_nooit_van_later_dan_nu() -> None:
    ochtend = datetime(2026, 3, 9, 8, 15, tzinfo=HIER)
    assert moment_van(ochtend.date(), ochtend) == ochtend
    assert moment_van(date(2019, 3, 9), ochtend) == datetime(2019, 3, 9, 12, tzinfo=HIER)
