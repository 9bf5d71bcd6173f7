"""who was told of which closed route"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "route_hit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["condition_id"], ["condition.id"], name=op.f("fk_route_hit_condition_id_condition")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_route_hit_match_id_match")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route_hit")),
        sa.UniqueConstraint(
            "match_id", "condition_id", name=op.f("uq_route_hit_match_id_condition_id")
        ),
    )
    with op.batch_alter_table("route_hit") as table:
        table.create_index(table.f("ix_route_hit_match_id"), ["match_id"], unique=False)

    with op.batch_alter_table("data_load") as table:
        table.add_column(sa.Column("told", sa.String(length=50), server_default="", nullable=False))


def downgrade() -> None:

    with op.batch_alter_table("data_load") as table:
        table.drop_column("told")

    with op.batch_alter_table("route_hit") as table:
        table.drop_index(table.f("ix_route_hit_match_id"))

    op.drop_table("route_hit")
