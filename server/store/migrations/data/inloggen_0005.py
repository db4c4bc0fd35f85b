"""Inloggen: op welk mandaat een rol rust, hoe een sessie heet buiten haar token om, en bewaarde formulieren."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "data0005"
down_revision = "data0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Zet de kolommen en de tabel erbij."""
    op.add_column("lidmaatschap", sa.Column("mandaat", sa.Text(), nullable=True))
    op.add_column("websessie", sa.Column("nummer", sa.Text(), nullable=True))
    op.add_column("websessie", sa.Column("zoek", sa.Text(), nullable=True))
    op.create_index("ix_websessie_nummer", "websessie", ["nummer"], unique=False)
    op.create_index("ix_websessie_zoek", "websessie", ["zoek"], unique=False)
    op.create_table(
        "bewaard_formulier",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("verloopt", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_bewaard_formulier_account", "bewaard_formulier", ["account"], unique=False)


def downgrade() -> None:
    """En weer weg; sessies en bewaarde formulieren vervallen."""
    op.drop_index("ix_bewaard_formulier_account", table_name="bewaard_formulier")
    op.drop_table("bewaard_formulier")
    op.drop_index("ix_websessie_zoek", table_name="websessie")
    op.drop_index("ix_websessie_nummer", table_name="websessie")
    op.drop_column("websessie", "zoek")
    op.drop_column("websessie", "nummer")
    op.drop_column("lidmaatschap", "mandaat")
