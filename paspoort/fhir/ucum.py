"""Of een code een eenheid van UCUM is: de grammatica van UCUM §2, met zijn voorvoegsels en eenheden als gegevens.

Rekent niets om. Hoofdletters tellen (de c/s-vorm, die FHIR gebruikt): `cm` is er een, `CM` niet.
Bron: The Unified Code for Units of Measure 2.1, ucum-essence.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

VOORVOEGSELS: Final = """
Y Z E P T G M k h da d c m u n p f a z y Ki Mi Gi Ti
"""
# Hier mag een voorvoegsel voor.
METRISCH: Final = """
m s g rad K C cd mol sr Hz N Pa J W A V F Ohm S Wb Cel T H lm lx Bq Gy Sv l L ar t bar u eV pc [c] [h] [k]
[eps_0] [mu_0] [e] [m_e] [m_p] [G] [g] [ly] gf Ky Gal dyn erg P Bi St Mx G Oe Gb sb Lmb ph Ci R RAD REM cal_[15]
cal_[20] cal_m cal_IT cal_th cal tex m[H2O] m[Hg] eq osm g% kat U [iU] [IU] Np B B[SPL] B[V] B[mV] B[uV]
B[10.nV] B[W] B[kW] st mho bit By Bd
"""
# Hier niet.
ANDERE: Final = """
10* 10^ [pi] % [ppth] [ppm] [ppb] [pptr] gon deg ' '' min h d a_t a_j a_g a wk mo_s mo_j mo_g mo AU atm [lbf_av]
[in_i] [ft_i] [yd_i] [mi_i] [fth_i] [nmi_i] [kn_i] [sin_i] [sft_i] [syd_i] [cin_i] [cft_i] [cyd_i] [bf_i] [cr_i]
[mil_i] [cml_i] [hd_i] [ft_us] [yd_us] [in_us] [rd_us] [ch_us] [lk_us] [rch_us] [rlk_us] [fth_us] [fur_us]
[mi_us] [acr_us] [srd_us] [smi_us] [sct] [twp] [mil_us] [in_br] [ft_br] [rd_br] [ch_br] [lk_br] [fth_br] [pc_br]
[yd_br] [mi_br] [nmi_br] [kn_br] [acr_br] [gal_us] [bbl_us] [qt_us] [pt_us] [gil_us] [foz_us] [fdr_us] [min_us]
[crd_us] [bu_us] [gal_wi] [pk_us] [dqt_us] [dpt_us] [tbs_us] [tsp_us] [cup_us] [foz_m] [cup_m] [tsp_m] [tbs_m]
[gal_br] [pk_br] [bu_br] [qt_br] [pt_br] [gil_br] [foz_br] [fdr_br] [min_br] [gr] [lb_av] [oz_av] [dr_av]
[scwt_av] [lcwt_av] [ston_av] [lton_av] [stone_av] [pwt_tr] [oz_tr] [lb_tr] [sc_ap] [dr_ap] [oz_ap] [lb_ap]
[oz_m] [lne] [pnt] [pca] [pnt_pr] [pca_pr] [pied] [pouce] [ligne] [didot] [cicero] [degF] [degR] [Cal] [Btu_39]
[Btu_59] [Btu_60] [Btu_m] [Btu_IT] [Btu_th] [Btu] [HP] [den] [in_i'H2O] [in_i'Hg] [PRU] [wood'U] [diop] [p'diop]
%[slope] [mesh_i] [Ch] [drp] [hnsf'U] [MET] [hp'_X] [hp'_C] [hp'_M] [hp'_Q] [hp_X] [hp_C] [hp_M] [hp_Q] [kp_X]
[kp_C] [kp_M] [kp_Q] [pH] [S] [HPF] [LPF] [arb'U] [USP'U] [GPL'U] [MPL'U] [APL'U] [beth'U] [anti'Xa'U] [todd'U]
[dye'U] [smgy'U] [bdsk'U] [ka'U] [knk'U] [mclg'U] [tb'U] [CCID_50] [TCID_50] [EID_50] [PFU] [FFU] [CFU] [BAU]
[AU] [Amb'a'1'U] [PNU] [Lf] [D'ag'U] [FEU] [ELU] [EU] Ao b att [psi] circ sph [car_m] [car_Au] [smoot] bit_s
"""


def _een_van(namen: str) -> str:
    return "|".join(map(re.escape, sorted(namen.split(), key=len, reverse=True)))


_TEKST: Final = r"\{[\x21-\x7a|~]*\}"  # uitleg tussen accolades telt niet mee
_EENHEID: Final = rf"(?:(?:{_een_van(VOORVOEGSELS)})?(?:{_een_van(METRISCH)})|{_een_van(ANDERE)})(?:[+-]?[0-9]+)?"
# Wat erna komt hoort erbij: zo kiest het patroon de lezing waarmee de rest nog klopt (`dar` tegenover `d` en `ar`).
_DEEL: Final = re.compile(rf"(?:(?:{_EENHEID}|[0-9]+)(?:{_TEKST})?|{_TEKST})(?=[./)]|$)")
_UITLEG: Final = re.compile(_TEKST)


@lru_cache(maxsize=1024)
def is_ucum(code: str) -> bool:
    """Of dit een UCUM-uitdrukking is, zoals `cm`, `kg/m2`, `10*3/ul`, `{score}` of `/min`."""
    if not code or len(code) > 200:
        return False
    return _term(code, 1 if code[0] == "/" else 0) == len(code)


def _term(code: str, plek: int) -> int:
    """Waar de term vanaf `plek` ophoudt, of -1. Een term is delen met `.` of `/` ertussen."""
    while True:
        if code[plek : plek + 1] == "(":
            dicht = _term(code, plek + 1)
            if dicht < 0 or code[dicht : dicht + 1] != ")":
                return -1
            plek = dicht + 1
            if uitleg := _UITLEG.match(code, plek):
                plek = uitleg.end()
        elif deel := _DEEL.match(code, plek):
            plek = deel.end()
        else:
            return -1
        if code[plek : plek + 1] not in (".", "/"):
            return plek
        plek += 1
