"""waterways, quays, what boats cost"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _text(name: str, length: int | None = None) -> sa.Column[str]:
    kind = sa.String(length=length) if length else sa.Text()
    return sa.Column(name, kind, nullable=False)


def _value(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _always() -> list[sa.Column[Any]]:
    return [
        _value("position", sa.Integer()),
        _text("source"),
        _text("confidence", 12),
    ]


def _points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def upgrade() -> None:
    op.create_table(
        "water_node",
        _text("id", 20),
        _text("name", 120),
        _value("lat", sa.Double()),
        _value("lon", sa.Double()),
        *_always(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_water_node")),
    )
    op.create_table(
        "water_link",
        _text("id", 60),
        _text("start_id", 20),
        _text("end_id", 20),
        _text("waterway", 200),
        _value("km", sa.Double()),
        _text("water_class", 10),
        _value("largest_vessel", sa.Integer()),
        _value("kmh", sa.Integer()),
        _value("localities", sa.JSON()),
        *_always(),
        _points_to("water_link", "start_id", "water_node"),
        _points_to("water_link", "end_id", "water_node"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_water_link")),
    )
    op.create_table(
        "transfer",
        _text("id", 60),
        _text("quay_id", 20),
        _text("node_id", 20),
        _value("km", sa.Double()),
        _value("vnd_per_tonne", sa.Integer()),
        _value("hours", sa.Double()),
        _value("localities", sa.JSON()),
        *_always(),
        _points_to("transfer", "quay_id", "water_node"),
        _points_to("transfer", "node_id", "road_node"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_table(
        "boat_rate",
        _text("vehicle", 10),
        _value("valid_from", sa.Date()),
        _value("payload", sa.Integer()),
        _value("fixed", sa.Integer()),
        _value("vnd_per_km", sa.Integer()),
        _text("water_class", 10),
        _value("sea", sa.Boolean()),
        *_always(),
        sa.PrimaryKeyConstraint("vehicle", "valid_from", name=op.f("pk_boat_rate")),
    )
    with op.batch_alter_table("road_link") as batch:
        batch.add_column(sa.Column("localities", sa.JSON(), server_default="[]", nullable=False))
    with op.batch_alter_table("place") as batch:
        batch.add_column(sa.Column("quay_id", sa.String(length=20), nullable=True))
        batch.add_column(sa.Column("quay_km", sa.Double(), server_default="0", nullable=False))
        batch.create_foreign_key(
            op.f("fk_place_quay_id_water_node"), "water_node", ["quay_id"], ["id"]
        )
    with op.batch_alter_table("transport_need") as batch:
        batch.add_column(
            sa.Column("boat_mode", sa.String(length=20), server_default="", nullable=False)
        )
        batch.add_column(
            sa.Column("largest_boat", sa.Integer(), server_default="0", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("transport_need") as batch:
        batch.drop_column("largest_boat")
        batch.drop_column("boat_mode")
    with op.batch_alter_table("place") as batch:
        batch.drop_constraint(op.f("fk_place_quay_id_water_node"), type_="foreignkey")
        batch.drop_column("quay_km")
        batch.drop_column("quay_id")
    with op.batch_alter_table("road_link") as batch:
        batch.drop_column("localities")
    for table in ("boat_rate", "transfer", "water_link", "water_node"):
        op.drop_table(table)
