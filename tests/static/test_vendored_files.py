"""What others wrote lies under static/vendor, pinned, with its licence, and unchanged since it was put there."""

import hashlib
import json

import pytest

from app.web.static import FOLDER

MANIFEST = json.loads((FOLDER / "vendor" / "manifest.json").read_text())
ALLOWED_LICENCES = {"0BSD", "ISC AND MIT", "ISC", "MIT", "Apache-2.0", "BSD-3-Clause", "MPL-2.0"}


@pytest.mark.parametrize("package", MANIFEST, ids=lambda package: package["name"])
def test_every_vendored_package_is_pinned_licensed_and_unchanged(package: dict) -> None:
    assert package["licence"] in ALLOWED_LICENCES
    assert package["source"].endswith(f"@{package['version']}")
    assert any("LICENSE" in name or "LICENCE" in name for name in package["files"])
    for name, sha256 in package["files"].items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == sha256, name


def test_nothing_lies_in_the_vendor_folder_that_the_manifest_does_not_name() -> None:
    named = {name for package in MANIFEST for name in package["files"]} | {"vendor/manifest.json"}
    found = {path.relative_to(FOLDER).as_posix() for path in (FOLDER / "vendor").rglob("*") if path.is_file()}
    assert found <= named, found - named
