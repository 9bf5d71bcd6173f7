"""The price board of each published round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_board",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("blocks_done", sa.Integer(), nullable=False),
        sa.Column("blocks", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('working', 'waiting', 'done', 'failed')",
            name=op.f("ck_price_board_state_known"),
        ),
        sa.CheckConstraint(
            "(state = 'working') = (token IS NOT NULL)",
            name=op.f("ck_price_board_token_while_working"),
        ),
        sa.CheckConstraint(
            "(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_price_board_done_at_known")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["match_round.id"], name=op.f("fk_price_board_round_id_match_round")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_price_board")),
    )
    op.create_table(
        "board_price",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("locality_id", sa.String(length=2), nullable=False),
        sa.Column("commodity_id", sa.String(length=40), nullable=False),
        sa.Column("grade", sa.String(length=20), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.Column("kilograms", sa.BigInteger(), nullable=False),
        sa.Column("lots", sa.Integer(), nullable=False),
        sa.Column("needs", sa.Integer(), nullable=False),
        sa.Column("sellers", sa.Integer(), nullable=False),
        sa.Column("buyers", sa.Integer(), nullable=False),
        sa.CheckConstraint("low BETWEEN 0 AND high", name=op.f("ck_board_price_interval_ordered")),
        sa.CheckConstraint("sellers >= 3", name=op.f("ck_board_price_enough_sellers")),
        sa.CheckConstraint("buyers >= 3", name=op.f("ck_board_price_enough_buyers")),
        sa.CheckConstraint(
            "lots >= sellers AND needs >= buyers",
            name=op.f("ck_board_price_parties_have_listings"),
        ),
        sa.CheckConstraint("kilograms > 0", name=op.f("ck_board_price_kilograms_positive")),
        sa.ForeignKeyConstraint(
            ["commodity_id"], ["commodity.id"], name=op.f("fk_board_price_commodity_id_commodity")
        ),
        sa.ForeignKeyConstraint(
            ["locality_id"], ["locality.id"], name=op.f("fk_board_price_locality_id_locality")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["price_board.round_id"], name=op.f("fk_board_price_round_id_price_board")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_price")),
        sa.UniqueConstraint(
            "round_id",
            "commodity_id",
            "locality_id",
            "grade",
            name=op.f("uq_board_price_round_id_commodity_id_locality_id_grade"),
        ),
    )
    with op.batch_alter_table("board_price") as batch:
        for column in ("commodity_id", "locality_id", "round_id"):
            batch.create_index(batch.f(f"ix_board_price_{column}"), [column])
    # What older rounds have stored does not say which bids are sealed: they get no board.
    op.execute(
        "INSERT INTO price_board (round_id, state, attempts, blocks_done, blocks, failure) "
        "SELECT id, 'failed', 0, 0, 0, 'from before the price board' FROM match_round "
        "WHERE inputs IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("board_price")
    op.drop_table("price_board")
