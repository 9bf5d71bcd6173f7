"""the file of a round and its hashes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("match_round") as batch:
        batch.add_column(sa.Column("file", sa.LargeBinary(), nullable=True))
        for name in ("file_hash", "public_hash"):
            batch.add_column(
                sa.Column(name, sa.String(length=64), server_default="", nullable=False)
            )


def downgrade() -> None:
    with op.batch_alter_table("match_round") as batch:
        for name in ("public_hash", "file_hash", "file"):
            batch.drop_column(name)
