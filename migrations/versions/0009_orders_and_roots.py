"""tasks in an order of their queue's choosing, with a priority, and with the task that they stem from"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SORTED = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
HAD = "state IN ('live', 'submitted', 'skipped')"


def queues() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("order_by", sa.String(length=20), server_default="oldest", nullable=False),
        sa.Column("order_key", sa.String(length=200), server_default="", nullable=False),
        sa.Column("descending", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("seed", sa.String(length=40), server_default="", nullable=False),
        sa.Column("spread", sa.String(length=10), server_default="depth", nullable=False),
        sa.Column("suggestions_until", sa.BigInteger(), server_default="-1", nullable=False),
        sa.Column("arrangement", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_sort_key", SORTED, server_default="", nullable=False),
    )


def tasks() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("root_id", sa.String(length=32), nullable=True),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("order_part", sa.String(length=100), server_default="", nullable=False),
        sa.Column("family", sa.String(length=16), server_default="", nullable=False),
    )


def slots() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("root_id", sa.String(length=32), nullable=True),
        sa.Column("layer", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sort_key", SORTED, nullable=True),
    )


def claims() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("root_id", sa.String(length=32), nullable=True),
        sa.Column("reached_under", sa.String(length=40), server_default="", nullable=False),
    )


INDEXED = (("ix_slots_free", "state = 'free'"), ("ix_slots_returned", "state = 'returned'"))
LAYERS = (
    "UPDATE slots SET layer = (SELECT count(*) FROM slots other "
    "WHERE other.task_id = slots.task_id AND other.seq < slots.seq)"
)
KEYS = {
    "sqlite": "UPDATE slots SET sort_key = printf('1000%08x%02x', position, layer)",
    "postgresql": "UPDATE slots SET sort_key = '1000' || lpad(to_hex(position), 8, '0') || lpad(to_hex(layer), 2, '0')",
}


def upgrade() -> None:
    for table, columns in (("queues", queues()), ("tasks", tasks()), ("slots", slots()), ("claims", claims())):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.add_column(column)
    op.execute("UPDATE tasks SET root_id = id")
    op.execute("UPDATE slots SET root_id = task_id")
    op.execute("UPDATE claims SET root_id = task_id")
    op.execute(LAYERS)
    op.execute(KEYS[op.get_bind().dialect.name])
    op.execute(
        "UPDATE queues SET last_sort_key = "
        "coalesce((SELECT max(sort_key) FROM slots WHERE slots.queue_id = queues.id), '')"
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.alter_column("root_id", existing_type=sa.String(length=32), nullable=False)
        batch_op.create_index("ix_tasks_root_id", ["root_id"])
        _create(batch_op, "ix_tasks_family", ["queue_id", "family"], "family <> ''")
    with op.batch_alter_table("slots", schema=None) as batch_op:
        batch_op.alter_column("root_id", existing_type=sa.String(length=32), nullable=False)
        batch_op.alter_column("sort_key", existing_type=SORTED, nullable=False)
        for name, where in INDEXED:
            _drop(batch_op, name, where)
            _create(batch_op, name, ["queue_id", "sort_key", "seq"], where)
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.alter_column("root_id", existing_type=sa.String(length=32), nullable=False)
        batch_op.drop_column("reached")
        _drop(batch_op, "uq_claims_task_id_person_id", HAD)
        _create(batch_op, "uq_claims_root_id_person_id", ["root_id", "person_id"], HAD, unique=True)
    # Everybody's search begins anew, once.
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reached", SORTED, server_default="", nullable=False))


def downgrade() -> None:
    # Of two tasks with one root, which one person may not have had before, the claims stay; the old rule allows them.
    with op.batch_alter_table("claims", schema=None) as batch_op:
        _drop(batch_op, "uq_claims_root_id_person_id", HAD)
        _create(batch_op, "uq_claims_task_id_person_id", ["task_id", "person_id"], HAD, unique=True)
        for name in ("root_id", "reached_under", "reached"):
            batch_op.drop_column(name)
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reached", sa.Integer(), server_default="-1", nullable=False))
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.alter_column("reached", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("slots", schema=None) as batch_op:
        for name, where in INDEXED:
            _drop(batch_op, name, where)
            _create(batch_op, name, ["queue_id", "position", "seq"], where)
        for name in ("root_id", "layer", "sort_key"):
            batch_op.drop_column(name)
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        _drop(batch_op, "ix_tasks_family", "family <> ''")
        batch_op.drop_index("ix_tasks_root_id")
        for column in tasks():
            batch_op.drop_column(column.name)
    with op.batch_alter_table("queues", schema=None) as batch_op:
        for column in queues():
            batch_op.drop_column(column.name)


def _create(batch_op: BatchOperations, name: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    batch_op.create_index(name, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _drop(batch_op: BatchOperations, name: str, where: str) -> None:
    batch_op.drop_index(name, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
