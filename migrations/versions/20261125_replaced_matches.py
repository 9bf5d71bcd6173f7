"""A proposal that nobody has answered may be replaced by a later round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BEFORE = "state IN ('draft', 'proposed', 'confirmed', 'declined', 'expired', 'dropped')"
AFTER = BEFORE[:-1] + ", 'replaced')"


def upgrade() -> None:
    with op.batch_alter_table("match") as table:
        table.add_column(sa.Column("replaced_in", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_match_replaced_in_match_round"), "match_round", ["replaced_in"], ["id"]
        )
        table.create_index(op.f("ix_match_replaced_in"), ["replaced_in"])
        table.drop_constraint(op.f("ck_match_state_known"), type_="check")
        table.create_check_constraint(op.f("ck_match_state_known"), AFTER)
        table.create_check_constraint(
            op.f("ck_match_replaced_in"), "(state = 'replaced') = (replaced_in IS NOT NULL)"
        )


def downgrade() -> None:
    with op.batch_alter_table("match") as table:
        table.drop_constraint(op.f("ck_match_replaced_in"), type_="check")
        table.drop_constraint(op.f("ck_match_state_known"), type_="check")
        table.create_check_constraint(op.f("ck_match_state_known"), BEFORE)
        table.drop_index(op.f("ix_match_replaced_in"))
        table.drop_constraint(op.f("fk_match_replaced_in_match_round"), type_="foreignkey")
        table.drop_column("replaced_in")
