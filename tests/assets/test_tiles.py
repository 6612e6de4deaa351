"""Large pictures in tiles: every tile is its own piece of the picture, and only for whom the address was made."""

import io
import itertools

import pytest
from fastapi import FastAPI
from PIL import ExifTags, Image, ImageChops, ImageDraw, ImageStat
from starlette.testclient import TestClient

from app.assets import checks, deriving, tiling
from app.assets.kinds import image, pyramid
from app.assets.models import Rendition
from app.assets.signing import Signer
from app.db.session import Database
from app.people.models import Person
from app.people.rules import Role
from tests.conftest import FakeClock
from tests.making import bearer, make_colleague, make_project
from tests.making_assets import file_part, make_asset

WIDE, HIGH = 4501, 601  # odd, so that halves are rounded; nine and a bit tiles wide


def drawn(mode: str = "RGB", size: tuple[int, int] = (WIDE, HIGH)) -> Image.Image:
    """Smooth colours that differ everywhere, and a few sharp edges."""
    across = Image.linear_gradient("L").rotate(90).resize(size)
    down = Image.linear_gradient("L").resize(size)
    made = Image.merge("RGB", (across, down, ImageChops.multiply(across, down)))
    pen = ImageDraw.Draw(made)
    for left in range(0, size[0], 700):
        pen.rectangle((left, left // 9, left + 90, left // 9 + 70), fill=(250, 240, 20))
    if mode == "RGBA":
        made.putalpha(ImageChops.invert(across))
    return made.convert(mode)


def stored(picture: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def cut(content: bytes) -> tuple[dict[str, object], io.BytesIO, Image.Image]:
    """The facts, the file of tiles, and the rendition that is shown whole."""
    outputs = {name: io.BytesIO() for name in image.KIND.renditions}
    found = image.derive(io.BytesIO(content), outputs, {}, lambda *_: None)
    assert found["renditions"]["tiles"] == "application/octet-stream"
    shown = Image.open(outputs["display"] if "display" in found["renditions"] else io.BytesIO(content))
    return found["facts"], outputs["tiles"], shown


def tile_of(file: io.BytesIO, level: int, column: int, row: int) -> Image.Image | None:
    file.seek(0)
    place = tiling.find(file, level, column, row)
    if place is None:
        return None
    tile = Image.open(io.BytesIO(file.getvalue()[place.start : place.end]))
    assert Image.MIME[tile.format or ""] == place.content_type
    return tile


def put_together(file: io.BytesIO, level: int, mode: str) -> Image.Image:
    """A level from its tiles."""
    size = tiling.levels(WIDE, HIGH)[level]
    whole = Image.new(mode, size)
    columns, rows = tiling.grid(size)
    for column, row in itertools.product(range(columns), range(rows)):
        tile = tile_of(file, level, column, row)
        assert tile is not None
        assert tile.size == (min(512, size[0] - column * 512), min(512, size[1] - row * 512))
        whole.paste(tile, (column * 512, row * 512))
    assert tile_of(file, level, columns, 0) is None
    assert tile_of(file, level, 0, rows) is None
    assert tile_of(file, level, -1, 0) is None
    return whole


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of a channel; of pictures with alpha, of what is seen of them on grey."""

    def seen(picture: Image.Image) -> Image.Image:
        ground = Image.new("RGBA", picture.size, (128, 128, 128, 255))
        return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")

    return max(ImageStat.Stat(ImageChops.difference(seen(one), seen(other))).mean)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((512, 512), [(512, 512)]),
        ((513, 1), [(513, 1), (257, 1)]),
        ((8000, 6000), [(8000, 6000), (4000, 3000), (2000, 1500), (1000, 750), (500, 375)]),
        ((4501, 601), [(4501, 601), (2251, 301), (1126, 151), (563, 76), (282, 38)]),
    ],
)
def test_each_level_is_half_the_one_before_until_one_tile_holds_it(
    size: tuple[int, int], expected: list[tuple[int, int]]
) -> None:
    assert tiling.levels(*size) == expected


@pytest.mark.parametrize(
    ("size", "large"),
    [((4096, 2929), False), ((4097, 10), True), ((10, 4097), True), ((4000, 3000), False), ((4000, 3001), True)],
)
def test_which_pictures_are_shown_in_tiles(size: tuple[int, int], large: bool) -> None:
    assert tiling.is_large(*size) == large


@pytest.mark.parametrize(
    ("content", "mode"),
    [
        pytest.param(stored(drawn(), "JPEG", quality=95), "RGB", id="JPEG"),
        pytest.param(stored(drawn("RGBA"), "PNG"), "RGBA", id="PNG with alpha"),
        pytest.param(stored(drawn("CMYK"), "JPEG", quality=95), "RGB", id="CMYK"),
        pytest.param(stored(drawn("L"), "PNG"), "L", id="grey"),
        pytest.param(stored(drawn().quantize(64, dither=0), "PNG"), "RGBA", id="palette"),
    ],
)
def test_tiles_put_together_are_the_picture_that_is_shown_whole(content: bytes, mode: str) -> None:
    facts, file, shown = cut(content)
    assert facts["tile_size"] == 512
    assert shown.size == (4096, 547)
    for level in range(len(tiling.levels(WIDE, HIGH))):
        whole = put_together(file, level, mode)
        covered = (0, 0, WIDE / 2**level, HIGH / 2**level)  # a pixel of a level is always 2^level pixels of the picture
        size = min(WIDE >> level, shown.width), min(HIGH >> level, shown.height)
        assert difference(whole.convert("RGBA").resize(size, box=covered), shown.convert("RGBA").resize(size)) < 3, (
            level
        )
    assert difference(put_together(file, 0, mode), Image.open(io.BytesIO(content))) < 2.5


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("longest", [1000, 4096])
def test_tiles_of_a_picture_that_lies_stand_upright(
    orientation: int, longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut strip by strip (1000) and from the whole (4096)."""
    monkeypatch.setattr(image, "LONGEST_SHOWN", longest)
    undo = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]  # fmt: skip
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    lying = drawn() if undo is None else drawn().transpose(undo)
    facts, file, _ = cut(stored(lying, "JPEG", quality=95, exif=exif))
    assert (facts["width"], facts["height"]) == (WIDE, HIGH)
    assert difference(put_together(file, 0, "RGB"), drawn()) < 1.5
    assert difference(put_together(file, 2, "RGB"), drawn().reduce(4)) < 1.5


def test_what_cannot_be_seen_lends_no_colour_to_smaller_levels() -> None:
    halves = Image.new("RGBA", (4501, 512), (255, 0, 0, 0))
    halves.paste((0, 0, 255, 255), (0, 0, 4501, 101))
    _, file, _ = cut(stored(halves, "PNG"))
    tile = tile_of(file, 1, 0, 0)
    assert tile is not None
    red, _, blue, alpha = tile.convert("RGBA").getpixel((9, 50))  # type: ignore[misc]
    assert (red < 20, blue > 235, 100 < alpha < 156) == (True, True, True)


def test_sixteen_bits_are_cut_in_the_tones_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "LONGEST_SHOWN", 1000)
    monkeypatch.setattr(pyramid, "STRIP", 512)
    ramp = Image.linear_gradient("L").resize((4097, 1200)).convert("I").point(lambda tone: tone * 40 + 7)
    _, file, _ = cut(stored(ramp, "TIFF"))
    tones = []
    for row in (0, 1, 2):
        tile = tile_of(file, 0, 0, row)
        assert tile is not None
        tones.append(tile.convert("L").getpixel((100, 20)))
    assert tones == pytest.approx([255 * y / 1200 for y in (20, 532, 1044)], abs=3)


# Serving ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def owner(database: Database, clock: FakeClock) -> Person:
    with database.write() as session:
        return make_colleague(session, Role.ENGINEER, clock=clock)


@pytest.fixture
def headers(database: Database, owner: Person, clock: FakeClock) -> dict[str, str]:
    return bearer(database, owner, clock=clock)


@pytest.fixture
def asset_id(app: FastAPI, database: Database, owner: Person, clock: FakeClock) -> str:
    with database.write() as session:
        project = make_project(session, clock=clock)
        part = file_part(stored(drawn(size=(4200, 700)), "JPEG"))
        asset = make_asset(session, app.state.store, project=project, person=owner, clock=clock, parts=[part])
        made = asset.id
    deriving.derive_all_due(database, app.state.store, clock=clock)
    return made


def test_a_tile_is_served_under_the_one_address_of_all(
    client: TestClient, asset_id: str, headers: dict[str, str]
) -> None:
    part = client.get(f"/api/v1/assets/{asset_id}", headers=headers).json()["parts"][0]
    assert part["tile_size"] == 512
    url = client.get(f"/api/v1/assets/{asset_id}/parts/creative/tiles", headers=headers).json()["url"]
    assert url == part["urls"]["tiles"]
    answer = client.get(f"{url}/0/8/1", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-length"] == str(len(answer.content))
    assert Image.open(io.BytesIO(answer.content)).size == (4200 - 8 * 512, 700 - 512)
    etag = answer.headers["etag"]
    assert client.get(f"{url}/0/8/1", headers={**headers, "If-None-Match": etag}).status_code == 304
    assert client.get(f"{url}/0/7/1", headers=headers).headers["etag"] != etag
    begun = client.get(f"{url}/0/8/1", headers={**headers, "Range": "bytes=2-9"})
    assert (begun.status_code, begun.content) == (206, answer.content[2:10])


def test_a_tile_that_is_not_there_is_404(client: TestClient, asset_id: str, headers: dict[str, str]) -> None:
    url = client.get(f"/api/v1/assets/{asset_id}/parts/creative/tiles", headers=headers).json()["url"]
    for tile in ("0/9/0", "0/0/2", "5/0/0", "0/-1/0", "-1/0/0", f"{10**30}/0/0"):
        assert client.get(f"{url}/{tile}", headers=headers).status_code == 404, tile


def test_a_file_that_holds_no_tiles_has_none(
    client: TestClient, app: FastAPI, owner: Person, headers: dict[str, str], clock: FakeClock
) -> None:
    kept = app.state.store.put(io.BytesIO(b"anything at all, and long enough to have a head"))
    url = Signer(app.state.secret_key, owner.id, clock()).url(kept.sha256, "application/octet-stream", "creative")
    assert client.get(f"{url}/0/0/0", headers=headers).status_code == 404


def test_tiles_are_for_the_one_person_of_their_address(
    client: TestClient, asset_id: str, headers: dict[str, str], database: Database, clock: FakeClock
) -> None:
    url = client.get(f"/api/v1/assets/{asset_id}/parts/creative/tiles", headers=headers).json()["url"]
    with database.write() as session:
        other = make_colleague(session, Role.ADMIN, clock=clock, name="Ann")
    assert client.get(f"{url}/0/0/0", headers=bearer(database, other, clock=clock)).status_code == 404
    assert client.get(f"{url.replace('/media/', '/media/AA')}/0/0/0", headers=headers).status_code == 404
    clock.forward(hours=3)
    assert client.get(f"{url}/0/0/0", headers=headers).status_code == 404


def test_the_check_misses_tiles_that_are_gone_or_damaged(app: FastAPI, database: Database, asset_id: str) -> None:
    assert asset_id
    with database.write() as session:
        assert list(checks.find_faults(session, app.state.store)) == []
        made = session.query(Rendition).filter_by(kind="tiles").one()
        path = app.state.store.path(made.sha256)
        content = path.read_bytes()
        path.write_bytes(content[:-1] + b"x")
        assert ["tiles" in fault for fault in checks.find_faults(session, app.state.store)] == [True]
        path.write_bytes(content)
        session.delete(made)
        session.flush()
        faults = list(checks.find_faults(session, app.state.store))
    assert any("has no tiles" in fault for fault in faults)
