"""what officers state of links, goods and tariffs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MESSAGE = "what was stated is only ever added to"
TABLES = ("condition", "restriction", "tariff_row")


def _add_triggers() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        if sqlite:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
                )
        else:
            op.execute(
                f"CREATE FUNCTION {table}_only_added() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
            )
            op.execute(
                f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_only_added()"
            )


def _drop_triggers() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"DROP FUNCTION {table}_only_added() CASCADE")


def upgrade() -> None:
    op.create_table(
        "condition",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("effect", sa.String(length=10), nullable=False),
        sa.Column("link", sa.String(length=60), nullable=True),
        sa.Column("mode", sa.String(length=10), nullable=True),
        sa.Column("locality_id", sa.String(length=2), nullable=True),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("opens", sa.Integer(), nullable=True),
        sa.Column("closes", sa.Integer(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(effect = 'hours') = (opens IS NOT NULL AND closes IS NOT NULL)",
            name=op.f("ck_condition_hours"),
        ),
        sa.CheckConstraint(
            "(effect = 'lane') = (percent IS NOT NULL)", name=op.f("ck_condition_lane")
        ),
        sa.CheckConstraint(
            "(effect = 'load') = (most IS NOT NULL)", name=op.f("ck_condition_load")
        ),
        sa.CheckConstraint(
            "(effect = 'wait') = (minutes IS NOT NULL)", name=op.f("ck_condition_wait")
        ),
        sa.CheckConstraint(
            "effect IN ('closed', 'load', 'hours', 'lane', 'wait')",
            name=op.f("ck_condition_effect_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('order', 'holiday', 'sluice', 'tide', 'other')",
            name=op.f("ck_condition_kind_known"),
        ),
        sa.CheckConstraint("mode IN ('road', 'water')", name=op.f("ck_condition_mode_known")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_condition_reasoned")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_condition_sourced")),
        sa.CheckConstraint(
            "(first_id IS NULL) = (version = 1)", name=op.f("ck_condition_first_version")
        ),
        sa.CheckConstraint(
            "(link IS NULL) = (mode IS NOT NULL) AND (link IS NULL OR locality_id IS NULL)",
            name=op.f("ck_condition_one_scope"),
        ),
        sa.CheckConstraint("first <= last", name=op.f("ck_condition_days_ordered")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_condition_minutes_positive")),
        sa.CheckConstraint("most > 0", name=op.f("ck_condition_most_positive")),
        sa.CheckConstraint("percent >= 100", name=op.f("ck_condition_lane_is_faster")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_condition_revision_counts")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["condition.id"], name=op.f("fk_condition_first_id_condition")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_condition_locality_id_locality")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_condition_made_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_condition_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition")),
        sa.UniqueConstraint("first_id", "version", name=op.f("uq_condition_first_id_version")),
        sa.UniqueConstraint("scope", "revision", name=op.f("uq_condition_scope_revision")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("condition") as table:
        table.create_index(table.f("ix_condition_first_id"), ["first_id"], unique=False)

    op.create_table(
        "restriction",
        sa.Column("commodity_id", sa.String(length=40), nullable=True),
        sa.Column("group_id", sa.String(length=30), nullable=True),
        sa.Column("place_id", sa.String(length=20), nullable=True),
        sa.Column("locality_id", sa.String(length=2), nullable=True),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("papers", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "direction IN ('leaving', 'entering', 'both')",
            name=op.f("ck_restriction_direction_known"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_restriction_reasoned")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_restriction_sourced")),
        sa.CheckConstraint(
            "(commodity_id IS NULL) <> (group_id IS NULL)",
            name=op.f("ck_restriction_one_kind_of_goods"),
        ),
        sa.CheckConstraint(
            "(first_id IS NULL) = (version = 1)", name=op.f("ck_restriction_first_version")
        ),
        sa.CheckConstraint(
            "(place_id IS NULL) <> (locality_id IS NULL)", name=op.f("ck_restriction_one_scope")
        ),
        sa.CheckConstraint("first <= last", name=op.f("ck_restriction_days_ordered")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_restriction_revision_counts")),
        sa.ForeignKeyConstraint(
            ["commodity_id"], ["commodity.id"], name=op.f("fk_restriction_commodity_id_commodity")
        ),
        sa.ForeignKeyConstraint(
            ["first_id"], ["restriction.id"], name=op.f("fk_restriction_first_id_restriction")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["commodity_group.id"],
            name=op.f("fk_restriction_group_id_commodity_group"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_restriction_locality_id_locality")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_restriction_made_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_restriction_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_restriction_place_id_place")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
        sa.UniqueConstraint("first_id", "version", name=op.f("uq_restriction_first_id_version")),
        sa.UniqueConstraint("scope", "revision", name=op.f("uq_restriction_scope_revision")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("restriction") as table:
        table.create_index(table.f("ix_restriction_first_id"), ["first_id"], unique=False)

    op.create_table(
        "tariff_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=30), nullable=False),
        sa.Column("fixed", sa.Integer(), nullable=True),
        sa.Column("per_km", sa.JSON(), nullable=True),
        sa.Column("vnd_per_km", sa.Integer(), nullable=True),
        sa.Column("vnd_per_kg", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=12), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'boat') = (vnd_per_km IS NOT NULL)", name=op.f("ck_tariff_row_boat_by_rate")
        ),
        sa.CheckConstraint(
            "(kind = 'handling') = (fixed IS NULL)", name=op.f("ck_tariff_row_trips_have_fixed")
        ),
        sa.CheckConstraint(
            "(kind = 'handling') = (vnd_per_kg IS NOT NULL)",
            name=op.f("ck_tariff_row_handling_by_kg"),
        ),
        sa.CheckConstraint(
            "(kind = 'truck') = (per_km IS NOT NULL)", name=op.f("ck_tariff_row_truck_by_points")
        ),
        sa.CheckConstraint(
            "kind IN ('truck', 'boat', 'handling')", name=op.f("ck_tariff_row_kind_known")
        ),
        sa.CheckConstraint("source <> ''", name=op.f("ck_tariff_row_sourced")),
        sa.CheckConstraint("fixed >= 0", name=op.f("ck_tariff_row_fixed_positive")),
        sa.CheckConstraint("vnd_per_kg >= 0", name=op.f("ck_tariff_row_handling_positive")),
        sa.CheckConstraint("vnd_per_km >= 0", name=op.f("ck_tariff_row_rate_positive")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_tariff_row_made_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_tariff_row_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff_row")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("tariff_row") as table:
        table.create_index(table.f("ix_tariff_row_subject"), ["subject"], unique=False)

    with op.batch_alter_table("data_load") as table:
        table.add_column(
            sa.Column("state", sa.String(length=32), server_default="", nullable=False)
        )

    _add_triggers()


def downgrade() -> None:
    _drop_triggers()

    with op.batch_alter_table("data_load") as table:
        table.drop_column("state")

    with op.batch_alter_table("tariff_row") as table:
        table.drop_index(table.f("ix_tariff_row_subject"))

    op.drop_table("tariff_row")
    with op.batch_alter_table("restriction") as table:
        table.drop_index(table.f("ix_restriction_first_id"))

    op.drop_table("restriction")
    with op.batch_alter_table("condition") as table:
        table.drop_index(table.f("ix_condition_first_id"))

    op.drop_table("condition")
