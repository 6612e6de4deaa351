"""Imports that were left to the background, and the rows of them that were refused."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Id, Row, refers_to
from app.db.types import UtcDateTime


class Import(Row):
    """`done` rows were looked at; of them `added` are new, `same` were there already and `failed` were refused."""

    __tablename__ = "imports"
    project_id: Mapped[str] = refers_to("projects.id", index=True)
    requested_by: Mapped[str] = refers_to("people.id")
    file_name: Mapped[str] = mapped_column(String(300))
    format: Mapped[str | None] = mapped_column(String(20))  # None: told by the file's name
    job_id: Mapped[Id | None] = mapped_column(index=True)
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int | None] = mapped_column(BigInteger)
    added: Mapped[int] = mapped_column(BigInteger, default=0)
    same: Mapped[int] = mapped_column(BigInteger, default=0)
    failed: Mapped[int] = mapped_column(BigInteger, default=0)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportFault(Row):
    """One refused row. `place` is how a person finds it, such as `line 3`."""

    __tablename__ = "import_faults"
    __table_args__ = (Index("ix_import_faults_import_id_seq", "import_id", "seq"),)
    import_id: Mapped[str] = refers_to("imports.id")
    place: Mapped[str] = mapped_column(String(1000))
    message: Mapped[str] = mapped_column(Text)
