"""The films: what is drawn on each frame, and where things are on it."""

from collections.abc import Callable
from fractions import Fraction

from PIL import Image, ImageDraw

from sample_media import drawing

SIZE = (640, 360)
Keyframe = dict[str, object]


def steady(rate: int, count: int) -> list[Fraction]:
    return [Fraction(number, rate) for number in range(count)]


def uneven(count: int) -> list[Fraction]:
    """A variable frame rate as phones and screen recorders make it: 1/30, 1/60 and 1/12 s by turns."""
    gaps = (Fraction(1, 30), Fraction(1, 30), Fraction(1, 12), Fraction(1, 60), Fraction(1, 24))
    times = [Fraction(0)]
    for number in range(count - 1):
        times.append(times[-1] + gaps[number % len(gaps)])
    return times


PARTY_ENTERS, PARTY_STOPS, PARTY_LEAVES = 60, 150, 210


def party_bottle(frame: int) -> drawing.Box | None:
    """The bottle glides from the left to the middle between two frames, stands, and is gone."""
    if not PARTY_ENTERS <= frame < PARTY_LEAVES:
        return None
    travelled = min(frame, PARTY_STOPS) - PARTY_ENTERS
    return (40 + 4 * travelled, 80, 80, 240)


def party(frame: int) -> Image.Image:
    image = drawing.backdrop(SIZE, "#1b2a4a", "#b5446e")
    draw = ImageDraw.Draw(image)
    for light in range(9):
        glow = 30 + (frame * 7 + light * 40) % 60
        draw.ellipse(
            (light * 80 - glow // 2, 20, light * 80 + glow // 2, 20 + glow),
            fill=("#f2b705", "#e4572e", "#17bebb")[light % 3],
        )
    for guest in range(4):
        drawing.person(
            draw,
            330 + guest * 76,
            190 + (frame // 5 + guest) % 2 * 6,
            90,
            150,
            shirt=("#7fb7a6", "#d98a1f", "#9cc7e6", "#c9a0dc")[guest],
        )
    box = party_bottle(frame)
    if box is not None:
        drawing.bottle(draw, *box)
    if frame >= PARTY_LEAVES:
        drawing.write(draw, (180, 140), "Skål!", 80, drawing.PAPER)
    return image


SPIN_FLASH = (40, 61)  # frames, half-open


def spin(frame: int) -> Image.Image:
    image = drawing.backdrop(SIZE, "#231047", "#6d1b52")
    draw = ImageDraw.Draw(image)
    for slice_ in range(0, 360, 30):
        draw.pieslice((220, 60, 420, 260), slice_ + frame * 11, slice_ + frame * 11 + 15, fill="#ffd166")
    draw.ellipse((290, 130, 350, 190), fill="#c1121f")
    drawing.write(draw, (150, 280), "NordSpill Casino", 36, drawing.PAPER)
    if SPIN_FLASH[0] <= frame < SPIN_FLASH[1]:
        drawing.write(draw, (90, 16), "Du vant 10 000 kr!", 44, "#18f28a")
    return image


AFTER_FROM = 60


def glow(frame: int) -> Image.Image:
    image = drawing.backdrop(SIZE, "#fff3ee", "#f4c7c3")
    draw = ImageDraw.Draw(image)
    drawing.person(draw, 60, 70, 220, 250, shirt="#8a8f98")
    drawing.write(draw, (110, 24), "Before", 32, drawing.INK)
    if frame >= AFTER_FROM:
        drawing.person(draw, 360, 70, 220, 250, shirt="#7fb7a6")
        drawing.write(draw, (430, 24), "After", 32, drawing.BERRY)
    return image


BANNER = (480, 400)
BANNER_FRAMES, BANNER_MARKED = 7, 6  # the last frame bears the mark of a retouched person


def banner(frame: int) -> Image.Image:
    """A banner that moves by itself: the spots fade from frame to frame, and the mark comes when nobody looks any more."""
    image = drawing.backdrop(BANNER, "#fff3ee", "#f4c7c3")
    draw = ImageDraw.Draw(image)
    drawing.write(draw, (24, 20), "Lumia Derm", 36, drawing.BERRY)
    drawing.person(draw, 110, 84, 260, 330, shirt="#7fb7a6")
    for at, (x, y) in enumerate(((180, 190), (236, 196), (284, 188), (206, 214), (262, 212), (300, 208))):
        if at >= frame:
            draw.ellipse((x, y, x + 9, y + 8), fill="#c9795f")
    drawing.write(draw, (24, 360), "Before" if frame < 2 else "After one night", 26, drawing.INK)
    if frame >= BANNER_MARKED:
        draw.ellipse((380, 20, 459, 99), fill="#111111")
        drawing.write(draw, (392, 54), "Retusjert", 12, drawing.PAPER)
    return image


def offer(title: str, price: str, *, colour: str) -> Callable[[int], Image.Image]:
    """A product with its price: the film of a mixed ad."""

    def frame_of(frame: int) -> Image.Image:
        image = drawing.backdrop(SIZE, drawing.PAPER, colour)
        draw = ImageDraw.Draw(image)
        drawing.bottle(draw, 60, 50, 90, 270, label=title.split()[0][:9].upper())
        drawing.write(draw, (220, 60), title, 38, drawing.INK)
        if frame >= 45:
            drawing.write(draw, (220, 150), price, 60, drawing.BERRY)
        if frame >= 90:
            drawing.button(draw, (220, 250), "Order today", 26, drawing.PINE)
        return image

    return frame_of
