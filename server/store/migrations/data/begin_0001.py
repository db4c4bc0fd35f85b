"""Het eerste schema van de gegevensdatabase."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "data0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Maak de tabellen."""
    op.create_table(
        "account",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("zoek", sa.Text(), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_account_zoek", "account", ["zoek"], unique=True)
    op.create_table(
        "agenda",
        sa.Column("verwijzing", sa.Text(), nullable=False),
        sa.Column("soort", sa.Text(), nullable=False),
        sa.Column("partitie", sa.Text(), nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("verwijzing", "soort"),
    )
    op.create_index("ix_agenda_moment", "agenda", ["moment"], unique=False)
    op.create_index("ix_agenda_partitie", "agenda", ["partitie"], unique=False)
    op.create_table(
        "bsn",
        sa.Column("hmac", sa.Text(), nullable=False),
        sa.Column("partitie", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hmac", "partitie"),
    )
    op.create_index("ix_bsn_partitie", "bsn", ["partitie"], unique=False)
    op.create_table(
        "dagwortel",
        sa.Column("dag", sa.Text(), nullable=False),
        sa.Column("stromen", sa.Text(), nullable=False),
        sa.Column("handtekening", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("dag"),
    )
    op.create_table(
        "geschorst",
        sa.Column("organisatie", sa.Text(), nullable=False),
        sa.Column("sinds", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("organisatie"),
    )
    op.create_table(
        "lidmaatschap",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("rol", sa.Text(), nullable=False),
        sa.Column("organisatie", sa.Text(), nullable=True),
        sa.Column("functie", sa.Text(), nullable=True),
        sa.Column("patient", sa.Text(), nullable=True),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_lidmaatschap_account", "lidmaatschap", ["account"], unique=False)
    op.create_table(
        "locatie",
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("partitie", sa.Text(), nullable=False),
        sa.Column("versie", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("type", "id"),
    )
    op.create_index("ix_locatie_partitie", "locatie", ["partitie"], unique=False)
    op.create_table(
        "logregel",
        sa.Column("stroom", sa.Text(), nullable=False),
        sa.Column("nummer", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("schuilnaam", sa.Text(), nullable=True),
        sa.Column("organisatie", sa.Text(), nullable=True),
        sa.Column("rol", sa.Text(), nullable=False),
        sa.Column("handeling", sa.Text(), nullable=False),
        sa.Column("uitkomst", sa.Text(), nullable=False),
        sa.Column("wie", sa.LargeBinary(), nullable=False),
        sa.Column("wat", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("stroom", "nummer"),
    )
    op.create_index("ix_logregel_moment", "logregel", ["moment"], unique=False)
    op.create_index("ix_logregel_organisatie", "logregel", ["organisatie", "moment"], unique=False)
    op.create_index("ix_logregel_schuilnaam", "logregel", ["schuilnaam", "moment"], unique=False)
    op.create_table(
        "mandaat",
        sa.Column("van", sa.Text(), nullable=False),
        sa.Column("aan", sa.Text(), nullable=False),
        sa.Column("taak", sa.Text(), nullable=False),
        sa.Column("sinds", sa.Text(), nullable=True),
        sa.Column("tot", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("van", "aan", "taak"),
    )
    op.create_table(
        "oauth_client",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("soort", sa.Text(), nullable=False),
        sa.Column("naam", sa.Text(), nullable=False),
        sa.Column("organisatie", sa.Text(), nullable=True),
        sa.Column("redirect_uris", sa.Text(), nullable=False),
        sa.Column("jwks", sa.Text(), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("grant_types", sa.Text(), nullable=False),
        sa.Column("gemaakt", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("client_id"),
    )
    op.create_table(
        "oauth_code",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("familie", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("verloopt", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gebruikt", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "oauth_jti",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("jti", sa.Text(), nullable=False),
        sa.Column("verloopt", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("client_id", "jti"),
    )
    op.create_table(
        "oauth_token",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("soort", sa.Text(), nullable=False),
        sa.Column("familie", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("uitgegeven", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("verloopt", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gebruikt", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_index("ix_oauth_token_familie", "oauth_token", ["familie"], unique=False)
    op.create_index("ix_oauth_token_verloopt", "oauth_token", ["verloopt"], unique=False)
    op.create_table(
        "ondertekensleutel",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("alg", sa.Text(), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("sinds", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tot", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("kid"),
    )
    op.create_table(
        "partitie",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("soort", sa.Text(), nullable=False),
        sa.Column("volgnummer", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ketting", sa.LargeBinary(), nullable=False),
        sa.Column("stand", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gewist", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("testdata_van", sa.Text(), nullable=True),
        sa.Column("gemaakt", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "poging",
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("vak", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("aantal", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("door", "vak"),
    )
    op.create_table(
        "product",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("hmac", sa.Text(), nullable=False),
        sa.Column("partitie", sa.Text(), nullable=False),
        sa.Column("eigenaar", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("device", "hmac"),
    )
    op.create_index("ix_product_hmac", "product", ["hmac", "eigenaar"], unique=False)
    op.create_index("ix_product_partitie", "product", ["partitie"], unique=False)
    op.create_table(
        "toestemming",
        sa.Column("aan", sa.Text(), nullable=False),
        sa.Column("partitie", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("organisatie", sa.Text(), nullable=True),
        sa.Column("tot", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("aan", "partitie", "consent"),
    )
    op.create_index("ix_toestemming_partitie", "toestemming", ["partitie"], unique=False)
    op.create_table(
        "uitnodiging",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("partitie", sa.Text(), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("verloopt", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stand", sa.Text(), nullable=False),
        sa.Column("aangenomen", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_uitnodiging_code", "uitnodiging", ["code"], unique=False)
    op.create_index("ix_uitnodiging_partitie", "uitnodiging", ["partitie"], unique=False)
    op.create_index("ix_uitnodiging_token", "uitnodiging", ["token"], unique=True)
    op.create_table(
        "verlening",
        sa.Column("familie", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("patient", sa.Text(), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("sinds", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ingetrokken", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("familie"),
    )
    op.create_index("ix_verlening_client", "verlening", ["client_id"], unique=False)
    op.create_index("ix_verlening_patient", "verlening", ["patient"], unique=False)
    op.create_table(
        "versie",
        sa.Column("partitie", sa.Text(), nullable=False),
        sa.Column("volgnummer", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("versie", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("herkomst", sa.Text(), nullable=False),
        sa.Column("verwijderd", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sleutel", sa.Text(), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("partitie", "volgnummer"),
    )
    op.create_index("ix_versie_resource", "versie", ["type", "id", "versie"], unique=True)
    op.create_table(
        "websessie",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column("begonnen", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("verloopt", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_index("ix_websessie_account", "websessie", ["account"], unique=False)
    op.create_table(
        "werkvoorraad",
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("partitie", sa.Text(), nullable=False),
        sa.Column("organisatie", sa.Text(), nullable=False),
        sa.Column("eigenaar", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("business_status", sa.Text(), nullable=True),
        sa.Column("uiterlijk", sa.Text(), nullable=True),
        sa.Column("gewijzigd", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("task"),
    )
    op.create_index("ix_werkvoorraad_organisatie", "werkvoorraad", ["organisatie", "gewijzigd", "task"], unique=False)
    op.create_index("ix_werkvoorraad_partitie", "werkvoorraad", ["partitie"], unique=False)


def downgrade() -> None:
    """Haal de tabellen weg."""
    op.drop_index("ix_werkvoorraad_partitie", table_name="werkvoorraad")
    op.drop_index("ix_werkvoorraad_organisatie", table_name="werkvoorraad")
    op.drop_table("werkvoorraad")
    op.drop_index("ix_websessie_account", table_name="websessie")
    op.drop_table("websessie")
    op.drop_index("ix_versie_resource", table_name="versie")
    op.drop_table("versie")
    op.drop_index("ix_verlening_patient", table_name="verlening")
    op.drop_index("ix_verlening_client", table_name="verlening")
    op.drop_table("verlening")
    op.drop_index("ix_uitnodiging_token", table_name="uitnodiging")
    op.drop_index("ix_uitnodiging_partitie", table_name="uitnodiging")
    op.drop_index("ix_uitnodiging_code", table_name="uitnodiging")
    op.drop_table("uitnodiging")
    op.drop_index("ix_toestemming_partitie", table_name="toestemming")
    op.drop_table("toestemming")
    op.drop_index("ix_product_partitie", table_name="product")
    op.drop_index("ix_product_hmac", table_name="product")
    op.drop_table("product")
    op.drop_table("poging")
    op.drop_table("partitie")
    op.drop_table("ondertekensleutel")
    op.drop_index("ix_oauth_token_verloopt", table_name="oauth_token")
    op.drop_index("ix_oauth_token_familie", table_name="oauth_token")
    op.drop_table("oauth_token")
    op.drop_table("oauth_jti")
    op.drop_table("oauth_code")
    op.drop_table("oauth_client")
    op.drop_table("mandaat")
    op.drop_index("ix_logregel_schuilnaam", table_name="logregel")
    op.drop_index("ix_logregel_organisatie", table_name="logregel")
    op.drop_index("ix_logregel_moment", table_name="logregel")
    op.drop_table("logregel")
    op.drop_index("ix_locatie_partitie", table_name="locatie")
    op.drop_table("locatie")
    op.drop_index("ix_lidmaatschap_account", table_name="lidmaatschap")
    op.drop_table("lidmaatschap")
    op.drop_table("geschorst")
    op.drop_table("dagwortel")
    op.drop_index("ix_bsn_partitie", table_name="bsn")
    op.drop_table("bsn")
    op.drop_index("ix_agenda_partitie", table_name="agenda")
    op.drop_index("ix_agenda_moment", table_name="agenda")
    op.drop_table("agenda")
    op.drop_index("ix_account_zoek", table_name="account")
    op.drop_table("account")
