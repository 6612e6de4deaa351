"""The audit trail of administrative acts, newest first."""

from fastapi import APIRouter, Depends, Request, Response

from app.people import queries
from app.people.asking import ADMINS
from app.people.models import AuditEvent
from app.web import pages
from app.web.pagination import Paging, fetch_page
from app.web.transaction import DbSession

router = APIRouter()


@router.get("/audit", name="people.audit_trail", dependencies=[Depends(ADMINS)])
def audit_trail(request: Request, session: DbSession, paging: Paging, person: str | None = None) -> Response:
    page = fetch_page(session, queries.audit_events(person), AuditEvent, paging, newest_first=True)
    ids = {event.actor_id for event in page.items if event.actor_id} | {event.subject_id for event in page.items}
    return pages.render(
        request,
        "people/audit_trail.html",
        page=page,
        names=queries.names_of(session, ids),
        after=paging.after,
        about=person,
    )
