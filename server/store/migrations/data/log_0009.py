"""Het log: elke ondertekende dag noemt de vorige, en waar een stroom na opruimen begint."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "data0009"
down_revision = "data0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Zet de kolom en de tabel erbij."""
    op.add_column("dagwortel", sa.Column("vorige", sa.Text(), nullable=True))
    op.create_table(
        "logbegin",
        sa.Column("stroom", sa.Text(), nullable=False),
        sa.Column("nummer", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("voor", sa.Text(), nullable=False),
        sa.Column("handtekening", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stroom"),
    )


def downgrade() -> None:
    """En weer weg."""
    op.drop_table("logbegin")
    op.drop_column("dagwortel", "vorige")
