"""Beheer: geschorste functies, codes voor nieuwe medewerkers, en rollen te vinden bij hun functie."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "data0004"
down_revision = "data0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Maak de tabellen."""
    op.create_table(
        "schorsing",
        sa.Column("naam", sa.Text(), nullable=False),
        sa.Column("sinds", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("naam"),
    )
    op.create_table(
        "personeelscode",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("functie", sa.Text(), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("verloopt", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gebruikt", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index("ix_personeelscode_functie", "personeelscode", ["functie"], unique=False)
    op.create_index("ix_lidmaatschap_functie", "lidmaatschap", ["functie"], unique=False)


def downgrade() -> None:
    """En weer weg; open codes vervallen."""
    op.drop_index("ix_lidmaatschap_functie", table_name="lidmaatschap")
    op.drop_index("ix_personeelscode_functie", table_name="personeelscode")
    op.drop_table("personeelscode")
    op.drop_table("schorsing")
