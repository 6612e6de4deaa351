"""The declarative base: naming convention and the columns every row has."""

import secrets
from datetime import datetime
from typing import Annotated

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.db.types import UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Annotated[str, mapped_column(String(32))]


def new_id() -> str:
    """128 random bits as 32 hexadecimal digits: tells neither order nor time."""
    return secrets.token_hex(16)


def new_ids(count: int) -> list[str]:
    """As `new_id`, of which many at once cost a tenth."""
    digits = secrets.token_hex(16 * count)
    return [digits[start : start + 32] for start in range(0, 32 * count, 32)]


def refers_to(target: str, *, nullable: bool = False, index: bool = False) -> Mapped[str]:
    """A foreign key to another table's public id, for example `refers_to("people.id")`."""
    return mapped_column(String(32), ForeignKey(target), nullable=nullable, index=index)


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of those rows alone for which `where` holds, on both databases."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class Row(DeclarativeBase):
    """`seq` orders by creation and stays inside; `id` is what the outside sees and what foreign keys hold."""

    metadata = MetaData(naming_convention=NAMING)
    __abstract__ = True

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True, sort_order=-3
    )
    id: Mapped[str] = mapped_column(String(32), unique=True, default=new_id, sort_order=-2)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, sort_order=-1)
