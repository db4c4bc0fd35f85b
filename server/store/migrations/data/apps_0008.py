"""Apps: waarvoor zij zijn, hoe hun id_token getekend wordt, waar hun sleutels staan, en of zij geschorst zijn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "data0008"
down_revision = "data0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Zet de kolommen erbij; wat er al stond tekent met RS256 en is niet geschorst."""
    op.add_column("oauth_client", sa.Column("waarvoor", sa.Text(), nullable=False, server_default=""))
    op.add_column("oauth_client", sa.Column("id_token_alg", sa.Text(), nullable=False, server_default="RS256"))
    op.add_column("oauth_client", sa.Column("jwks_uri", sa.Text(), nullable=True))
    op.add_column("oauth_client", sa.Column("geschorst", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("ix_verlening_account", "verlening", ["account"], unique=False)


def downgrade() -> None:
    """En weer weg."""
    op.drop_index("ix_verlening_account", table_name="verlening")
    for kolom in ("geschorst", "jwks_uri", "id_token_alg", "waarvoor"):
        op.drop_column("oauth_client", kolom)
