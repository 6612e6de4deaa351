"""tasks reserved ahead: a second seat beside the claim at hand, and slots that are only reserved"""

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LIVE, AHEAD = "state = 'live'", "state = 'ahead'"
HELD, HELD_OR_AHEAD = "state = 'held'", "state IN ('held', 'ahead')"


def upgrade() -> None:
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seat", sa.Integer(), server_default="0", nullable=False))
        _drop(batch_op, "uq_claims_live", LIVE)
        _create(batch_op, "uq_claims_live", ["queue_id", "person_id", "seat"], LIVE, unique=True)

    with op.batch_alter_table("slots", schema=None) as batch_op:
        _drop(batch_op, "ix_slots_held", HELD)
        _create(batch_op, "ix_slots_held", ["queue_id", "expires_at"], HELD_OR_AHEAD)
        _create(batch_op, "ix_slots_ahead", ["queue_id", "seq"], AHEAD)


def downgrade() -> None:
    # What is only reserved goes back, and of a person's two claims the one at hand stays.
    op.execute(
        "UPDATE slots SET state = 'returned', claim_id = NULL, expires_at = NULL "
        "WHERE claim_id IN (SELECT id FROM claims WHERE state = 'live' AND seat = 1)"
    )
    op.execute("UPDATE claims SET state = 'released', ended_at = expires_at WHERE state = 'live' AND seat = 1")
    with op.batch_alter_table("slots", schema=None) as batch_op:
        _drop(batch_op, "ix_slots_ahead", AHEAD)
        _drop(batch_op, "ix_slots_held", HELD_OR_AHEAD)
        _create(batch_op, "ix_slots_held", ["queue_id", "expires_at"], HELD)

    with op.batch_alter_table("claims", schema=None) as batch_op:
        _drop(batch_op, "uq_claims_live", LIVE)
        _create(batch_op, "uq_claims_live", ["queue_id", "person_id"], LIVE, unique=True)
        batch_op.drop_column("seat")


def _create(batch_op: BatchOperations, name: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    batch_op.create_index(name, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _drop(batch_op: BatchOperations, name: str, where: str) -> None:
    batch_op.drop_index(name, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
