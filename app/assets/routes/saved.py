"""Saving a filter of the gallery, and removing one's own."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from app.assets import saved
from app.assets.asked import SavedForm
from app.people.asking import CompanyPerson, SignedIn
from app.projects.asking import CompanyProject
from app.web import pages
from app.web.transaction import AppClock, DbSession

router = APIRouter()


@router.post("/projects/{project}/saved-filters", name="assets.save_filter")
def save(
    request: Request, project: CompanyProject, form: Annotated[SavedForm, Form()], person: SignedIn, session: DbSession,
    clock: AppClock,
) -> Response:  # fmt: skip
    asked = form.browsed()
    saved.save(
        session, project=project, person=person, name=form.name, asked=asked.as_saved(), shared=form.shared, clock=clock
    )
    return pages.see_other(request, "assets.gallery", project=project.slug, query=asked.as_query())


@router.post("/saved-filters/{saved_filter}/removal", name="assets.remove_filter")
def remove(request: Request, saved_filter: str, person: CompanyPerson, session: DbSession) -> Response:
    gone = saved.remove(session, saved_filter, person=person)
    return pages.see_other(request, "assets.gallery", project=gone.project_id)
