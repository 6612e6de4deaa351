"""Pictures and videos that look alike are of one family; others are not."""

import io
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from sqlalchemy import select
from starlette.testclient import TestClient

from app.assets import deriving, families
from app.assets.catalog import finding
from app.assets.catalog.finding import Asked, Place, Sort
from app.assets.intake import GivenPart
from app.assets.kinds import fingerprint
from app.assets.models import Asset, Media
from app.db.session import Database
from app.people.rules import Role
from app.projects.models import Project
from app.queues import of_assets
from tests.conftest import FakeClock
from tests.making import make_colleague, make_project, sign_in
from tests.making_assets import file_part, make_asset

PRINT = st.integers(0, 2**64 - 1)


def scene(seed: int, size: tuple[int, int] = (400, 300)) -> Image.Image:
    """Some shapes, placed by chance."""
    chance = np.random.default_rng(seed)
    image = Image.new("RGB", (400, 300), tuple(int(one) for one in chance.integers(0, 255, 3)))
    draw = ImageDraw.Draw(image)
    for _ in range(8):
        left, top, width, height = (int(one) for one in chance.integers(20, 200, 4))
        draw.ellipse(
            (left, top, left + width, top + height), fill=tuple(int(one) for one in chance.integers(0, 255, 3))
        )
    return image.resize(size)


def saved(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def bits_apart(one: Image.Image, other: Image.Image) -> int:
    first, second = fingerprint.of(one), fingerprint.of(other)
    assert first is not None
    assert second is not None
    return families.distance(int(first, 16), int(second, 16))


@pytest.mark.parametrize("seed", range(6))
def test_a_picture_saved_anew_looks_the_same_and_another_does_not(seed: int) -> None:
    original = scene(seed)
    poor = Image.open(io.BytesIO(saved(original.resize((170, 128)), "JPEG", quality=30)))
    priced = original.copy()
    ImageDraw.Draw(priced).text((150, 260), "49,90", fill="white")
    assert bits_apart(original, poor) <= families.MOST_APART
    assert bits_apart(original, priced) <= families.MOST_APART
    assert bits_apart(original, scene(seed + 100)) > 2 * families.MOST_APART


def test_a_picture_of_one_grey_looks_like_none() -> None:
    assert fingerprint.of(Image.new("RGB", (50, 50), "white")) is None


def test_what_shows_through_is_seen_on_white() -> None:
    opaque = scene(3)
    clear = opaque.convert("RGBA")
    assert bits_apart(opaque, clear) == 0


@given(PRINT, st.lists(st.integers(0, 63), max_size=families.MOST_APART))
def test_no_two_that_are_close_miss_each_other_in_the_bands(value: int, flipped: list[int]) -> None:
    other = value
    for bit in flipped:
        other ^= 1 << bit
    assert set(families._close_bands(0, value)) & set(families._bands(0, other))


def test_a_video_is_alike_by_two_of_its_pictures_not_by_an_end_card() -> None:
    film = {1: 0x1234_5678_9ABC_DEF0, 2: 0x0F0F_0F0F_0F0F_0F0F, 3: 0xAAAA_0000_FFFF_5555, 4: 0x00FF_00FF_00FF_00FF}
    end_card_alone = {at: value ^ 0xFFFF_FFFF if at < 4 else value for at, value in film.items()}
    assert families.are_alike(film, {at: value ^ 1 for at, value in film.items()}) == 4
    assert families.are_alike(film, end_card_alone) is None
    assert families.are_alike(film, {}) is None


@pytest.fixture
def project(database: Database, clock: FakeClock) -> Project:
    with database.write() as session:
        return make_project(session, clock=clock)


def bring(app: FastAPI, database: Database, project: Project, clock: FakeClock, **pictures: bytes) -> None:
    with database.write() as session:
        for name, content in pictures.items():
            parts = [file_part(content), GivenPart("caption", "text", text=name)]
            make_asset(session, app.state.store, project=project, clock=clock, external_id=name, parts=parts)
    deriving.derive_all_due(database, app.state.store, clock=clock)


def test_ads_that_look_alike_are_of_a_family_and_found_by_it(
    app: FastAPI, client: TestClient, database: Database, project: Project, clock: FakeClock
) -> None:
    one = scene(1)
    again = saved(one.resize((200, 150)), "JPEG", quality=60)
    bring(app, database, project, clock, one=saved(one), other=saved(scene(50)))
    bring(app, database, project, clock, again=again)
    bring(app, database, project, clock, third=saved(one, "JPEG", quality=40))
    bring(app, database, project, clock, reused=again)  # the very same file in a new ad
    with database.read() as session:
        family = session.scalars(select(Media.family_id).where(Media.family_id.is_not(None)).distinct()).one()
        selection = finding.select_ads(session, project.id, Asked({"family": [family]}), of_assets.InStates)
        found = finding.page(session, selection, Sort.OLDEST, Place(10)).seqs
        assert [session.get_one(Asset, seq).external_id for seq in found] == ["one", "again", "third", "reused"]
        ids = {asset.external_id: asset.id for asset in session.scalars(select(Asset))}
    with database.write() as session:
        engineer = make_colleague(session, Role.ENGINEER, clock=clock)
    sign_in(client, database, engineer, clock=clock)
    page = client.get(f"/assets/{ids['one']}").text
    assert "Looks like" in page
    assert all(f"/assets/{ids[name]}" in page for name in ("again", "third", "reused"))
    assert f"/assets/{ids['other']}" not in page
    assert f"?family={family}" in page
    assert "Looks like" not in client.get(f"/assets/{ids['other']}").text


def test_a_family_keeps_its_id_when_more_come(
    app: FastAPI, database: Database, project: Project, clock: FakeClock
) -> None:
    one = scene(2)
    bring(app, database, project, clock, a=saved(one))
    bring(app, database, project, clock, b=saved(one, "JPEG", quality=70))
    with database.read() as session:
        before = set(session.scalars(select(Media.family_id)))
    bring(app, database, project, clock, c=saved(one, "JPEG", quality=35))
    with database.read() as session:
        assert set(session.scalars(select(Media.family_id))) == before
        assert None not in before
        assert len(before) == 1
