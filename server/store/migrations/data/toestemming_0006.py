"""De tabellen van toestemming: mail die weg moet, vragen van organisaties, bevestigcodes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "data0006"
down_revision = "data0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Maak de tabellen."""
    op.create_table(
        "mail",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("soort", sa.Text(), nullable=False),
        sa.Column("partitie", sa.Text(), nullable=True),
        sa.Column("consent", sa.Text(), nullable=True),
        sa.Column("versie", sa.BigInteger(), nullable=True),
        sa.Column("inhoud", sa.LargeBinary(), nullable=True),
        sa.Column("stand", sa.Text(), nullable=False),
        sa.Column("pogingen", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("volgende", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gezet", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_mail_stand", "mail", ["stand", "volgende"], unique=False)
    op.create_index("ix_mail_partitie", "mail", ["partitie"], unique=False)
    op.create_index("ix_mail_gezet", "mail", ["stand", "gezet"], unique=False)
    op.create_table(
        "toestemmingsvraag",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("organisatie", sa.Text(), nullable=False),
        sa.Column("functie", sa.Text(), nullable=True),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("verloopt", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code_tot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stand", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_toestemmingsvraag_token", "toestemmingsvraag", ["token"], unique=True)
    op.create_index("ix_toestemmingsvraag_code", "toestemmingsvraag", ["code"], unique=False)
    op.create_index("ix_toestemmingsvraag_organisatie", "toestemmingsvraag", ["organisatie", "verloopt"], unique=False)
    op.create_table(
        "bevestigcode",
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("partitie", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("verloopt", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pogingen", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("consent"),
    )
    op.create_index("ix_bevestigcode_partitie", "bevestigcode", ["partitie"], unique=False)


def downgrade() -> None:
    """En weer weg."""
    op.drop_table("bevestigcode")
    op.drop_table("toestemmingsvraag")
    op.drop_table("mail")
