"""Welke toets welke aanval probeert: één plek om te zien wat er is. Elke genoemde toets bestaat."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

HUIS = Path(__file__).parents[2]
OAUTH: Final = "tests/server/oauth/"
# aanval → bestand::toets
AANVALLEN: Final[dict[str, tuple[str, ...]]] = {
    "code van een ander inwisselen (injection)": (f"{OAUTH}test_codeflow.py::test_een_code_van_een_ander_werkt_niet",),
    "code of verversingstoken nog eens": (
        f"{OAUTH}test_codeflow.py::test_een_code_werkt_een_keer_en_hergebruik_trekt_alles_in",
        f"{OAUTH}test_codeflow.py::test_twee_keer_tegelijk_inwisselen_geeft_hoogstens_een_token",
        f"{OAUTH}test_token.py::test_vernieuwen_geeft_een_nieuw_paar_en_hergebruik_beeindigt_de_familie",
    ),
    "PKCE weglaten of verzwakken, en trucs met het terugkeeradres": (
        f"{OAUTH}test_authorize.py::test_een_onveilig_adres_geeft_een_bladzijde_en_geen_doorverwijzing",
        f"{OAUTH}test_authorize.py::test_een_fout_gaat_met_state_en_iss_naar_de_app",
        f"{OAUTH}test_token.py::test_een_foute_inwisseling_zegt_wat_er_mis_is",
    ),
    "diensten verwisselen (mix-up)": (
        f"{OAUTH}test_tweede_dienst.py::test_verwisselde_diensten_krijgen_elkaars_code_niet",
    ),
    "token voor een ander doel of van een ander": (
        "tests/aanval/test_zelf_toekennen.py::test_een_id_token_en_een_verversingstoken_openen_niets",
        f"{OAUTH}test_token.py::test_een_andere_app_kan_niet_vernieuwen",
        f"{OAUTH}test_intrekken.py::test_een_app_kan_het_token_van_een_ander_niet_intrekken",
    ),
    "alg, kid en jti": (
        f"{OAUTH}test_backend.py::test_een_andere_sleutel_of_algoritme_wordt_geweigerd",
        f"{OAUTH}test_backend.py::test_een_assertion_werkt_een_keer",
        f"{OAUTH}test_tweede_dienst.py::test_een_id_token_dat_niet_klopt_laat_niemand_binnen",
    ),
    "CSRF": (
        "tests/web/test_bezoek.py::test_een_formulier_van_elders_doet_niets",
        "tests/web/test_bezoek.py::test_het_teken_van_een_ander_werkt_niet",
        f"{OAUTH}test_codeflow.py::test_een_vreemd_formulier_geeft_geen_toestemming",
    ),
    "sessie vooraf kiezen (fixation)": (
        f"{OAUTH}test_tweede_dienst.py::test_een_gekozen_sessie_van_tevoren_helpt_een_aanvaller_niet",
    ),
    "de id van een ander op elke route (IDOR)": (
        "tests/aanval/test_verborgen.py::test_elke_route_is_gelijk_voor_verborgen_en_nooit_geweest",
        "tests/aanval/test_idor_bladzijden.py::test_met_elk_id_van_een_ander_is_er_niets_en_gebeurt_er_niets",
    ),
    "velden van de server invullen (mass assignment), zichzelf iets toekennen": (
        "tests/aanval/test_zelf_toekennen.py::test_wat_van_de_server_is_neemt_hij_niet_van_een_app_aan",
        "tests/aanval/test_zelf_toekennen.py::test_niemand_schrijft_zichzelf_een_aanleiding_mandaat_of_toestemming",
        f"{OAUTH}test_codeflow.py::test_het_formulier_kan_niet_meer_vragen_dan_de_persoon_mag",
    ),
    "scope verruimen bij vernieuwen": (
        f"{OAUTH}test_token.py::test_vernieuwen_mag_versmallen_maar_niet_verruimen_en_de_toestemming_blijft",
    ),
    "QR of code nog eens gebruiken": (
        "tests/aanval/test_uitnodiging_voorbij.py::test_een_uitnodiging_die_voorbij_is_is_gelijk_aan_een_die_nooit_was",
        "tests/web/test_aannemen.py::test_een_uitnodiging_is_voor_een_persoon",
    ),
    "code raden, ook met alles tegelijk": (
        "tests/server/store/test_pogingen.py::test_wie_alles_tegelijk_probeert_krijgt_er_niet_meer",
        "tests/server/store/test_pogingen.py::test_een_adres_met_veel_accounts_houdt_op",
        "tests/server/store/test_pogingen.py::test_het_venster_schuift_en_begint_niet_elk_blok_opnieuw",
    ),
    "langs een omweg laten verraden": (
        "tests/server/access/test_aanval.py::test_verborgen_en_nooit_geweest_zijn_langs_elke_omweg_gelijk",
        "tests/last/test_zelfde_tijd.py::test_verborgen_en_nooit_geweest_duren_even_lang",
    ),
}


@pytest.mark.parametrize("aanval", AANVALLEN)
def test_elke_genoemde_toets_bestaat(aanval: str) -> None:
    for plek in AANVALLEN[aanval]:
        bestand, _, naam = plek.partition("::")
        assert f"def {naam}(" in (HUIS / bestand).read_text("utf-8"), plek
