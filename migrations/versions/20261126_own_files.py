"""whether the data were loaded from somebody's own files"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("data_load") as batch:
        batch.add_column(
            sa.Column("foreign", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("data_load") as batch:
        batch.drop_column("foreign")
