"""papers that applications to the programme show, and names of files"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MESSAGE = "what was stated is only ever added to"


def upgrade() -> None:
    op.add_column(
        "stored_file",
        sa.Column("name", sa.String(length=100), server_default="", nullable=False),
    )
    op.create_table(
        "programme_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=True),
        sa.Column("certificate_version", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(certificate_id IS NULL) = (certificate_version IS NULL)",
            name=op.f("ck_programme_paper_one_version"),
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id", "certificate_version"],
            ["certificate_version.certificate_id", "certificate_version.version"],
            name=op.f("fk_programme_paper_certificate_version"),
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_programme_paper_certificate_id_certificate"),
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"],
            ["programme_criterion.id"],
            name=op.f("fk_programme_paper_criterion_id_programme_criterion"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_programme_paper_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["programme_step.id"],
            name=op.f("fk_programme_paper_step_id_programme_step"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_paper")),
        sa.UniqueConstraint(
            "step_id",
            "criterion_id",
            "position",
            name=op.f("uq_programme_paper_step_id_criterion_id_position"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_programme_paper_file_id"), "programme_paper", ["file_id"])
    for statement in _triggers(op.get_bind().dialect.name):
        op.execute(statement)


def _triggers(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER programme_paper_no_{verb.lower()} BEFORE {verb} ON programme_paper "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE FUNCTION programme_paper_only_added() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$",
        "CREATE TRIGGER programme_paper_only_added BEFORE UPDATE OR DELETE ON programme_paper "
        "FOR EACH ROW EXECUTE FUNCTION programme_paper_only_added()",
    ]


def downgrade() -> None:
    op.drop_table("programme_paper")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION programme_paper_only_added()")
    op.drop_column("stored_file", "name")
