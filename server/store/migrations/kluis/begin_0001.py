"""Het eerste schema van de kluis."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "kluis0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Maak de tabellen."""
    op.create_table(
        "gegevenssleutel",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("partitie", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("gewikkeld", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_gegevenssleutel_partitie", "gegevenssleutel", ["partitie", "type", "resource"], unique=False)
    op.create_table(
        "installatiesleutel",
        sa.Column("naam", sa.Text(), nullable=False),
        sa.Column("gewikkeld", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("naam"),
    )
    op.create_table(
        "partitiesleutel",
        sa.Column("partitie", sa.Text(), nullable=False),
        sa.Column("gewikkeld", sa.LargeBinary(), nullable=False),
        sa.Column("schuilnaam", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("partitie"),
    )
    op.create_table(
        "schuilnaam",
        sa.Column("schuilnaam", sa.Text(), nullable=False),
        sa.Column("partitie", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("schuilnaam"),
    )


def downgrade() -> None:
    """Haal de tabellen weg."""
    op.drop_table("schuilnaam")
    op.drop_table("partitiesleutel")
    op.drop_table("installatiesleutel")
    op.drop_index("ix_gegevenssleutel_partitie", table_name="gegevenssleutel")
    op.drop_table("gegevenssleutel")
