"""What stands in the navigation of every page, by what the person's roles may see. Pure data for base.html."""

from dataclasses import dataclass

from fastapi import Request
from starlette.routing import NoMatchFound

from app.web.asking import Asker


@dataclass(frozen=True)
class Entry:
    title: str
    url: str
    current: bool


@dataclass(frozen=True)
class _Place:
    title: str
    route: str
    roles: frozenset[str] | None = None  # None: everyone signed in
    company: bool = False

    def is_for(self, person: Asker) -> bool:
        if self.company and not person.is_company:
            return False
        return self.roles is None or bool(self.roles & person.roles)


_IMPORTERS = frozenset({"manager", "engineer", "admin"})

# Routes of features that are not there are left out, so a place may be named before it is built.
PLACES = (
    _Place("Home", "home"),
    _Place("My labels", "labels.mine", roles=frozenset({"labeler"})),
    _Place("Projects", "projects.index", company=True),
    _Place("Background work", "background.index", roles=_IMPORTERS, company=True),
    _Place("People", "people.index", roles=frozenset({"admin", "manager", "vendor_lead"})),
    _Place("Audit trail", "people.audit_trail", roles=frozenset({"admin"})),
    _Place("Account", "people.account"),
)

_READERS = frozenset({"sme", "auditor", "manager", "engineer", "admin"})
_ENGINEERS = frozenset({"engineer", "admin"})
PROJECT_PLACES = (
    _Place("Overview", "projects.home", company=True),
    _Place("Assets", "assets.gallery", company=True),
    _Place("Imports", "imports.index", roles=_IMPORTERS, company=True),
    _Place("Schemas", "schemas.index", company=True),
    _Place("Guidelines", "guidelines.index", company=True),
    _Place("Queues", "queues.index", company=True),
    _Place("Labels", "labels.index", roles=_READERS, company=True),
    _Place("Exports", "exports.index", roles=_ENGINEERS, company=True),
)


def navigation(person: Asker | None, request: Request) -> list[Entry]:
    """The entries this person sees, in order; none for a guest."""
    if person is None:
        return []
    path = request.url.path
    found = [(place.title, _url(request, place.route)) for place in PLACES if place.is_for(person)]
    return [Entry(title, url, _holds(url, path)) for title, url in found if url is not None]


def project_navigation(person: Asker | None, request: Request, slug: str) -> list[Entry]:
    """The pages of one project that this person sees; none for a vendor's people, who come through their queues."""
    if person is None:
        return []
    path = request.url.path
    found = [(place, _url(request, place.route, project=slug)) for place in PROJECT_PLACES if place.is_for(person)]
    overview = found[0][1] if found else None
    return [
        Entry(place.title, url, path == url if url == overview else _holds(url, path)) for place, url in found if url
    ]


def _url(request: Request, route: str, **params: str) -> str | None:
    try:
        return str(request.app.url_path_for(route, **params))
    except NoMatchFound:
        return None


def _holds(url: str, path: str) -> bool:
    return path == url if url == "/" else path == url or path.startswith(url + "/")
