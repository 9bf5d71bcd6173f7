"""last days of series, of which their holders are told"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ENDS = """
UPDATE series SET ends_on = (
    SELECT CASE WHEN state = 'running' THEN last_on END FROM series_version
    WHERE series_id = series.id ORDER BY number DESC LIMIT 1
)
"""


def upgrade() -> None:
    op.add_column("series", sa.Column("ends_on", sa.Date(), nullable=True))
    op.add_column("series", sa.Column("told_for", sa.Date(), nullable=True))
    op.create_index(op.f("ix_series_ends_on"), "series", ["ends_on"])
    op.execute(ENDS)


def downgrade() -> None:
    op.drop_index(op.f("ix_series_ends_on"), "series")
    op.drop_column("series", "told_for")
    op.drop_column("series", "ends_on")
