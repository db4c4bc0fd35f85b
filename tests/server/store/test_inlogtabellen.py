"""Accounts, sessies, apps, codes, tokens en uitnodigingen: één keer is één keer, en weg is meteen weg."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from paspoort.fouten import PaspoortFout
from server.store import Opslag, clients, forms, invitations, session, tokens
from server.store.clients import Client, CodeHergebruikt
from server.store.tokens import Ondertekensleutel, VerversingHergebruikt

NU = 1_800_000_000


async def test_een_account_is_issuer_en_sub(opslag: Opslag) -> None:
    een = await session.bewaar_account(opslag, "https://a", "1", "Nienke")
    zelfde = await session.bewaar_account(opslag, "https://a", "1", "Nienke de Wit")
    ander = await session.bewaar_account(opslag, "https://b", "1", "Nienke")
    assert een.id == zelfde.id != ander.id
    gelezen = await session.account_met_id(opslag, een.id)
    assert gelezen is not None
    assert gelezen.naam == "Nienke de Wit"
    assert await session.account_van(opslag, "https://a", "2") is None


async def test_tegelijk_voor_het_eerst_inloggen_geeft_een_account(opslag: Opslag) -> None:
    beide = await asyncio.gather(*(session.bewaar_account(opslag, "https://a", "1", "N") for _ in range(4)))
    assert len({a.id for a in beide}) == 1


async def test_lidmaatschappen_komen_en_gaan(opslag: Opslag) -> None:
    account = await session.bewaar_account(opslag, "https://a", "1", "N")
    lid = await session.zet_lidmaatschap(opslag, session.Lidmaatschap(account.id, "therapeut", "org", "functie"))
    await session.zet_lidmaatschap(
        opslag, session.Lidmaatschap(account.id, "vertegenwoordiger", patient="p", namens="Jan", mandaat="m1")
    )
    assert [m.rol for m in await session.lidmaatschappen(opslag, account.id)] == ["therapeut", "vertegenwoordiger"]
    assert await session.lidmaatschap(opslag, lid.id) == lid
    await session.verwijder_lidmaatschap(opslag, lid.id)
    assert await session.lidmaatschap(opslag, lid.id) is None
    (over,) = await session.lidmaatschappen(opslag, account.id)
    assert (over.namens, over.mandaat) == ("Jan", "m1")


async def test_een_websessie_leeft_tot_haar_einde(opslag: Opslag) -> None:
    token, gemaakt = await session.maak_sessie(opslag, "acc", {"rol": "houder"}, NU, NU + 900)
    assert await session.lees_sessie(opslag, token, NU + 899) == gemaakt
    assert await session.lees_sessie(opslag, token, NU + 900) is None
    await session.verleng_sessie(opslag, token, NU + 2000)
    assert await session.lees_sessie(opslag, token, NU + 900) is not None
    await session.herschrijf_sessie(opslag, token, gemaakt.csrf, {"rol": "therapeut"})
    gelezen = await session.lees_sessie(opslag, token, NU)
    assert gelezen is not None
    assert gelezen.gegevens == {"rol": "therapeut"}
    assert gelezen.csrf == gemaakt.csrf
    await session.beeindig_sessie(opslag, token)
    assert await session.lees_sessie(opslag, token, NU) is None
    assert await session.lees_sessie(opslag, "onbekend", NU) is None
    token2, _ = await session.maak_sessie(opslag, "acc", {}, NU, NU + 900)
    await session.beeindig_sessies_van(opslag, "acc")
    assert await session.lees_sessie(opslag, token2, NU) is None


async def test_een_sessie_houdt_haar_nummer_bij_een_nieuw_token_en_eindigt_langs_elke_weg(opslag: Opslag) -> None:
    begin = await session.maak_sessie(opslag, "acc", {}, NU, NU + 900, bij_dienst=("https://a", "s1"))
    token, een = await session.maak_sessie(
        opslag, "acc", {}, NU, NU + 900, nummer=begin[1].nummer, bij_dienst=("https://a", "s1"), in_plaats_van=begin[0]
    )
    assert await session.lees_sessie(opslag, begin[0], NU) is None and een.nummer == begin[1].nummer
    assert await session.sessie_leeft(opslag, een.nummer, NU) and not await session.sessie_leeft(opslag, "x", NU)
    assert not await session.sessie_leeft(opslag, een.nummer, NU + 901)
    _, twee = await session.maak_sessie(opslag, "acc", {}, NU + 1, NU + 900)
    assert await session.sessies_van(opslag, "acc", NU) == (een, twee)
    await session.beeindig_sessie_met_nummer(opslag, "ander", een.nummer)
    await session.beeindig_bij_dienst(opslag, "https://b", "s1")
    assert await session.lees_sessie(opslag, token, NU) == een
    await session.beeindig_bij_dienst(opslag, "https://a", "s1")
    assert await session.sessies_van(opslag, "acc", NU) == (twee,)
    await session.maak_sessie(opslag, "acc", {}, NU, NU + 900)
    await session.beeindig_sessies_van(opslag, "acc", behalve=twee.nummer)
    assert await session.sessies_van(opslag, "acc", NU) == (twee,)
    await session.beeindig_sessie_met_nummer(opslag, "acc", twee.nummer)
    assert await session.sessies_van(opslag, "acc", NU) == ()


async def test_het_teken_van_een_formulier_zegt_van_wie_het_was_en_is_niet_na_te_maken(opslag: Opslag) -> None:
    _, een = await session.maak_sessie(opslag, "acc", {"lidmaatschap": "lid"}, NU, NU + 900)
    _, twee = await session.maak_sessie(opslag, "acc", {"lidmaatschap": "lid"}, NU, NU + 900)
    assert een.csrf != twee.csrf and session.lees_csrf(opslag, een.csrf) == ("acc", "lid", NU)
    for vals in ("", "x", "é", een.csrf[:-3], een.csrf[1:], "A" * len(een.csrf), een.csrf + "AAAA"):
        assert session.lees_csrf(opslag, vals) is None


async def test_wat_iemand_typte_staat_versleuteld_per_persoon_en_rol(opslag: Opslag, ruw: Any) -> None:
    stuk = forms.Formulier("acc", "lid", "/a", "/b", (("veld", "Nachtegaal"), ("veld", "twee")))
    await forms.bewaar_formulier(opslag, stuk, NU, NU + 60)
    await forms.zet_klad(opslag, "acc", "lid", {"reden": "Zwartekraai"}, NU, NU + 60)
    (gelezen,) = await forms.formulieren_van(opslag, "acc", "lid", NU)
    assert replace(gelezen, id="") == stuk
    assert await forms.lees_klad(opslag, "acc", "lid", NU) == {"reden": "Zwartekraai"}
    assert await forms.formulieren_van(opslag, "acc", "ander", NU) == ()
    assert await forms.lees_klad(opslag, "acc", "ander", NU) == {}
    assert await forms.lees_klad(opslag, "acc", "lid", NU + 61) == {}
    assert "Nachtegaal" not in str(ruw.doe("SELECT * FROM bewaard_formulier"))
    await forms.zet_klad(opslag, "acc", "lid", {}, NU, NU + 60)
    assert await forms.lees_klad(opslag, "acc", "lid", NU) == {} and await forms.wacht_er_een(opslag, "acc", NU)
    await forms.gooi_alles_weg(opslag, "acc")
    assert not await forms.wacht_er_een(opslag, "acc", NU)


async def test_een_app_wordt_bewaard_vervangen_en_weggehaald(opslag: Opslag) -> None:
    app = Client("c1", "gemeente", "App", "org", ("https://x/y",), {"keys": []}, "system/*.rs", ("client_credentials",))
    await clients.zet_client(opslag, app)
    assert await clients.client(opslag, "c1") == app
    zonder = Client("c1", "persoonlijk", "Andere naam")
    await clients.zet_client(opslag, zonder)
    assert await clients.clients(opslag) == (zonder,)
    await clients.verwijder_client(opslag, "c1")
    assert await clients.client(opslag, "c1") is None


async def test_een_code_werkt_een_keer_ook_als_er_tien_tegelijk_komen(opslag: Opslag) -> None:
    code = await clients.maak_code(opslag, "c1", "familie", {"redirect_uri": "https://x"}, NU, NU + 60)
    uitslag = await asyncio.gather(*(clients.gebruik_code(opslag, code, NU) for _ in range(10)), return_exceptions=True)
    gelukt = [u for u in uitslag if isinstance(u, clients.Code)]
    assert len(gelukt) == 1
    assert gelukt[0].gegevens == {"redirect_uri": "https://x"}
    hergebruikt = [u for u in uitslag if isinstance(u, CodeHergebruikt)]
    assert len(hergebruikt) == 9
    assert {h.familie for h in hergebruikt} == {"familie"}


async def test_een_verlopen_of_onbekende_code_is_niets(opslag: Opslag) -> None:
    code = await clients.maak_code(opslag, "c1", "f", {}, NU, NU + 60)
    assert await clients.gebruik_code(opslag, code, NU + 60) is None
    assert await clients.gebruik_code(opslag, "onbekend", NU) is None


async def test_een_jti_telt_een_keer_tot_hij_verlopen_is(opslag: Opslag) -> None:
    assert await clients.onthoud_jti(opslag, "c1", "j", NU, NU + 300)
    assert not await clients.onthoud_jti(opslag, "c1", "j", NU + 1, NU + 300)
    assert await clients.onthoud_jti(opslag, "c2", "j", NU, NU + 300)
    assert await clients.onthoud_jti(opslag, "c1", "j", NU + 300, NU + 600)


async def geef(opslag: Opslag, soort: str, familie: str) -> str:
    token = await tokens.geef_token(opslag, soort, familie, "c1", "patient/*.rs", {"naam": "N"}, NU, NU + 600)
    assert token is not None
    return token


async def test_een_toegangstoken_leeft_tot_het_verloopt_of_ingetrokken_is(opslag: Opslag) -> None:
    v = await tokens.maak_verlening(opslag, "c1", "patient/*.rs", {"naam": "N"}, NU, account="a", patient="p1")
    token = await geef(opslag, "toegang", v.familie)
    gelezen = await tokens.lees_token(opslag, token, NU + 599)
    assert gelezen is not None
    assert (gelezen.soort, gelezen.scopes, gelezen.actor) == ("toegang", "patient/*.rs", {"naam": "N"})
    assert await tokens.lees_token(opslag, token, NU + 600) is None
    assert await tokens.lees_token(opslag, "onbekend", NU) is None
    assert await tokens.verleningen_van(opslag, "p1") == (v,)
    await tokens.trek_in(opslag, v.familie, NU + 5)
    assert await tokens.lees_token(opslag, token, NU) is None
    assert await tokens.verleningen_van(opslag, "p1") == ()
    ingetrokken = await tokens.verlening(opslag, v.familie)
    assert ingetrokken is not None
    assert ingetrokken.ingetrokken == NU + 5
    assert await tokens.geef_token(opslag, "toegang", v.familie, "c1", "", {}, NU, NU + 600) is None


async def test_een_enkel_token_intrekken_laat_de_rest_staan(opslag: Opslag) -> None:
    v = await tokens.maak_verlening(opslag, "c1", "", {}, NU)
    een, twee = await geef(opslag, "toegang", v.familie), await geef(opslag, "toegang", v.familie)
    await tokens.verwijder_token(opslag, een)
    assert await tokens.lees_token(opslag, een, NU) is None
    assert await tokens.lees_token(opslag, twee, NU) is not None
    await tokens.trek_client_in(opslag, "c1", NU)
    assert await tokens.lees_token(opslag, twee, NU) is None


async def test_een_verversing_die_terugkomt_velt_de_familie(opslag: Opslag) -> None:
    v = await tokens.maak_verlening(opslag, "c1", "", {}, NU)
    oud, toegang = await geef(opslag, "verversing", v.familie), await geef(opslag, "toegang", v.familie)
    assert await tokens.gebruik_verversing(opslag, oud, NU) is not None
    nieuw = await geef(opslag, "verversing", v.familie)
    with pytest.raises(VerversingHergebruikt):
        await tokens.gebruik_verversing(opslag, oud, NU + 1)
    assert await tokens.gebruik_verversing(opslag, nieuw, NU + 2) is None
    assert await tokens.lees_token(opslag, toegang, NU + 2) is None


async def test_van_tien_gelijke_verversingen_wint_er_hoogstens_een(opslag: Opslag) -> None:
    v = await tokens.maak_verlening(opslag, "c1", "", {}, NU)
    token = await geef(opslag, "verversing", v.familie)
    uitslag = await asyncio.gather(
        *(tokens.gebruik_verversing(opslag, token, NU) for _ in range(10)), return_exceptions=True
    )
    assert sum(isinstance(u, tokens.Token) for u in uitslag) == 1
    assert sum(isinstance(u, VerversingHergebruikt) for u in uitslag) >= 1
    ingetrokken = await tokens.verlening(opslag, v.familie)
    assert ingetrokken is not None
    assert ingetrokken.ingetrokken is not None


async def test_een_toegangstoken_ververst_niets(opslag: Opslag) -> None:
    v = await tokens.maak_verlening(opslag, "c1", "", {}, NU)
    assert await tokens.gebruik_verversing(opslag, await geef(opslag, "toegang", v.familie), NU) is None


async def test_ondertekensleutels_staan_versleuteld(opslag: Opslag, ruw: Any) -> None:
    sleutel = Ondertekensleutel("k1", "ES256", {"kty": "EC", "d": "heel-geheim"}, NU)
    await tokens.bewaar_ondertekensleutel(opslag, sleutel)
    assert [s for s in await tokens.ondertekensleutels(opslag) if s.kid == "k1"] == [sleutel]
    assert b"heel-geheim" not in ruw.alles()


async def test_een_uitnodiging_gaat_langs_houder_professional_houder(opslag: Opslag) -> None:
    gemaakt, token, code = await invitations.nodig_uit(opslag, "p1", {"doel": "advies"}, NU, NU + 600)
    assert len(code) == 6
    assert await invitations.met_token(opslag, token, NU) == gemaakt
    assert await invitations.met_code(opslag, f"{code[:3]} {code[3:]}", "acc", NU) == gemaakt
    assert not await invitations.bevestig(opslag, gemaakt.id, NU), "nog niemand nam haar aan"
    assert await invitations.neem_aan(opslag, gemaakt.id, {"naam": "Nienke"}, NU)
    assert not await invitations.neem_aan(opslag, gemaakt.id, {"naam": "Ander"}, NU)
    (aangenomen,) = await invitations.uitnodigingen_van(opslag, "p1", NU)
    assert aangenomen.aangenomen_door == {"naam": "Nienke"}
    assert await invitations.met_code(opslag, code, "acc", NU) is None, "een code werkt tot zij aangenomen is"
    assert await invitations.bevestig(opslag, gemaakt.id, NU)
    assert not await invitations.bevestig(opslag, gemaakt.id, NU)
    assert not await invitations.laat_vervallen(opslag, gemaakt.id, NU)


async def test_een_verlopen_of_ingetrokken_uitnodiging_is_dicht(opslag: Opslag) -> None:
    een, token, code = await invitations.nodig_uit(opslag, "p1", {}, NU, NU + 600)
    assert await invitations.met_token(opslag, token, NU + 600) is None
    assert await invitations.met_code(opslag, code, "acc", NU + 600) is None
    assert not await invitations.neem_aan(opslag, een.id, {}, NU + 600)
    assert await invitations.laat_vervallen(opslag, een.id, NU)
    assert not await invitations.neem_aan(opslag, een.id, {}, NU)


async def test_codes_raden_houdt_op_na_vijf_keer(opslag: Opslag) -> None:
    _, _, code = await invitations.nodig_uit(opslag, "p1", {}, NU, NU + 600)
    verkeerd = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(invitations.POGINGEN_MAX):
        assert await invitations.met_code(opslag, verkeerd, "rader", NU) is None
    with pytest.raises(PaspoortFout) as fout:
        await invitations.met_code(opslag, code, "rader", NU)
    assert fout.value.meldingen[0].code == "code-te-vaak"
    assert await invitations.met_code(opslag, code, "ander", NU) is not None
    assert await invitations.met_code(opslag, code, "rader", NU + invitations.VAK) is None


async def test_een_verlening_van_een_app_zonder_persoon_verdwijnt_met_haar_laatste_token(opslag: Opslag) -> None:
    app = await tokens.maak_verlening(opslag, "c1", "system/*.rs", {}, NU)
    persoon = await tokens.maak_verlening(opslag, "c2", "patient/*.rs", {}, NU, account="a", patient="p1")
    for familie in (app.familie, persoon.familie):
        assert await tokens.geef_token(opslag, "toegang", familie, "c", "", {}, NU, NU + 300)
    later = await tokens.maak_verlening(opslag, "c1", "system/*.rs", {}, NU + 3600)
    assert await tokens.verlening(opslag, app.familie) is not None
    assert await tokens.geef_token(opslag, "toegang", later.familie, "c1", "", {}, NU + 3600, NU + 3900)
    assert await tokens.verlening(opslag, app.familie) is None
    assert await tokens.verlening(opslag, persoon.familie) is not None
    assert await tokens.verlening(opslag, later.familie) is not None
