"""Reading guidelines."""

from collections.abc import Sequence

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, selectinload

from app.db.kept import kept
from app.db.reading import columns, read
from app.guidelines import markdown
from app.guidelines.models import Clause, GuidelineDraft, GuidelinePicture, GuidelineVersion
from app.guidelines.rules import KnownClause, number_clauses


def versions_of(project_id: str) -> Select[GuidelineVersion]:
    """With their clauses."""
    return (
        select(GuidelineVersion)
        .where(GuidelineVersion.project_id == project_id)
        .options(selectinload(GuidelineVersion.clauses))
    )


_version = columns(GuidelineVersion)
_NEWEST_NUMBER = select(func.max(_version.version)).where(_version.project_id == bindparam("project"))


def newest_version(session: Session, project_id: str) -> int | None:
    found: int | None = read(session, _NEWEST_NUMBER, project=project_id).scalar()
    return found


def title_of(session: Session, project_id: str, version: int) -> str:
    """Of a version that a claim names."""

    def read() -> str:
        named = GuidelineVersion.project_id == project_id, GuidelineVersion.version == version
        return session.scalars(select(GuidelineVersion.title).where(*named)).one()

    return kept(session, ("guideline title", project_id, version), read)


def newest(session: Session, project_id: str) -> GuidelineVersion | None:
    return session.scalar(versions_of(project_id).order_by(GuidelineVersion.version.desc()).limit(1))


def find_version(session: Session, project_id: str, version: int) -> GuidelineVersion | None:
    return session.scalar(versions_of(project_id).where(GuidelineVersion.version == version))


def versions_newest_first(session: Session, project_id: str) -> Sequence[GuidelineVersion]:
    return session.scalars(versions_of(project_id).order_by(GuidelineVersion.version.desc())).all()


def known_clauses(version: GuidelineVersion | None) -> list[KnownClause]:
    """The clauses of a version with their text."""
    if version is None:
        return []
    by_number = {clause.number: clause for clause in number_clauses(markdown.headings(version.body))}
    return [
        KnownClause(
            row.clause_id, row.number, row.title, row.level, by_number[row.number].place, by_number[row.number].text
        )
        for row in version.clauses
    ]


def used_ids(session: Session, project_id: str) -> dict[str, str]:
    """Every clause id that was ever published in the project, with the title it had last."""
    rows = session.execute(
        select(Clause.clause_id, Clause.title)
        .join(GuidelineVersion, GuidelineVersion.id == Clause.guideline_id)
        .where(GuidelineVersion.project_id == project_id)
        .order_by(GuidelineVersion.version)
    )
    return {row.clause_id: row.title for row in rows}


def draft_of(session: Session, project_id: str) -> GuidelineDraft | None:
    return session.scalar(select(GuidelineDraft).where(GuidelineDraft.project_id == project_id))


def pictures_of(session: Session, project_id: str) -> Sequence[GuidelinePicture]:
    """Newest first."""
    query = select(GuidelinePicture).where(GuidelinePicture.project_id == project_id)
    return session.scalars(query.order_by(GuidelinePicture.seq.desc())).all()


def find_picture(session: Session, project_id: str, picture_id: str) -> GuidelinePicture | None:
    query = select(GuidelinePicture).where(GuidelinePicture.project_id == project_id, GuidelinePicture.id == picture_id)
    return session.scalar(query)


def picture_hashes(session: Session) -> set[str]:
    """The files of the store that guidelines keep."""
    return set(session.scalars(select(GuidelinePicture.sha256)))
