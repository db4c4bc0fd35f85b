"""Twee schermen samenvoegen: wat één kant veranderde gaat vanzelf goed, en niets dat getypt is verdwijnt stil."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from web.therapeut_samen import Samen, voeg_samen

Vorm = dict[str, list[str]]
WOORDEN = ("zelf rijden", "zelf koken", "naar het werk", "veilig staan", "buiten op gras", "zitten zonder pijn")
BASIS: Vorm = {"hulpvraag": ["Zelf naar buiten."], "eis.0.tekst": ["zelf rijden"], "eis.1.tekst": ["zelf koken"]}


def teksten(samen: Samen) -> set[str]:
    """Alles wat er na het samenvoegen nog te lezen is: in een veld of in een keuze."""
    uit = {w for waarden in samen.velden.values() for w in waarden}
    return uit | {w for b in samen.botsingen for w in (*b.hier, *b.daar)}


def test_elk_scherm_een_ander_veld_gaat_vanzelf_goed() -> None:
    samen = voeg_samen(BASIS, BASIS | {"hulpvraag": ["Daar."]}, BASIS | {"eis.1.tekst": ["zelf koken en eten"]})
    assert not samen.botsingen and not samen.schuift
    assert samen.velden["hulpvraag"] == ("Daar.",) and samen.velden["eis.1.tekst"] == ("zelf koken en eten",)


def test_hetzelfde_veld_anders_is_een_keuze_en_bewaard_blijft_wat_er_staat() -> None:
    samen = voeg_samen(BASIS, BASIS | {"hulpvraag": ["Daar."]}, BASIS | {"hulpvraag": ["Hier."]})
    assert [(b.naam, b.hier, b.daar) for b in samen.botsingen] == [("hulpvraag", ("Hier.",), ("Daar.",))]
    assert samen.velden["hulpvraag"] == ("Daar.",) and samen.met_hier["hulpvraag"] == ("Hier.",)


def test_wie_verder_typte_hoeft_niet_te_kiezen() -> None:
    daar, hier = BASIS | {"hulpvraag": ["Zelf naar"]}, BASIS | {"hulpvraag": ["Zelf naar het werk"]}
    for een, twee in ((daar, hier), (hier, daar)):
        samen = voeg_samen(BASIS, een, twee)
        assert not samen.botsingen and samen.velden["hulpvraag"] == ("Zelf naar het werk",)


def test_een_weggehaalde_eis_blijft_weg_maar_niet_als_hier_iemand_eraan_schreef() -> None:
    daar = {"hulpvraag": BASIS["hulpvraag"], "eis.0.tekst": ["zelf koken"]}
    samen = voeg_samen(BASIS, daar, BASIS | {"eis.1.tekst": ["zelf koken en eten"]})
    assert samen.velden == {"hulpvraag": ("Zelf naar buiten.",), "eis.0.tekst": ("zelf koken en eten",)}
    assert samen.schuift
    terug = voeg_samen(BASIS, daar, BASIS | {"eis.0.tekst": ["zelf rijden en remmen"]})
    assert "zelf rijden en remmen" in teksten(terug)


def test_twee_nieuwe_eisen_blijven_allebei_en_dezelfde_telt_een_keer() -> None:
    daar, hier = BASIS | {"eis.2.tekst": ["veilig staan"]}, BASIS | {"eis.2.tekst": ["naar het werk"]}
    assert {"veilig staan", "naar het werk"} <= teksten(voeg_samen(BASIS, daar, hier))
    samen = voeg_samen(BASIS, daar, daar)
    assert [n for n in samen.velden if n.startswith("eis.")] == ["eis.0.tekst", "eis.1.tekst", "eis.2.tekst"]


@st.composite
def vormen(draw: st.DrawFn) -> Vorm:
    los = {naam: [draw(st.sampled_from(WOORDEN))] for naam in draw(st.sets(st.sampled_from(("a", "b", "c"))))}
    rijen = draw(st.lists(st.fixed_dictionaries({"t": st.sampled_from(WOORDEN), "w": st.sampled_from(("", *WOORDEN))}),
                          max_size=4))  # fmt: skip
    return los | {f"eis.{n}.{veld}": [w] for n, rij in enumerate(rijen) for veld, w in rij.items()}


def kaal(vorm: Vorm) -> dict[str, tuple[str, ...]]:
    return {n: tuple(w for w in waarden if w) for n, waarden in vorm.items() if any(waarden)}


@settings(max_examples=150, deadline=None)
@given(begin=vormen(), daar=vormen(), hier=vormen())
def test_wetten_van_het_samenvoegen(begin: Vorm, daar: Vorm, hier: Vorm) -> None:
    assert voeg_samen(begin, begin, hier).velden == kaal(hier)  # alleen hier veranderd
    assert voeg_samen(begin, daar, begin).velden == kaal(daar)  # alleen daar veranderd
    gelijk = voeg_samen(begin, hier, hier)
    assert gelijk.velden == kaal(hier) and not gelijk.botsingen
    nieuw = {w for v in (daar, hier) for ws in v.values() for w in ws if w} - {w for ws in begin.values() for w in ws}
    assert nieuw <= teksten(voeg_samen(begin, daar, hier))  # niets dat een van beide schreef, is stil weg
