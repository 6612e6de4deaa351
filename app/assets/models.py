"""Media (one row a stored file), what was made from them, and the ads that use them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.assets.rules import AssetState, MediaState, Modality
from app.db.base import Row, refers_to
from app.db.types import Json, UtcDateTime


class Media(Row):
    """One stored file under its SHA-256. `facts` is what probing found: size, duration, rate, format."""

    __tablename__ = "media"
    __table_args__ = (UniqueConstraint("sha256", "modality"),)
    sha256: Mapped[str] = mapped_column(String(64))
    modality: Mapped[Modality] = mapped_column(String(10))
    byte_size: Mapped[int] = mapped_column(BigInteger)
    content_type: Mapped[str] = mapped_column(String(100))
    state: Mapped[MediaState] = mapped_column(String(20))
    failure: Mapped[str | None] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    family_id: Mapped[str | None] = mapped_column(String(32), index=True)  # the first medium of those that look alike

    renditions: Mapped[list["Rendition"]] = relationship(lazy="raise")


class Rendition(Row):
    """A file made from a medium: display, thumbnail, peaks or frames. Kept in the same store, under its own SHA-256."""

    __tablename__ = "renditions"
    __table_args__ = (UniqueConstraint("media_id", "kind"),)
    media_id: Mapped[str] = refers_to("media.id")
    kind: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    byte_size: Mapped[int] = mapped_column(BigInteger)
    content_type: Mapped[str] = mapped_column(String(100))


class Asset(Row):
    __tablename__ = "assets"
    __table_args__ = (
        UniqueConstraint("project_id", "external_id"),
        Index("ix_assets_project_id_seq", "project_id", "seq"),
        Index(
            "ix_assets_preparing",
            "project_id",
            sqlite_where=text("state = 'preparing'"),
            postgresql_where=text("state = 'preparing'"),
        ),
    )
    project_id: Mapped[str] = refers_to("projects.id")
    external_id: Mapped[str] = mapped_column(String(500))
    revision: Mapped[int] = mapped_column(Integer, default=1)
    meta: Mapped[dict[str, Any]] = mapped_column("metadata", Json, default=dict)
    content_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[AssetState] = mapped_column(String(20))
    failure: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str | None] = refers_to("people.id", nullable=True)
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)

    parts: Mapped[list["Part"]] = relationship(lazy="raise", order_by="Part.seq")


class SavedFilter(Row):
    """A way to ask for ads, under a name; its author's, and everybody's in the company where it is shared."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("project_id", "person_id", "name"),)
    project_id: Mapped[str] = refers_to("projects.id")
    person_id: Mapped[str] = refers_to("people.id")
    name: Mapped[str] = mapped_column(String(100))
    asked: Mapped[dict[str, Any]] = mapped_column(Json)  # filter, search, sort and view, as asked.Browsed holds them
    is_shared: Mapped[bool] = mapped_column(Boolean, default=False)


class AssetRevision(Row):
    """The metadata as of one revision; parts carry `since_revision` themselves."""

    __tablename__ = "asset_revisions"
    __table_args__ = (UniqueConstraint("asset_id", "number"),)
    asset_id: Mapped[str] = refers_to("assets.id")
    number: Mapped[int] = mapped_column(Integer)
    meta: Mapped[dict[str, Any]] = mapped_column("metadata", Json)
    made_by: Mapped[str | None] = refers_to("people.id", nullable=True)


class Part(Row):
    """One named piece of an ad: a medium, or a text stored exactly as given."""

    __tablename__ = "parts"
    __table_args__ = (UniqueConstraint("asset_id", "name"),)
    asset_id: Mapped[str] = refers_to("assets.id")
    name: Mapped[str] = mapped_column(String(100))
    modality: Mapped[Modality] = mapped_column(String(10))
    media_id: Mapped[str | None] = refers_to("media.id", nullable=True, index=True)
    text: Mapped[str | None] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    since_revision: Mapped[int] = mapped_column(Integer, default=1)

    media: Mapped[Media | None] = relationship(lazy="raise")
