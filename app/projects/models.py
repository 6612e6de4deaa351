"""Projects and the organisations they are open to."""

from sqlalchemy import BigInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Row, refers_to
from app.db.types import Json


class Project(Row):
    __tablename__ = "projects"
    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    languages: Mapped[list[str]] = mapped_column(Json, default=list)
    markets: Mapped[list[str]] = mapped_column(Json, default=list)
    # Counts changes of the project's assets. Queues remember the count they were filled at, so that "is there
    # anything new?" is one comparison; the row's lock makes counts follow the order of commits.
    asset_changes: Mapped[int] = mapped_column(BigInteger, default=0)


class ProjectOrganisation(Row):
    """A project without such rows is open to all organisations."""

    __tablename__ = "project_organisations"
    __table_args__ = (UniqueConstraint("project_id", "organisation_id"),)
    project_id: Mapped[str] = refers_to("projects.id")
    organisation_id: Mapped[str] = refers_to("organisations.id")
