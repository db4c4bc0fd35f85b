"""De tabellen van de post: abonnementen, hun bezorging, meldingen en wie bezorgt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "data0002"
down_revision = "data0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Maak de tabellen."""
    op.create_table(
        "abonnement",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("partitie", sa.Text(), nullable=False),
        sa.Column("organisatie", sa.Text(), nullable=True),
        sa.Column("stand", sa.Text(), nullable=False),
        sa.Column("eind", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_abonnement_organisatie", "abonnement", ["organisatie"], unique=False)
    op.create_index("ix_abonnement_partitie", "abonnement", ["partitie"], unique=False)
    op.create_table(
        "bezorging",
        sa.Column("abonnement", sa.Text(), nullable=False),
        sa.Column("partitie", sa.Text(), nullable=False),
        sa.Column("hoogste", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pogingen", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("volgende", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("abonnement"),
    )
    op.create_table(
        "melding",
        sa.Column("abonnement", sa.Text(), nullable=False),
        sa.Column("partitie", sa.Text(), nullable=False),
        sa.Column("volgnummer", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("versie", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("nummer", sa.BigInteger(), nullable=True),
        sa.Column("stand", sa.Text(), nullable=False),
        sa.Column("gezet", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("abonnement", "partitie", "volgnummer"),
    )
    op.create_index("ix_melding_stand", "melding", ["abonnement", "stand", "moment"], unique=False)
    op.create_index("ix_melding_partitie", "melding", ["partitie"], unique=False)
    op.create_index("ix_melding_gezet", "melding", ["stand", "gezet"], unique=False)
    op.create_table(
        "leiding",
        sa.Column("taak", sa.Text(), nullable=False),
        sa.Column("proces", sa.Text(), nullable=False),
        sa.Column("sinds", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("taak"),
    )


def downgrade() -> None:
    """Haal de tabellen weg."""
    op.drop_table("leiding")
    op.drop_index("ix_melding_gezet", table_name="melding")
    op.drop_index("ix_melding_partitie", table_name="melding")
    op.drop_index("ix_melding_stand", table_name="melding")
    op.drop_table("melding")
    op.drop_table("bezorging")
    op.drop_index("ix_abonnement_partitie", table_name="abonnement")
    op.drop_index("ix_abonnement_organisatie", table_name="abonnement")
    op.drop_table("abonnement")
