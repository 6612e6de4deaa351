"""Pictures: invented brands on drawn backgrounds. Each function returns a picture and where its objects are, in pixels."""

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = Path("/usr/share/fonts/truetype/dejavu")
Box = tuple[int, int, int, int]  # x, y, width, height in upright pixels
Truth = dict[str, Box]
Picture = tuple[Image.Image, Truth]

INK, PAPER, AMBER, PINE, BERRY, SKY = "#1c2430", "#fbf7ef", "#d98a1f", "#1f5d4c", "#a3264a", "#9cc7e6"


def font(size: int, *, bold: bool = True) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")), size)


def backdrop(size: tuple[int, int], top: str, bottom: str) -> Image.Image:
    """A vertical gradient."""
    ramp = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), ramp)


def write(draw: ImageDraw.ImageDraw, xy: tuple[int, int], text: str, size: int, fill: str, *, bold: bool = True) -> Box:
    """Writes text with its top left ink at `xy`; returns the box of its ink."""
    face = font(size, bold=bold)
    left, top, right, bottom = draw.textbbox((0, 0), text, font=face)
    draw.text((xy[0] - left, xy[1] - top), text, font=face, fill=fill)
    return (xy[0], xy[1], round(right - left), round(bottom - top))


def mountains(draw: ImageDraw.ImageDraw, width: int, base: int, height: int) -> None:
    for start, peak, colour in ((-0.1, 0.22, "#5c7f93"), (0.28, 0.55, "#44687d"), (0.6, 0.86, "#385a6e")):
        left, top, right = int(start * width), int(peak * width), int((2 * peak - start) * width)
        draw.polygon([(left, base), (top, base - height), (right, base)], fill=colour)
        draw.polygon(
            [
                (top, base - height),
                (top - (top - left) // 6, base - height * 5 // 6),
                (top + (right - top) // 6, base - height * 5 // 6),
            ],
            fill="#f2f6f8",
        )


def bottle(draw: ImageDraw.ImageDraw, x: int, y: int, width: int, height: int, *, label: str = "FJORDGLØD") -> Box:
    """A beer bottle that fills its box exactly."""
    neck = width * 2 // 5
    left = x + (width - neck) // 2
    draw.rectangle((left, y, left + neck - 1, y + height // 3), fill="#5b3413")
    draw.rectangle((left - 4, y, left + neck + 3, y + height // 28), fill="#d8b04a")
    draw.rounded_rectangle((x, y + height // 4, x + width - 1, y + height - 1), radius=width // 5, fill="#6b3f17")
    draw.rectangle((x, y + height // 2, x + width - 1, y + height * 4 // 5), fill="#f3e6c4")
    size = max(10, width // 8)
    box = draw.textbbox((0, 0), label, font=font(size))
    draw.text(
        (x + (width - (box[2] - box[0])) // 2, y + height * 5 // 8 - size // 2), label, font=font(size), fill=BERRY
    )
    return (x, y, width, height)


def person(draw: ImageDraw.ImageDraw, x: int, y: int, width: int, height: int, *, shirt: str) -> Box:
    """Head and shoulders that fill their box exactly; nobody in particular."""
    head = height * 9 // 20
    left = x + (width - head) // 2
    draw.ellipse((x, y + head * 9 // 10, x + width - 1, y + height * 2 - head), fill=shirt)
    draw.ellipse((left, y, left + head - 1, y + head), fill="#e8b894")
    draw.pieslice((left - 4, y, left + head + 3, y + head), 180, 360, fill="#5a3a22")
    eye = head // 12
    for centre in (left + head * 7 // 20, left + head * 13 // 20):
        draw.ellipse((centre - eye, y + head * 11 // 20 - eye, centre + eye, y + head * 11 // 20 + eye), fill=INK)
    draw.arc(
        (left + head // 3, y + head * 3 // 5, left + head * 2 // 3, y + head * 5 // 6),
        20,
        160,
        fill=BERRY,
        width=max(2, head // 40),
    )
    return (x, y, width, height)


def button(draw: ImageDraw.ImageDraw, xy: tuple[int, int], text: str, size: int, fill: str) -> Box:
    face = font(size)
    left, top, right, bottom = draw.textbbox((0, 0), text, font=face)
    width, height = round(right - left) + 2 * size, round(bottom - top) + size
    draw.rounded_rectangle((xy[0], xy[1], xy[0] + width - 1, xy[1] + height - 1), radius=height // 3, fill=fill)
    draw.text((xy[0] + size - left, xy[1] + size // 2 - top), text, font=face, fill="white")
    return (*xy, width, height)


def beer() -> Picture:
    """1080 x 1350: a pilsner against mountains, with a price and an age mark."""
    image = backdrop((1080, 1350), SKY, "#f6dcae")
    draw = ImageDraw.Draw(image)
    mountains(draw, 1080, 980, 460)
    draw.rectangle((0, 980, 1079, 1349), fill=PINE)
    truth = {"alcohol": bottle(draw, 640, 380, 280, 800)}
    truth["logo"] = write(draw, (80, 100), "Fjordglød", 110, BERRY)
    write(draw, (84, 250), "The pilsner that tastes of summer", 40, INK, bold=False)
    truth["price"] = write(draw, (80, 1080), "29,90 kr", 96, PAPER)
    truth["age_mark"] = write(draw, (84, 1230), "18+", 64, "#ffd166")
    return image, truth


def casino() -> Picture:
    """1200 x 1200: a casino that promises, with a button that is a picture."""
    image = backdrop((1200, 1200), "#231047", "#6d1b52")
    draw = ImageDraw.Draw(image)
    for ring, colour in ((430, "#f2b705"), (400, "#231047"), (380, "#c1121f")):
        draw.ellipse((600 - ring, 620 - ring, 600 + ring, 620 + ring), fill=colour)
    for slice_ in range(0, 360, 30):
        draw.pieslice((240, 260, 960, 980), slice_, slice_ + 15, fill="#f6f1e7")
    draw.ellipse((450, 470, 750, 770), fill="#231047")
    truth = {"wheel": (170, 190, 861, 861), "logo": write(draw, (110, 60), "NordSpill Casino", 96, "#ffd166")}
    truth["claim"] = write(draw, (160, 1010), "97 % of our players win!", 56, PAPER)
    truth["fake_ui"] = button(draw, (440, 1092), "SPILL NÅ", 36, "#18a558")
    return image, truth


def coffee(photograph: Path) -> Picture:
    """1200 x 1000: a photograph with a before-price and a health claim over it."""
    image = backdrop((1200, 1000), "#fbf7ef", "#efe3cf")
    photo = Image.open(photograph).convert("RGB").resize((1080, 720), Image.Resampling.LANCZOS)
    image.paste(photo, (60, 220))
    draw = ImageDraw.Draw(image)
    truth: Truth = {"photo": (60, 220, 1080, 720), "logo": write(draw, (60, 50), "VitaSlank 7", 84, PINE)}
    truth["claim"] = write(draw, (62, 160), "Lose 7 kg in 7 days, just by drinking coffee*", 29, INK)
    draw.ellipse((850, 40, 1150, 340), fill=BERRY)
    truth["discount"] = (850, 40, 301, 301)
    write(draw, (884, 125), "NOW 199,-", 42, PAPER)
    before = write(draw, (902, 205), "before 499,-", 30, PAPER, bold=False)
    draw.line((before[0] - 6, before[1] + 16, before[0] + before[2] + 6, before[1] + 12), fill=PAPER, width=3)
    truth["disclaimer"] = write(draw, (70, 950), "*together with a diet and training", 20, "#6b6457", bold=False)
    return image, truth


def billboard() -> Picture:
    """8000 x 2400: skin cream with a retouch mark in the upper left corner."""
    image = backdrop((8000, 2400), "#fff3ee", "#f4c7c3")
    draw = ImageDraw.Draw(image)
    for shift in range(0, 8000, 400):
        draw.ellipse((shift - 200, 2000, shift + 700, 2900), fill="#f7d9d2")
    image = image.filter(ImageFilter.GaussianBlur(12))
    draw = ImageDraw.Draw(image)
    truth = {"person": person(draw, 5200, 420, 1700, 1980, shirt="#7fb7a6")}
    truth["logo"] = write(draw, (900, 700), "Lumia Derm", 420, BERRY)
    truth["claim"] = write(draw, (910, 1300), "Skin like glass. After one night.", 150, INK, bold=False)
    draw.rectangle((3300, 1600, 3899, 2199), fill="#ffffff", outline=BERRY, width=16)
    truth["product"] = (3300, 1600, 600, 600)
    write(draw, (3400, 1840), "CREAM", 120, BERRY)
    draw.ellipse((60, 60, 659, 659), fill="#111111")
    truth["retouch_mark"] = (60, 60, 600, 600)
    write(draw, (130, 300), "Retusjert", 84, "white")
    write(draw, (150, 410), "person", 84, "white")
    return image, truth


def before_after() -> Picture:
    """1200 x 1000: the same face twice, smoother the second time, and a sticker that stands aslant."""
    ground = backdrop((1200, 1000), "#fff3ee", "#f4c7c3")
    image = ground.copy()
    draw = ImageDraw.Draw(image)
    truth: Truth = {"logo": write(draw, (60, 50), "Lumia Derm", 72, BERRY)}
    for name, x, shirt in (("before", 70, "#8a8f98"), ("after", 640, "#7fb7a6")):
        draw.rectangle((x, 190, x + 489, 829), fill="#ffffff", outline="#e3c4be", width=4)
        truth[name] = (x, 190, 490, 640)
        person(draw, x + 45, 250, 400, 560, shirt=shirt)
        below = (x + 4, 826, x + 486, 1000)
        image.paste(ground.crop(below), below[:2])
        draw.line((x, 828, x + 489, 828), fill="#e3c4be", width=4)
        write(draw, (x + 24, 214), name.capitalize(), 40, INK)
    for spot_x, spot_y in ((218, 430), (312, 404), (290, 478), (392, 420), (232, 456), (376, 458)):
        draw.ellipse((spot_x, spot_y, spot_x + 14, spot_y + 12), fill="#c9795f")
    sticker = Image.new("RGBA", (300, 110), BERRY)
    write(ImageDraw.Draw(sticker), (36, 34), "199 kr/md", 42, PAPER)
    turned = sticker.rotate(-18, expand=True, resample=Image.Resampling.BICUBIC)
    image.paste(turned, (860, 800), turned)
    truth["sticker"] = (860 + (turned.width - 300) // 2, 800 + (turned.height - 110) // 2, 300, 110)
    write(draw, (62, 900), "Results after one night. Individual results vary.", 24, "#6b6457", bold=False)
    return image, truth


def landing_page(title: str, lines: list[str], price: str) -> Picture:
    """1000 x 1600: the page an ad leads to."""
    image = Image.new("RGB", (1000, 1600), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 999, 119), fill=INK)
    write(draw, (40, 40), title, 40, PAPER)
    draw.rectangle((60, 170, 939, 720), fill="#d7e3dd")
    bottle(draw, 420, 210, 160, 470, label=title.split()[0][:9].upper())
    truth: Truth = {"header": (0, 0, 1000, 120)}
    for number, line in enumerate(lines):
        write(draw, (60, 780 + number * 56), line, 30, INK, bold=False)
    truth["price"] = write(draw, (60, 1180), price, 72, BERRY)
    truth["cta"] = button(draw, (60, 1330), "Buy now", 40, PINE)
    truth["terms"] = write(
        draw, (60, 1500), "Renews monthly at 449 kr until cancelled in writing.", 22, "#8a8f98", bold=False
    )
    return image, truth


PICTURES: dict[str, Callable[[], Picture]] = {"beer": beer, "casino": casino, "billboard": billboard}
