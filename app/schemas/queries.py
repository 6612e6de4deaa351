"""Reading schemas."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.assets.rules import Modality
from app.db.kept import kept
from app.schemas import answers
from app.schemas.answers import Body
from app.schemas.models import SchemaDraft, SchemaVersion


def find_version(session: Session, project_id: str, version: int) -> SchemaVersion | None:
    return session.scalar(versions_of(project_id).where(SchemaVersion.version == version))


_ONE = select(SchemaVersion).where(
    SchemaVersion.project_id == bindparam("project"), SchemaVersion.version == bindparam("version")
)


def pinned(session: Session, project_id: str, version: int) -> SchemaVersion:
    """A version that a task, a claim or a label names, which was published before. The row belongs to no session."""

    def read() -> SchemaVersion:
        found = session.scalars(_ONE, {"project": project_id, "version": version}).one()
        session.expunge(found)
        return found

    return kept(session, ("schema", project_id, version), read)


def newest(session: Session, project_id: str) -> SchemaVersion | None:
    return session.scalar(versions_of(project_id).order_by(SchemaVersion.version.desc()).limit(1))


def versions_of(project_id: str) -> Select[SchemaVersion]:
    return select(SchemaVersion).where(SchemaVersion.project_id == project_id)


def versions_newest_first(session: Session, project_id: str) -> Sequence[SchemaVersion]:
    return session.scalars(versions_of(project_id).order_by(SchemaVersion.version.desc())).all()


def version_before(session: Session, version: SchemaVersion) -> SchemaVersion | None:
    """The one that this one was made from, as far as can be told: the newest earlier of the same name, else the newest
    earlier at all.
    """
    same_name = (SchemaVersion.name == version.name).desc()
    earlier = versions_of(version.project_id).where(SchemaVersion.version < version.version)
    return session.scalar(earlier.order_by(same_name, SchemaVersion.version.desc()).limit(1))


def find_same(session: Session, project_id: str, content_hash: str) -> SchemaVersion | None:
    return session.scalar(versions_of(project_id).where(SchemaVersion.content_hash == content_hash))


def drafts_of(session: Session, project_id: str) -> Sequence[SchemaDraft]:
    """Last edited first."""
    query = select(SchemaDraft).where(SchemaDraft.project_id == project_id).order_by(SchemaDraft.edited_at.desc())
    return session.scalars(query).all()


def find_draft(session: Session, project_id: str, draft_id: str) -> SchemaDraft | None:
    return session.scalar(select(SchemaDraft).where(SchemaDraft.project_id == project_id, SchemaDraft.id == draft_id))


def fits(body: Body, parts: Mapping[str, Modality | str]) -> bool:
    """Whether an ad with these parts (name -> modality) has every part that the schema requires."""
    return answers.fits(body, parts)
