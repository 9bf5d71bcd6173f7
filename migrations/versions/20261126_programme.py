"""the programme: criteria, entries of its catalogue, and rounds that take them only"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MESSAGE = "what was stated is only ever added to"
TABLES = ("programme_criterion", "programme_step", "programme_evidence")


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
        "programme_criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.String(length=30), nullable=True),
        sa.Column("text_vi", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("evidence", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "evidence IN ('statement', 'paper', 'link')",
            name=op.f("ck_programme_criterion_evidence_known"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_programme_criterion_reasoned")),
        sa.CheckConstraint(
            "text_vi <> '' AND text_en <> ''", name=op.f("ck_programme_criterion_worded")
        ),
        sa.CheckConstraint(
            "version > 0 AND number > 0", name=op.f("ck_programme_criterion_counted")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["commodity_group.id"],
            name=op.f("fk_programme_criterion_group_id_commodity_group"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["user_account.id"],
            name=op.f("fk_programme_criterion_made_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_criterion")),
        sa.UniqueConstraint(
            "number", "version", name=op.f("uq_programme_criterion_number_version")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "programme_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=320), nullable=False),
        sa.Column("commodity_id", sa.String(length=40), nullable=False),
        sa.Column("locality_id", sa.String(length=2), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("producer", sa.String(length=200), nullable=False),
        sa.Column("applicant_id", sa.Integer(), nullable=False),
        sa.Column("applied_by", sa.Integer(), nullable=False),
        sa.Column("asked", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "asked IN ('applied', 'more_asked', 'closed')",
            name=op.f("ck_programme_entry_asked_known"),
        ),
        sa.CheckConstraint(
            "organisation_id IS NOT NULL OR producer = ''", name=op.f("ck_programme_entry_whose")
        ),
        sa.ForeignKeyConstraint(
            ["applicant_id"],
            ["organisation.id"],
            name=op.f("fk_programme_entry_applicant_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["applied_by"],
            ["user_account.id"],
            name=op.f("fk_programme_entry_applied_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["commodity_id"],
            ["commodity.id"],
            name=op.f("fk_programme_entry_commodity_id_commodity"),
        ),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_programme_entry_locality_id_locality")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_programme_entry_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_entry")),
        sa.UniqueConstraint("scope", name=op.f("uq_programme_entry_scope")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("programme_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_programme_entry_applicant_id"), ["applicant_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_programme_entry_asked"), ["asked"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_programme_entry_commodity_id"), ["commodity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_programme_entry_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "programme_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("unmet", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'accepted') = (valid_from IS NOT NULL AND expires_on IS NOT NULL)",
            name=op.f("ck_programme_step_accepted_from_to"),
        ),
        sa.CheckConstraint(
            "kind IN ('applied', 'more_asked', 'answered', 'accepted', 'refused', 'taken_back', 'revoked')",
            name=op.f("ck_programme_step_kind_known"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('refused', 'more_asked', 'revoked') OR reason <> ''",
            name=op.f("ck_programme_step_reasoned"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["programme_entry.id"],
            name=op.f("fk_programme_step_entry_id_programme_entry"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_programme_step_made_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_programme_step_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_step")),
        sa.UniqueConstraint("entry_id", "version", name=op.f("uq_programme_step_entry_id_version")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "programme_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.CheckConstraint("text <> '' OR link <> ''", name=op.f("ck_programme_evidence_shown")),
        sa.ForeignKeyConstraint(
            ["criterion_id"],
            ["programme_criterion.id"],
            name=op.f("fk_programme_evidence_criterion_id_programme_criterion"),
        ),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["programme_step.id"],
            name=op.f("fk_programme_evidence_step_id_programme_step"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_evidence")),
        sa.UniqueConstraint(
            "step_id", "criterion_id", name=op.f("uq_programme_evidence_step_id_criterion_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "programme_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("told_soon", sa.Boolean(), nullable=False),
        sa.Column("told_over", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "valid_from <= expires_on", name=op.f("ck_programme_grant_days_ordered")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["programme_entry.id"],
            name=op.f("fk_programme_grant_entry_id_programme_entry"),
        ),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["programme_step.id"],
            name=op.f("fk_programme_grant_step_id_programme_step"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_grant")),
        sa.UniqueConstraint("step_id", name=op.f("uq_programme_grant_step_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("programme_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_grant_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_programme_grant_expires_on"), ["expires_on"], unique=False
        )

    with op.batch_alter_table("match_round", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("programme", sa.Boolean(), server_default=sa.false(), nullable=False)
        )

    _add_triggers()


def downgrade() -> None:
    _drop_triggers()
    with op.batch_alter_table("match_round", schema=None) as batch_op:
        batch_op.drop_column("programme")

    with op.batch_alter_table("programme_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_grant_expires_on"))
        batch_op.drop_index(batch_op.f("ix_programme_grant_entry_id"))

    op.drop_table("programme_grant")
    op.drop_table("programme_evidence")
    op.drop_table("programme_step")
    with op.batch_alter_table("programme_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_entry_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_programme_entry_commodity_id"))
        batch_op.drop_index(batch_op.f("ix_programme_entry_asked"))
        batch_op.drop_index(batch_op.f("ix_programme_entry_applicant_id"))

    op.drop_table("programme_entry")
    op.drop_table("programme_criterion")
