"""What the pages of people show, where a row is not enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.people.models import Person, SignIn
from app.people.rules import OrganisationKind, QualificationKind, Role, in_order
from app.people.tokens import digest


@dataclass(frozen=True)
class DemoGroup:
    """Demo people who do the same work."""

    title: str
    people: Sequence[Person]


@dataclass(frozen=True)
class SignInLine:
    id: str
    browser: str
    way: str
    since: datetime
    until: datetime
    is_this: bool


WORK = {
    Role.LABELER: "Labels ads",
    Role.VENDOR_LEAD: "Leads a vendor's people",
    Role.SME: "Decides what is right",
    Role.TRAINER: "Writes guidelines, trains",
    Role.AUDITOR: "Audits labels",
    Role.MANAGER: "Sets queues and deadlines",
    Role.ENGINEER: "Defines schemas, imports, exports",
    Role.ADMIN: "Adds people and organisations",
}

QUALIFICATION_KINDS = {
    QualificationKind.LANGUAGE: "Language",
    QualificationKind.MARKET: "Market",
    QualificationKind.CERTIFICATE: "Certificate",
}

WAYS = {"password": "Password", "link": "Sign-in link", "demo": "Demo"}

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def demo_groups(people: Sequence[Person]) -> list[DemoGroup]:
    """Grouped by what they do, labelers first, in the order of roles."""
    groups: dict[str, list[Person]] = {}
    for role in Role:
        for person in people:
            if in_order(person.roles)[:1] == [role]:
                groups.setdefault(_title(role, person), []).append(person)
    return [DemoGroup(title, members) for title, members in groups.items()]


def _title(role: Role, person: Person) -> str:
    of_vendor = person.organisation.kind == OrganisationKind.VENDOR
    return f"Vendor {role.caption.lower()}" if of_vendor and role == Role.LABELER else role.caption


def sign_in_lines(sign_ins: Sequence[SignIn], secret: str | None) -> list[SignInLine]:
    """This browser's first."""
    this = None if secret is None else digest(secret)
    lines = [
        SignInLine(
            id=sign_in.id,
            browser=browser_name(sign_in.browser),
            way=WAYS.get(sign_in.way, sign_in.way),
            since=sign_in.created_at,
            until=sign_in.expires_at,
            is_this=sign_in.token_hash == this,
        )
        for sign_in in sign_ins
    ]
    return sorted(lines, key=lambda line: not line.is_this)


def browser_name(agent: str) -> str:
    """`Firefox on Windows`, as far as the browser tells."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return " on ".join(part for part in (browser, system) if part) or "Unknown browser"
