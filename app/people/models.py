"""Organisations, people, their roles, sign-ins, tokens, and the audit trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Row, refers_to
from app.db.types import Json, UtcDateTime
from app.people.rules import COMPANY_ROLES, OrganisationKind, QualificationKind, Role


class Organisation(Row):
    __tablename__ = "organisations"
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[OrganisationKind] = mapped_column(String(20))


class Person(Row):
    __tablename__ = "people"
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    organisation_id: Mapped[str] = refers_to("organisations.id", index=True)
    password_hash: Mapped[str | None] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(10), default="en")
    preferences: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    role_rows: Mapped[list["PersonRole"]] = relationship(lazy="raise", cascade="all, delete-orphan")

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(row.role) for row in self.role_rows)

    @property
    def is_company(self) -> bool:
        """Of the company itself, with a role that sees more than their own work."""
        return self.organisation.kind == OrganisationKind.COMPANY and bool(self.roles & COMPANY_ROLES)


class PersonRole(Row):
    __tablename__ = "person_roles"
    __table_args__ = (UniqueConstraint("person_id", "role"),)
    person_id: Mapped[str] = refers_to("people.id")
    role: Mapped[Role] = mapped_column(String(20))


class Qualification(Row):
    """A language or market that a person knows, or a certificate they hold: who said so, and until when. Given anew it
    is another row; one that was ended stays readable.
    """

    __tablename__ = "qualifications"
    __table_args__ = (
        Index(
            "uq_qualifications_held", "person_id", "kind", "name", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip
    person_id: Mapped[str] = refers_to("people.id")
    kind: Mapped[QualificationKind] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    given_by: Mapped[str | None] = refers_to("people.id", nullable=True)  # None: the command line, or an exam
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = refers_to("people.id", nullable=True)


class SignIn(Row):
    """A browser's signed-in session; the cookie holds the token, the row only its SHA-256."""

    __tablename__ = "sign_ins"
    person_id: Mapped[str] = refers_to("people.id", index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    way: Mapped[str] = mapped_column(String(20))
    browser: Mapped[str] = mapped_column(String(300), default="")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInLink(Row):
    """A one-time way in for a person without a password."""

    __tablename__ = "sign_in_links"
    person_id: Mapped[str] = refers_to("people.id", index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Token(Row):
    """A bearer token of the API; shown once, kept as its SHA-256."""

    __tablename__ = "tokens"
    person_id: Mapped[str] = refers_to("people.id", index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuditEvent(Row):
    """Who did what to which thing, when. Rows are added, never changed."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_subject", "subject_kind", "subject_id"),)
    actor_id: Mapped[str | None] = refers_to("people.id", nullable=True, index=True)
    verb: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
