"""Een rol vinden bij het mandaat waarop zij rust, om haar weg te halen als het eindigt."""

from __future__ import annotations

from alembic import op

revision = "data0007"
down_revision = "data0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Zet de index erbij."""
    op.create_index("ix_lidmaatschap_mandaat", "lidmaatschap", ["patient", "mandaat"], unique=False)


def downgrade() -> None:
    """En weer weg."""
    op.drop_index("ix_lidmaatschap_mandaat", table_name="lidmaatschap")
