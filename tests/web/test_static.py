"""Our own files as they are sent: small, whole, and still what they were."""

import gzip
import subprocess
from pathlib import Path

import pytest

from app.web.static import FOLDER, ours
from tests import machine

MODULES = sorted(path for path in (FOLDER / "js").rglob("*.js"))
SHARE = 0.75


def test_modules_are_sent_without_what_only_people_read_and_every_other_file_as_it_is() -> None:
    for path in (path for path in FOLDER.rglob("*") if path.is_file()):
        file = ours().find(path.relative_to(FOLDER).as_posix())
        assert file is not None
        assert file.compressed is None or gzip.decompress(file.compressed) == file.content
        assert (file.content == path.read_bytes()) == (path not in MODULES), path
    sent = sum(len(ours().find(path.relative_to(FOLDER).as_posix()).compressed or b"") for path in MODULES)  # type: ignore[union-attr]  # found above
    assert sent < SHARE * sum(len(gzip.compress(path.read_bytes(), 9)) for path in MODULES)


def test_minified_modules_export_the_names_they_had(tmp_path: Path) -> None:
    node = machine.find_node()
    if node is None:
        pytest.skip("no Node here")
    for path in MODULES:
        name = path.relative_to(FOLDER)
        for root, content in (("as-sent", ours().find(name.as_posix()).content), ("as-written", path.read_bytes())):  # type: ignore[union-attr]  # ours
            file = tmp_path / root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    pure = [path.relative_to(FOLDER).as_posix() for path in MODULES if path.parent.name in {"annotate", "shapes"}]
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "compare.mjs").write_text(
        "for (const name of process.argv.slice(2)) {\n"
        "  const [sent, written] = await Promise.all(['as-sent', 'as-written'].map((root) => import(`./${root}/${name}`)))\n"
        "  const names = [sent, written].map((one) => Object.keys(one).sort().join())\n"
        "  if (names[0] !== names[1]) throw new Error(`${name}: ${names}`)\n"
        "}\n"
    )
    done = subprocess.run(
        [node, str(tmp_path / "compare.mjs"), *pure], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert len(pure) > len(MODULES) / 4
