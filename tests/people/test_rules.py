"""Policy of roles, e-mails, passwords and ways back, as tables."""

import pytest

from app.people.rules import (
    COMPANY_ROLES,
    VENDOR_ROLES,
    OrganisationKind,
    Role,
    fault_of_email,
    fault_of_password,
    fault_of_roles,
    in_order,
    normal_email,
    safe_way_back,
)


@pytest.mark.parametrize(
    ("address", "way_back"),
    [
        pytest.param("/queues/1/work?part=2", "/queues/1/work?part=2", id="a path of ours"),
        pytest.param("https://elsewhere.example/", "/", id="another site"),
        pytest.param("//elsewhere.example/", "/", id="another site without a scheme"),
        pytest.param("/\\elsewhere.example/", "/", id="a backslash that browsers read as a slash"),
        pytest.param("/\t/elsewhere.example", "/", id="a tab that browsers drop"),
        pytest.param("javascript:alert(1)", "/", id="a script"),
        pytest.param("", "/", id="nothing"),
    ],
)
def test_a_sign_in_leads_only_to_our_own_pages(address: str, way_back: str) -> None:
    assert safe_way_back(address) == way_back


@pytest.mark.parametrize("email", ["ada@example.org", "a.b+c@x", "ø@nordlys.no"])
def test_an_email_that_fits(email: str) -> None:
    assert fault_of_email(email) is None


@pytest.mark.parametrize("email", ["", "ada", "@example.org", "ada@", "a da@example.org", "a" * 320 + "@x"])
def test_an_email_that_does_not_fit(email: str) -> None:
    assert fault_of_email(email) is not None


def test_emails_are_compared_without_case_and_outer_spaces() -> None:
    assert normal_email("  Ada@Example.ORG ") == "ada@example.org"


@pytest.mark.parametrize(
    ("password", "fits"), [("1234567", False), ("12345678", True), ("x" * 1000, True), ("x" * 1001, False)]
)
def test_a_password_is_neither_short_nor_endless(password: str, fits: bool) -> None:
    assert (fault_of_password(password) is None) is fits


@pytest.mark.parametrize("role", sorted(COMPANY_ROLES))
def test_a_vendors_person_never_gets_a_role_that_sees_more_than_one_organisation(role: Role) -> None:
    assert fault_of_roles({role, Role.LABELER}, OrganisationKind.VENDOR) is not None
    assert fault_of_roles({role}, OrganisationKind.COMPANY) is None


@pytest.mark.parametrize("kind", list(OrganisationKind))
def test_labelers_and_leads_may_be_of_any_organisation_but_nobody_is_without_a_role(kind: OrganisationKind) -> None:
    assert fault_of_roles(VENDOR_ROLES, kind) is None
    assert fault_of_roles(set(), kind) is not None


def test_roles_are_listed_in_one_order() -> None:
    assert in_order({Role.ADMIN, Role.LABELER, Role.SME}) == [Role.LABELER, Role.SME, Role.ADMIN]


def test_company_and_vendor_roles_are_all_the_roles() -> None:
    assert set(Role) == COMPANY_ROLES | VENDOR_ROLES
