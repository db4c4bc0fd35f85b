"""Mappen die met het testproces verdwijnen, voor wat één keer per proces gemaakt wordt."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path


def eigen_map(naam: str) -> Path:
    """Een lege map voor dit testproces; zij gaat weg als het proces stopt, anders groeit /tmp met elke ronde."""
    map_ = Path(tempfile.mkdtemp(prefix=naam))
    atexit.register(shutil.rmtree, map_, ignore_errors=True)
    return map_
