"""What is measured of a sound: how loud it is by the standard, where it is silent, which frequencies it has."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from app.assets.kinds.loudness import Loudness, k_weighting
from app.assets.kinds.silences import Silences
from app.assets.kinds.spectrogram import COLUMNS, ROWS, Spectrogram, window_of, write_tile

RATE = 48_000


def sine(seconds: float, level_db: float, *, hertz: float = 1000.0, rate: int = RATE) -> np.ndarray:
    time = np.arange(round(seconds * rate)) / rate
    return (10 ** (level_db / 20) * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def measure(*stretches: np.ndarray, channels: int = 2, rate: int = RATE) -> float | None:
    loudness = Loudness(rate=rate, channels=channels)
    whole = np.concatenate(stretches)
    sound = np.stack([whole] * channels)
    for start in range(0, sound.shape[1], 7001):
        loudness.add(sound[:, start : start + 7001])
    return loudness.integrated()


def test_the_filters_are_those_the_standard_prints_for_48_khz() -> None:
    shelf, high_pass = k_weighting(48_000)
    assert shelf == pytest.approx(
        (1.53512485958697, -2.69169618940638, 1.19839281085285, 1, -1.69065929318241, 0.73248077421585), abs=1e-8
    )
    assert high_pass == pytest.approx((1, -2, 1, 1, -1.99004745483398, 0.99007225036621), abs=1e-8)


@pytest.mark.parametrize("rate", [48_000, 44_100, 16_000])
def test_a_sine_of_full_scale_in_one_channel_reads_minus_3_01(rate: int) -> None:
    assert measure(sine(5, 0, hertz=997, rate=rate), channels=1, rate=rate) == pytest.approx(-3.01, abs=0.1)


# EBU Tech 3341: a sine of 1000 Hz in both channels, seconds and level of each stretch; all within 0.1 LU.
@pytest.mark.parametrize(
    ("stretches", "wanted"),
    [
        pytest.param([(20, -23.0)], -23.0, id="case 1"),
        pytest.param([(20, -33.0)], -33.0, id="case 2"),
        pytest.param([(10, -36.0), (60, -23.0), (10, -36.0)], -23.0, id="case 3"),
        pytest.param([(10, -72.0), (10, -36.0), (60, -23.0), (10, -36.0), (10, -72.0)], -23.0, id="case 4"),
        pytest.param([(20, -26.0), (20.1, -20.0), (20, -26.0)], -23.0, id="case 5"),
    ],
)
def test_loudness_is_that_of_the_standards_own_cases(stretches: list[tuple[float, float]], wanted: float) -> None:
    assert measure(*(sine(seconds, level) for seconds, level in stretches)) == pytest.approx(wanted, abs=0.1)


def test_silence_and_a_sound_too_short_have_no_loudness() -> None:
    assert measure(np.zeros(RATE, np.float32)) is None
    assert measure(sine(0.3, -20)) is None


def test_the_peak_is_the_largest_sample() -> None:
    loudness = Loudness(rate=RATE, channels=1)
    loudness.add(sine(1, -6).reshape(1, -1))
    assert loudness.peak() == pytest.approx(-6, abs=0.05)


def test_silences_lie_where_nothing_is_heard() -> None:
    silences = Silences(rate=RATE)
    noise = np.random.default_rng(1).normal(0, 10 ** (-62 / 20), 3 * RATE).astype(np.float32)
    for start, end in ((0.2, 1.0), (1.5, 2.4), (2.45, 3.0)):
        noise[round(start * RATE) : round(end * RATE)] += sine(end - start, -12, hertz=300)
    for start in range(0, len(noise), 5000):
        silences.add(noise[start : start + 5000].reshape(1, -1))
    found = [(start / RATE, end / RATE) for start, end in silences.found()]
    assert found == [(0, pytest.approx(0.2, abs=0.006)), (pytest.approx(1.0, abs=0.006), pytest.approx(1.5, abs=0.006))]


def test_an_even_noise_has_no_silence_and_an_empty_sound_is_all_silence() -> None:
    even, empty = Silences(rate=RATE), Silences(rate=RATE)
    even.add(np.random.default_rng(1).normal(0, 0.1, (1, RATE)).astype(np.float32))
    empty.add(np.zeros((1, RATE), np.float32))
    assert even.found() == []
    assert empty.found() == [(0, RATE)]


def levels_of(content: bytes) -> list[tuple[int, int]]:
    _, _, _, _, count, _ = struct.unpack_from("<4sIIIIQ", content)
    return [struct.unpack_from("<II", content, 28 + 8 * number) for number in range(count)]


def test_the_spectrogram_shows_each_tone_in_its_row_and_time() -> None:
    pictures = Spectrogram(rate=RATE, total=12 * RATE)
    whole = np.concatenate([sine(6, -20, hertz=500), sine(6, -20, hertz=6000)])
    for start in range(0, len(whole), 10_001):
        pictures.add(whole[start : start + 10_001].reshape(1, -1))
    file = io.BytesIO()
    pictures.write(file)
    content = file.getvalue()
    levels = levels_of(content)
    assert [hop * 4 for hop, _ in levels[1:]] == [hop for hop, _ in levels[:-1]]
    at = 28 + 8 * len(levels)
    first, second = struct.unpack_from("<QQ", content, at)
    tile = np.asarray(Image.open(io.BytesIO(content[first:second])).convert("L"))
    assert tile.shape == (ROWS, COLUMNS)
    hop = levels[0][0]
    brightest = [int(tile[:, round(second * RATE / hop)].argmax()) for second in (1, 5)]
    assert brightest[0] == brightest[1]
    assert row_of(500) == pytest.approx(brightest[0], abs=2)
    last = pictures.levels()[0][1][-20]
    assert row_of(6000) == pytest.approx(ROWS - 1 - int(last.argmax()), abs=2)


def row_of(hertz: float) -> int:
    mel = 2595 * np.log10(1 + hertz / 700) / (2595 * np.log10(1 + RATE / 2 / 700))
    return round((1 - mel) * ROWS)


def test_a_tile_made_by_itself_is_the_same_picture() -> None:
    hop, column = 192, 1
    whole = np.concatenate([sine(3, -20, hertz=500), sine(3, -20, hertz=3000)]).reshape(1, -1)
    kept = Spectrogram(rate=RATE, total=whole.shape[1], hop=hop)
    kept.add(whole)
    wanted = kept.levels()[-1][1][column * COLUMNS : (column + 1) * COLUMNS].T[::-1]
    start, count = window_of(column, hop, RATE)
    file = io.BytesIO()
    write_tile(whole[:, start : start + count], file, hop=hop, rate=RATE)
    made = np.asarray(Image.open(file).convert("L"))
    assert np.abs(made.astype(int) - wanted.astype(int)).mean() < 2
