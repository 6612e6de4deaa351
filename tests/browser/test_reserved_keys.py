"""No key of the labeling page can be taken by a schema: whatever its buttons declare is reserved at publishing."""

import pytest
from playwright.sync_api import Page

from app.assets.rules import Modality
from app.schemas.rules import RESERVED_BY_KIND, normal_key, reserved_keys
from tests.browser.labeling_site import Site
from tests.browser.working import start

pytestmark = pytest.mark.browser


def test_every_key_of_the_page_is_reserved(page: Page, site: Site) -> None:
    start(page, site)
    # The ways to skip have keys only while their dialog is open, which lets none through to the page.
    declared = page.evaluate(
        "() => [...document.querySelectorAll('[data-key]')].filter((one) => !one.closest('.question, .note-ways'))"
        ".flatMap((one) => one.dataset.key.split(' '))"
    )
    # Tools of kinds that the schema does not ask for stand in the page too; they are hidden, and so are their keys.
    reserved = reserved_keys([Modality.IMAGE, Modality.TEXT], marks=["boxes", "spans", *RESERVED_BY_KIND])
    single = [key for key in declared if not key.startswith(("Ctrl+", "Alt+"))]
    assert {"v", "b", "s", "?"} <= set(single)
    assert [key for key in single if normal_key(key) not in reserved] == []
