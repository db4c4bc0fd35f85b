"""Het hele corpus in vaste volgorde: elk goed voorbeeld zelf, en al zijn mutanten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.oracle.basis import gesneden, nictiz, voorbeelden
from tests.oracle.mutaties import Json, Mutant, mutanten
from tests.oracle.mutaties_erbij import erbij
from tests.oracle.mutaties_invarianten import invarianten
from tests.oracle.mutaties_vragenlijst import vragenlijstmutanten


def van(bron: Iterable[tuple[str, Json]]) -> Iterator[Mutant]:
    """De voorbeelden in `bron` en hun mutanten."""
    for basis, inhoud in bron:
        yield Mutant(basis, str(inhoud["resourceType"]), "zelf", "voorbeeld", inhoud)
        yield from mutanten(basis, inhoud, gesneden(inhoud))
        yield from vragenlijstmutanten(basis, inhoud)
        yield from invarianten(basis, inhoud)
        # van een definitie bewaart de server niets; haar 4.500 toevoegingen gaan vooral over ElementDefinition
        if basis == f"hmp-{inhoud['resourceType']}-goed" and inhoud["resourceType"] != "StructureDefinition":
            yield from erbij(basis, inhoud)


def alles() -> Iterator[Mutant]:
    """Onze voorbeelden en die van Nictiz."""
    yield from van(voorbeelden())
    yield from van(nictiz())
