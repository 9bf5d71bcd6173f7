"""who was told of which restriction of goods"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ONCE = "uq_route_hit_match_id_condition_id"
ONCE_EACH = "uq_route_hit_match_id_condition_id_hindrance"


def upgrade() -> None:
    with op.batch_alter_table("route_hit") as table:
        table.add_column(sa.Column("restriction_id", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column(
                "hindrance", sa.String(length=20), server_default="way_closed", nullable=False
            )
        )
        table.alter_column("condition_id", existing_type=sa.Integer(), nullable=True)
        table.create_foreign_key(
            table.f("fk_route_hit_restriction_id_restriction"),
            "restriction",
            ["restriction_id"],
            ["id"],
        )
        table.drop_constraint(table.f(ONCE), type_="unique")
        table.create_unique_constraint(
            table.f(ONCE_EACH), ["match_id", "condition_id", "hindrance"]
        )
        table.create_unique_constraint(
            table.f("uq_route_hit_match_id_restriction_id"), ["match_id", "restriction_id"]
        )
        table.create_check_constraint(
            table.f("ck_route_hit_one_thing"),
            "(condition_id IS NULL) <> (restriction_id IS NULL)",
        )


def downgrade() -> None:
    op.execute("DELETE FROM route_hit WHERE condition_id IS NULL OR hindrance <> 'way_closed'")
    with op.batch_alter_table("route_hit") as table:
        table.drop_constraint(table.f("ck_route_hit_one_thing"), type_="check")
        table.drop_constraint(table.f("uq_route_hit_match_id_restriction_id"), type_="unique")
        table.drop_constraint(table.f(ONCE_EACH), type_="unique")
        table.create_unique_constraint(table.f(ONCE), ["match_id", "condition_id"])
        table.drop_constraint(
            table.f("fk_route_hit_restriction_id_restriction"), type_="foreignkey"
        )
        table.alter_column("condition_id", existing_type=sa.Integer(), nullable=False)
        table.drop_column("hindrance")
        table.drop_column("restriction_id")
