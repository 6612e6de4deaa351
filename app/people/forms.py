"""What the forms of people send."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.people.rules import LONGEST_EMAIL, LONGEST_PASSWORD, LONGEST_QUALIFICATION, QualificationKind, Role

Name = Annotated[str, Field(max_length=200)]
Email = Annotated[str, Field(max_length=LONGEST_EMAIL)]
Password = Annotated[str, Field(max_length=LONGEST_PASSWORD)]


class SignInForm(BaseModel):
    email: Email
    password: Password
    next: Annotated[str, Field(max_length=2000)] = "/"


class DemoSignInForm(BaseModel):
    person: Annotated[str, Field(max_length=64)]
    next: Annotated[str, Field(max_length=2000)] = "/"


class AccountForm(BaseModel):
    name: Name
    language: Annotated[str, Field(max_length=10)]
    theme: Annotated[str, Field(max_length=10)]
    single_keys: Literal["", "on"] = ""  # a box that is not ticked is not sent


class WishesForm(BaseModel):
    not_for_me: Annotated[str, Field(max_length=4000)] = ""


class PasswordForm(BaseModel):
    old: Password = ""
    new: Password


class TokenForm(BaseModel):
    name: Annotated[str, Field(max_length=100)]


class PersonForm(BaseModel):
    name: Name
    roles: list[Role] = []


class NewPersonForm(PersonForm):
    email: Email
    organisation: Name


class OrganisationForm(BaseModel):
    name: Name


class QualificationForm(BaseModel):
    kind: QualificationKind
    name: Annotated[str, Field(max_length=LONGEST_QUALIFICATION)]
    last_day: Annotated[date, Field(lt=date.max)] | Literal[""] = ""

    @property
    def until(self) -> datetime | None:
        """The end of the last day."""
        if self.last_day == "":
            return None
        return datetime.combine(self.last_day + timedelta(days=1), time(), UTC)
