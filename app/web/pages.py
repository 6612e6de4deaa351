"""Rendering templates: one environment, StrictUndefined, with what every page needs."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.web import csrf, filters
from app.web.cookies import GUEST_COOKIE, set_cookie
from app.web.navigation import navigation, project_navigation
from app.web.static import Static

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"


def make_environment(static: Static) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static_url"] = static.url
    environment.globals["navigation"] = navigation
    environment.globals["project_navigation"] = project_navigation
    environment.filters.update(filters.FILTERS)
    return environment


def render(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A page or a region. Templates get `person` (or None), `csrf_token`, `url_for`, `request` and `context`."""
    environment: Environment = request.app.state.templates
    person = getattr(request.state, "person", None)
    html = environment.get_template(template).render(
        request=request,
        person=person,
        csrf_token=csrf.token_for(request),
        url_for=_relative_url_for(request),
        language=getattr(person, "language", "en"),
        demo=request.app.state.settings.demo,
        **context,
    )
    headers = {"Cache-Control": "no-store", "Vary": "Cookie"}
    return HTMLResponse(html, status_code=status, headers=headers)


def render_to_guest(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """As `render`, for a page with a form that guests may post: ties the form to a cookie of its own."""
    guest = csrf.welcome_guest(request)
    response = render(request, template, status=status, **context)
    if guest is not None:
        set_cookie(request, response, GUEST_COOKIE, guest)
    return response


def see_other(
    request: Request, name: str, *, query: Mapping[str, str] | None = None, fragment: str = "", **params: Any
) -> Response:
    """303 to a named route: the answer to a form that did what it was asked. `fragment`: where on the page one goes on, by
    eye and by Tab.
    """
    path = str(request.app.url_path_for(name, **params))
    asked = f"{path}?{urlencode(query)}" if query else path
    return RedirectResponse(f"{asked}#{fragment}" if fragment else asked, status_code=303)


def _relative_url_for(request: Request) -> Callable[..., str]:
    def url_for(name: str, **params: Any) -> str:
        return str(request.app.url_path_for(name, **params))

    return url_for
