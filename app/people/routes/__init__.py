"""The pages of people: signing in, one's own account, people and organisations, the audit trail."""

from fastapi import APIRouter

from app.people.routes import account, administration, audit_trail, qualifications, signing_in

router = APIRouter()
for pages in (signing_in, account, administration, qualifications, audit_trail):
    router.include_router(pages.router)
