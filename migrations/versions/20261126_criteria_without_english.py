"""criteria need no English sentence"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLE, WORDED = "programme_criterion", "ck_programme_criterion_worded"
MESSAGE = "what was stated is only ever added to"


def upgrade() -> None:
    _say("text_vi <> '' AND text_en <> ''", "text_vi <> ''")


def downgrade() -> None:
    _say("text_vi <> ''", "text_vi <> '' AND text_en <> ''", to_english=True)


def _say(before: str, after: str, *, to_english: bool = False) -> None:
    """Let the table demand ``after``. SQLite makes it anew, by which it loses its triggers."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _without_triggers(sqlite):
        op.execute(statement)
    if to_english:
        op.execute(f"UPDATE {TABLE} SET text_en = text_vi WHERE text_en = ''")
    if sqlite:
        with op.batch_alter_table(
            TABLE, copy_from=_criteria(before), table_kwargs={"sqlite_autoincrement": True}
        ) as table:
            table.drop_constraint(op.f(WORDED), type_="check")
            table.create_check_constraint(op.f(WORDED), after)
    else:
        op.drop_constraint(op.f(WORDED), TABLE, type_="check")
        op.create_check_constraint(op.f(WORDED), TABLE, after)
    for statement in _triggers(sqlite):
        op.execute(statement)


def _criteria(worded: str) -> sa.Table:
    """The table as it stands; what it checks cannot be read back from every SQLite."""
    return sa.Table(
        TABLE,
        sa.MetaData(),
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
        sa.CheckConstraint(worded, name=op.f(WORDED)),
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


def _without_triggers(sqlite: bool) -> list[str]:
    if sqlite:
        return [f"DROP TRIGGER {TABLE}_no_{verb}" for verb in ("update", "delete")]
    return [f"DROP TRIGGER {TABLE}_only_added ON {TABLE}"]


def _triggers(sqlite: bool) -> list[str]:
    if sqlite:
        return [
            f"CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE TRIGGER {TABLE}_only_added BEFORE UPDATE OR DELETE ON {TABLE} "
        f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_only_added()"
    ]
