"""Pages of revisions in the order their labels were made.

The order is the labels', not the revisions': the index on (project, seq) then gives a page without sorting the project,
and a label that is revised while somebody pages through the list is neither met twice nor missed.
"""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.labels import queries
from app.labels.models import Label, Revision
from app.web.pagination import Page, PageRequest


def fetch_revisions(
    session: Session, query: Select[Revision], paging: PageRequest, *, newest_first: bool = False
) -> Page[Revision]:
    """One page of `query`, which selects revisions joined to their labels. Raises `Invalid` as `fetch_page` does."""
    if paging.after is not None:
        place = session.execute(
            select(Label.seq, Revision.number)
            .join(Label, Label.id == Revision.label_id)
            .where(Revision.id == paging.after)
        ).one_or_none()
        if place is None:
            raise Invalid("`after` names nothing in this list. Start again without it.")
        query = query.where(queries.made_before(*place) if newest_first else queries.made_after(*place))
    order = (Label.seq.desc(), Revision.number.desc()) if newest_first else (Label.seq, Revision.number)
    rows = session.scalars(query.order_by(*order).limit(paging.limit + 1)).all()
    items = rows[: paging.limit]
    return Page(items, items[-1].id if len(rows) > paging.limit else None)
