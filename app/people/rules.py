"""Roles and what follows from them alone; how e-mails, passwords and ways back are judged."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum


class Role(StrEnum):
    LABELER = "labeler"
    VENDOR_LEAD = "vendor_lead"
    SME = "sme"
    TRAINER = "trainer"
    AUDITOR = "auditor"
    MANAGER = "manager"
    ENGINEER = "engineer"
    ADMIN = "admin"

    @property
    def caption(self) -> str:
        """As pages write it."""
        return CAPTIONS[self]


class OrganisationKind(StrEnum):
    COMPANY = "company"
    VENDOR = "vendor"


class SignInWay(StrEnum):
    PASSWORD = "password"  # noqa: S105  # the name of a way in
    LINK = "link"
    DEMO = "demo"


class QualificationKind(StrEnum):
    """What a queue may ask of a person."""

    LANGUAGE = "language"
    MARKET = "market"
    CERTIFICATE = "certificate"


CAPTIONS = {
    Role.LABELER: "Labeler",
    Role.VENDOR_LEAD: "Vendor lead",
    Role.SME: "SME",
    Role.TRAINER: "Trainer",
    Role.AUDITOR: "Auditor",
    Role.MANAGER: "Manager",
    Role.ENGINEER: "Engineer",
    Role.ADMIN: "Admin",
}

COMPANY_ROLES = frozenset({Role.SME, Role.TRAINER, Role.AUDITOR, Role.MANAGER, Role.ENGINEER, Role.ADMIN})
VENDOR_ROLES = frozenset({Role.LABELER, Role.VENDOR_LEAD})

LANGUAGES = {"en": "English", "nb": "Norsk bokmål"}
# What a person may keep about their pages, by name, with the shape of its value.
PREFERENCES: dict[str, type] = {
    "keys": dict,  # action -> the key that replaces its own, as `data-key` writes it
    "single_keys": bool,  # false: keys of one character do nothing
    "image_view": dict,
    "text_view": dict,
    "sound_view": dict,
    "labeling": dict,
    "not_for_me": dict,  # metadata key, or `project` -> values whose ads the person would rather not be given
}
LONGEST_KEY = 40
MOST_WISHES = 50
LARGEST_PREFERENCES = 32_000  # characters of JSON, all together
THEMES = {"auto": "As the computer", "light": "Light", "dark": "Dark"}

SIGN_IN_LIFETIME = timedelta(hours=12)  # a long shift; afterwards the password is asked for in place
LINK_LIFETIME = timedelta(days=7)

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 1000
LONGEST_EMAIL = 320

DEMO_DOMAIN = "@demo.fasit.example"


def normal_email(email: str) -> str:
    """E-mails are compared without case and outer spaces."""
    return email.strip().lower()


def fault_of_email(email: str) -> str | None:
    """What is wrong with it, or None. Whether it exists only a letter can tell."""
    local, at, domain = email.rpartition("@")
    fits = at and local and domain and len(email) <= LONGEST_EMAIL and not any(letter.isspace() for letter in email)
    return None if fits else "An e-mail address reads like name@example.org."


def fault_of_password(password: str) -> str | None:
    if len(password) < SHORTEST_PASSWORD:
        return f"A password has at least {SHORTEST_PASSWORD} characters; a few words in a row are good."
    if len(password) > LONGEST_PASSWORD:
        return f"A password has at most {LONGEST_PASSWORD} characters."
    return None


def fault_of_roles(roles: Collection[Role], kind: OrganisationKind) -> str | None:
    """A vendor's people label and lead; every other role sees more than one organisation's work."""
    if not roles:
        return "Choose at least one role."
    too_much = sorted(role.caption for role in frozenset(roles) - VENDOR_ROLES)
    if kind == OrganisationKind.VENDOR and too_much:
        return f"A vendor's people are labelers or vendor leads; {', '.join(too_much)} is for the company's people."
    return None


# Who may say what a person knows. A lead knows their people's languages and markets; what a certificate proves is not
# theirs to say of their own people.
GIVERS: Mapping[QualificationKind, frozenset[Role]] = {
    QualificationKind.LANGUAGE: frozenset({Role.ADMIN, Role.MANAGER, Role.VENDOR_LEAD}),
    QualificationKind.MARKET: frozenset({Role.ADMIN, Role.MANAGER, Role.VENDOR_LEAD}),
    QualificationKind.CERTIFICATE: frozenset({Role.ADMIN, Role.MANAGER}),
}
LONGEST_QUALIFICATION = 100


def may_qualify(roles: Collection[Role], kind: QualificationKind) -> bool:
    return bool(frozenset(roles) & GIVERS[kind])


def qualification_name(kind: QualificationKind, name: str) -> str:
    """As it is kept and compared: `nb`, `NO`, and certificates without regard to outer spaces."""
    name = " ".join(name.split())
    if kind == QualificationKind.LANGUAGE:
        return name.lower()
    return name.upper() if kind == QualificationKind.MARKET else name


def fault_of_qualification(name: str, until: datetime | None, now: datetime) -> str | None:
    if not 1 <= len(name) <= LONGEST_QUALIFICATION:
        return f"A language, market or certificate has 1 to {LONGEST_QUALIFICATION} characters."
    if until is not None and until <= now:
        return "It would have ended already; choose a later time, or none."
    return None


def faults_of_preferences(changes: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """(name, sentence) for each change that does not fit. Null, which takes a preference away, always fits."""
    for name, value in changes.items():
        shape = PREFERENCES.get(name)
        if shape is None:
            yield name, f"is not a preference; those are {', '.join(PREFERENCES)}"
        elif value is not None and not isinstance(value, shape):
            yield name, "is true or false" if shape is bool else "is an object"
        elif name == "not_for_me" and isinstance(value, Mapping) and not _are_wishes(value):
            yield name, "names metadata, or project, each with a list of texts"
        elif name == "keys" and isinstance(value, Mapping) and not all(_is_key(key) for key in value.values()):
            yield name, "gives each action one key, as Ctrl+m"


def _are_wishes(wishes: Mapping[object, object]) -> bool:
    return len(wishes) <= MOST_WISHES and all(
        isinstance(key, str)
        and key
        and isinstance(values, list)
        and values
        and all(isinstance(one, str) for one in values)
        for key, values in wishes.items()
    )


def wishes_of(written: str) -> dict[str, list[str]]:
    """One line a wish: `topic = gambling, weapons`. Raises `ValueError` with the line that is none: somebody would believe
    that it is heeded.
    """
    found: dict[str, list[str]] = {}
    for line in filter(str.strip, written.splitlines()):
        key, _, values = line.partition("=")
        listed = [value.strip() for value in values.split(",") if value.strip()]
        if not key.strip() or not listed:
            raise ValueError(line.strip())
        found.setdefault(key.strip(), []).extend(listed)
    return found


def wishes_as_written(wishes: Mapping[str, Collection[str]]) -> str:
    return "\n".join(f"{key} = {', '.join(values)}" for key, values in wishes.items())


def _is_key(written: object) -> bool:
    return isinstance(written, str) and 0 < len(written) <= LONGEST_KEY and not any(map(str.isspace, written))


def in_order(roles: Collection[Role]) -> list[Role]:
    """Roles as they are always listed."""
    return [role for role in Role if role in roles]


def safe_way_back(address: str) -> str:
    """`address` where it is a path of ours, else the front page: a sign-in must not lead to another site."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\"))
    clean = not any(letter.isspace() or ord(letter) < ord(" ") or letter == "\\" for letter in address)
    return address if plain and clean else "/"
