"""Asking for very many rows at once: some at a time, or one list as one value, where a
parameter for each would cost more than the rows.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, String, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

STEP = 500


def some_of(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """So many of them at a time as one statement may well name."""
    for first in range(0, len(ids), STEP):
        yield ids[first : first + STEP]


def is_among(session: Session, column: Any, numbers: Sequence[int]) -> ColumnElement[bool]:
    """The condition that this column of whole numbers be one of these."""
    if session.connection().dialect.name == "postgresql":
        fits: ColumnElement[bool] = column == any_(bindparam(None, list(numbers), type_=ARRAY(BigInteger), unique=True))
        return fits
    listed = func.json_each(bindparam(None, orjson.dumps(list(numbers)).decode(), type_=String, unique=True))
    within: ColumnElement[bool] = column.in_(select(listed.table_valued("value").c.value))
    return within
