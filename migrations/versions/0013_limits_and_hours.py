"""how much of a queue people and organisations may take, when it hands out, and who took a claim back"""

import sqlalchemy as sa
from alembic import op

from app.db.types import Json, UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBERED = sa.text("number > 0")
GIVEN_BACK = sa.text("organisation_id IS NOT NULL AND state IN ('expired', 'released', 'withdrawn', 'skipped')")


def upgrade() -> None:
    with op.batch_alter_table("queues", schema=None) as batch_op:
        batch_op.add_column(sa.Column("limits", Json(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("hours", Json(), server_default="{}", nullable=False))
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ended_by", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("number", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("organisation_id", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(op.f("fk_claims_ended_by_people"), "people", ["ended_by"], ["id"])
        batch_op.create_index(
            "uq_claims_number", ["person_id", "queue_id", "number"], unique=True, sqlite_where=NUMBERED,
            postgresql_where=NUMBERED,
        )  # fmt: skip
        batch_op.create_index(
            "ix_claims_given_back",
            ["queue_id", "organisation_id"],
            sqlite_where=GIVEN_BACK,
            postgresql_where=GIVEN_BACK,
        )
    op.create_table(
        "organisation_limits",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("queue_id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("share", sa.Float(), nullable=True),
        sa.Column("handed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_organisation_limits_queue_id_queues")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_organisation_limits_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_organisation_limits")),
        sa.UniqueConstraint("id", name=op.f("uq_organisation_limits_id")),
        sa.UniqueConstraint(
            "queue_id", "organisation_id", name=op.f("uq_organisation_limits_queue_id_organisation_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("organisation_limits")
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.drop_index("ix_claims_given_back", sqlite_where=GIVEN_BACK, postgresql_where=GIVEN_BACK)
        batch_op.drop_index("uq_claims_number", sqlite_where=NUMBERED, postgresql_where=NUMBERED)
        batch_op.drop_constraint(op.f("fk_claims_ended_by_people"), type_="foreignkey")
        for name in ("ended_by", "number", "organisation_id"):
            batch_op.drop_column(name)
    with op.batch_alter_table("queues", schema=None) as batch_op:
        batch_op.drop_column("limits")
        batch_op.drop_column("hours")
