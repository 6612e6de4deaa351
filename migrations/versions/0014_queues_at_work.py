"""counts of each queue, kept as it changes; what was asked for by list, file or sample; a revision of each queue

The oldest task of a state, and what expired again and again, are found by index.
"""

import sqlalchemy as sa
from alembic import op

from app.db.types import Json, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STATES = ("open", "answered", "done", "on_hold", "escalated", "withdrawn")
COUNTED = ("labels", "wanted", *(f"tasks_{state}" for state in STATES))
EXPIRED = sa.text("state = 'expired'")


def upgrade() -> None:
    op.create_table(
        "queue_tallies",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("queue_id", sa.String(length=32), nullable=False),
        sa.Column("noted_by", sa.String(length=32), nullable=False),
        sa.Column("hour", UtcDateTime(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTED),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_queue_tallies_queue_id_queues")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_queue_tallies")),
        sa.UniqueConstraint("id", name=op.f("uq_queue_tallies_id")),
        sa.UniqueConstraint("queue_id", "noted_by", "hour", name=op.f("uq_queue_tallies_queue_id_noted_by_hour")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index("ix_tasks_queue_id_state")
        batch_op.create_index("ix_tasks_queue_id_state_seq", ["queue_id", "state", "seq"])
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.create_index(
            "ix_claims_expired", ["queue_id", "task_id"], sqlite_where=EXPIRED, postgresql_where=EXPIRED
        )
    op.create_table(
        "fillings",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("queue_id", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("spec", Json(), nullable=False),
        sa.Column("outcome", Json(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_fillings_asked_by_people")),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_fillings_queue_id_queues")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_fillings")),
        sa.UniqueConstraint("id", name=op.f("uq_fillings_id")),
    )
    op.create_index("ix_fillings_queue_id", "fillings", ["queue_id"])
    with op.batch_alter_table("queues", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("escalates_to", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("escalation_seconds", sa.Integer(), server_default="86400", nullable=False))
        batch_op.create_foreign_key(batch_op.f("fk_queues_escalates_to_queues"), "queues", ["escalates_to"], ["id"])
        batch_op.add_column(sa.Column("fills_itself", sa.Boolean(), server_default=sa.true(), nullable=False))
    _make_escalations()
    op.execute(_counting())


def _make_escalations() -> None:
    refers = {
        "task_id": "tasks", "queue_id": "queues", "outcome_id": "outcomes", "raised_by": "people", "sme_task_id": "tasks",
        "answered_by": "people",
    }  # fmt: skip
    may_be_none = {"sme_task_id", "answered_by"}
    op.create_table(
        "escalations",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        *(sa.Column(name, sa.String(length=32), nullable=name in may_be_none) for name in refers),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("decision", sa.String(length=20), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_escalations_{name}_{table}"))
            for name, table in refers.items()
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_escalations")),
        sa.UniqueConstraint("id", name=op.f("uq_escalations_id")),
    )
    waits = {"sqlite_where": sa.text("answered_at IS NULL"), "postgresql_where": sa.text("answered_at IS NULL")}
    op.create_index("uq_escalations_open", "escalations", ["task_id"], unique=True, **waits)
    op.create_index("ix_escalations_waiting", "escalations", ["queue_id", "due_at"], **waits)
    op.create_index("ix_escalations_sme_task_id", "escalations", ["sme_task_id"])


def _counting() -> str:
    """What is there already, as long ago, under each queue's own id."""
    slots = """(SELECT count(*) FROM slots s JOIN tasks t ON t.id = s.task_id WHERE t.queue_id = q.id AND {})"""
    states = ", ".join(
        f"(SELECT count(*) FROM tasks t WHERE t.queue_id = q.id AND t.state = '{state}')"  # noqa: S608  # constants only
        for state in STATES
    )
    done = slots.format("s.state = 'done'")
    wanted = slots.format("(s.state = 'done' OR t.state <> 'withdrawn')")
    names = ", ".join(COUNTED)
    return (
        f"INSERT INTO queue_tallies (id, created_at, queue_id, noted_by, hour, {names}) "  # noqa: S608  # constants only
        f"SELECT q.id, q.created_at, q.id, q.id, '1970-01-01 00:00:00.000000', {done}, {wanted}, {states} FROM queues q"
    )


def downgrade() -> None:
    # Words that the code before does not know.
    op.execute("UPDATE queues SET state = 'paused' WHERE state = 'draining'")
    op.execute("DELETE FROM slots WHERE state = 'dropped' AND id NOT IN (SELECT slot_id FROM claims)")
    op.execute("UPDATE slots SET state = 'withheld' WHERE state = 'dropped'")
    with op.batch_alter_table("queues", schema=None) as batch_op:
        batch_op.drop_column("fills_itself")
        batch_op.drop_constraint(batch_op.f("fk_queues_escalates_to_queues"), type_="foreignkey")
        batch_op.drop_column("escalation_seconds")
        batch_op.drop_column("escalates_to")
        batch_op.drop_column("revision")
    op.drop_table("escalations")
    op.drop_table("fillings")
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.drop_index("ix_claims_expired", sqlite_where=EXPIRED, postgresql_where=EXPIRED)
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index("ix_tasks_queue_id_state_seq")
        batch_op.create_index("ix_tasks_queue_id_state", ["queue_id", "state"])
    op.drop_table("queue_tallies")
