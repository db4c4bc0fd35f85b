"""Indexen waarmee bladeren over paspoorten heen even duur blijft, hoe lang de lijst ook is."""

from __future__ import annotations

from alembic import op

revision = "data0003"
down_revision = "data0002"
branch_labels = None
depends_on = None

INDEXEN = (
    ("ix_werkvoorraad_status", "werkvoorraad", ["organisatie", "status", "gewijzigd", "task"]),
    ("ix_werkvoorraad_eigenaar", "werkvoorraad", ["organisatie", "eigenaar", "gewijzigd", "task"]),
    ("ix_werkvoorraad_eigenaar_status", "werkvoorraad", ["organisatie", "eigenaar", "status", "gewijzigd", "task"]),
    ("ix_werkvoorraad_paspoorten", "werkvoorraad", ["organisatie", "partitie"]),
    ("ix_toestemming_organisatie", "toestemming", ["organisatie", "partitie"]),
)
# Hier wordt op gebladerd: de volgorde van de database moet die van Python zijn, welke taal zij ook spreekt.
KAAL = (("werkvoorraad", "task"), ("werkvoorraad", "partitie"), ("toestemming", "partitie"))


def upgrade() -> None:
    """Zet de indexen erbij; op PostgreSQL krijgen de kolommen waarop gebladerd wordt de volgorde van hun bytes."""
    if op.get_bind().dialect.name == "postgresql":
        for tabel, kolom in KAAL:
            op.execute(f'ALTER TABLE {tabel} ALTER COLUMN {kolom} TYPE text COLLATE "C"')
    for naam, tabel, kolommen in INDEXEN:
        op.create_index(naam, tabel, kolommen, unique=False)


def downgrade() -> None:
    """En weer weg."""
    for naam, tabel, _ in reversed(INDEXEN):
        op.drop_index(naam, table_name=tabel)
    if op.get_bind().dialect.name == "postgresql":
        for tabel, kolom in KAAL:
            op.execute(f'ALTER TABLE {tabel} ALTER COLUMN {kolom} TYPE text COLLATE "default"')
