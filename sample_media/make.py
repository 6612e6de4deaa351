"""Makes the sample ads, their manifest and their truth: `python -m sample_media.make` (needs espeak-ng and DejaVu fonts).

Brands and people are invented. `truth.json` says where things are, in pixels, code points, samples and frames; tests
compare what was labelled and exported with it.
"""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from PIL import Image

from sample_media import drawing, filming, scenes, speaking

HERE = Path(__file__).resolve().parent
ADS = HERE / "ads"
ORIENTATION = 0x0112

EMOJI_TEXT = (
    "Feeling bloated? 🤰 VitaSlank 7 melts belly fat while you sleep 😴🔥\n"
    "“I lost 12 kg in 3 weeks!” – Mia 👩🏽‍⚕️ (paid partner)\n"
    "Only 9 packs left ⏳ → vitaslank.example/nå 🇳🇴"
)
NORWEGIAN_TEXT = (
    "Trenger du penger før lønn? Fjordlån gir deg 50 000 kr på 5 minutter – helt uten kredittsjekk.\n"
    "Søk nå, betal senere! Nominell rente fra 39,9 %. Eff. rente 48,1 %, 25 000 kr o/12 mnd., totalt 31 204 kr.\n"
    "Spørsmål? Ring oss på 900 00 000 innen midnatt i kveld."
)
ENGLISH_TEXT = (
    "GreenGulp: the world's first 100 % climate-neutral energy drink.\n"
    "Doctors agree it doubles your focus. Was 49 kr, now 19 kr until Sunday.\n"
    "Follow @greengulp and tag a friend under 18 to win a year's supply. #ad"
)


# What an advertiser asked for, and ways to say it: (name of the part, words).
COMPARED: dict[str, tuple[tuple[str, str], ...]] = {
    "vitaslank-variants": (
        ("brief", "VitaSlank 7, a powder for coffee with fibre and chicory. 199 kr a month, renews until cancelled. Audience: adults in Norway. Say why somebody would buy it."),
        ("variant_a", "Lose 7 kg in 7 days! 🔥 VitaSlank 7 burns fat while you sleep. Only 199 kr – order before midnight, it will be gone tomorrow."),
        ("variant_b", "VitaSlank 7: fibre and chicory for your morning coffee. 199 kr a month, renews until you cancel. Cancel with one click. #reklame"),
        ("variant_c", "Doctors agree: VitaSlank 7 gets your metabolism going. Try it for 199 kr.* \n*A subscription. The month costs 199 kr."),
    ),
    "fjordlan-variants": (
        ("brief", "Fjordlån, et forbrukslån på 10 000 til 50 000 kr. Nominell rente fra 39,9 %. Norge, 20 år og eldre."),
        ("variant_a", "Penger på konto i dag – helt uten kredittsjekk. Søk på 30 sekunder! 💸"),
        ("variant_b", "Lån 25 000 kr over 12 måneder: eff. rente 48,1 %, totalt 31 204 kr. Vi gjør kredittvurdering av alle."),
    ),
    "greengulp-answers": (
        ("brief", "An advertiser asks: “Why may I not write that GreenGulp is 100 % climate-neutral? We buy offsets for every can.” Two assistants answered."),
        ("variant_a", "Because a claim about the climate has to be true of the product itself, and be documented where it is made. Offsets do not make the drink neutral. You could write what you do: “We pay for x kg CO₂ for every can”, with the source."),
        ("variant_b", "You may. “Climate-neutral” is a general expression, and buyers know that it is only advertising. Just avoid the number 100 % and you will be fine! 🌱"),
    ),
}  # fmt: skip


def spans(text: str, pieces: dict[str, str]) -> list[dict[str, object]]:
    """Where each piece stands, in code points."""
    return [
        {"choice": choice, "start": text.index(piece), "end": text.index(piece) + len(piece), "text": piece}
        for choice, piece in pieces.items()
    ]


TEXTS: dict[str, tuple[str, dict[str, str], str, str]] = {
    "vitaslank-post": (EMOJI_TEXT, {"health_claim": "melts belly fat while you sleep 😴🔥", "testimonial": "“I lost 12 kg in 3 weeks!” – Mia 👩🏽‍⚕️", "disclosure": "(paid partner)"}, "NO", "en"),
    "fjordlan-tekst": (NORWEGIAN_TEXT, {"financial_claim": "helt uten kredittsjekk", "price": "Eff. rente 48,1 %", "scarcity": "innen midnatt i kveld"}, "NO", "nb"),
    "greengulp-post": (ENGLISH_TEXT, {"environmental_claim": "100 % climate-neutral", "price": "Was 49 kr, now 19 kr", "disclosure": "#ad"}, "SE", "en"),
}  # fmt: skip


def images(truth: dict[str, Any]) -> None:
    turned, boxes = drawing.beer()
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # stored lying on its side, as a phone held upright does
    turned.transpose(Image.Transpose.ROTATE_90).save(ADS / "fjordglod-beer.jpg", quality=86, exif=exif)
    truth["fjordglod-beer"] = {"size": turned.size, "boxes": boxes}
    made = {
        "nordspill-casino.png": drawing.casino(),
        "vitaslank-coffee.jpg": drawing.coffee(HERE / "source" / "coffee.jpg"),
        "lumia-billboard.jpg": drawing.billboard(),
        "lumia-before-after.png": drawing.before_after(),
    }
    for name, (picture, boxes) in made.items():
        picture.save(ADS / name, quality=82, optimize=True)
        truth[name.rsplit(".", 1)[0]] = {"size": picture.size, "boxes": boxes}


def banners(truth: dict[str, Any]) -> None:
    frames = [scenes.banner(number).quantize(64) for number in range(scenes.BANNER_FRAMES)]
    frames[0].save(
        ADS / "lumia-banner.gif", save_all=True, append_images=frames[1:], duration=[900, *[300] * 5, 900], loop=0
    )
    truth["lumia-banner"] = {
        "size": scenes.BANNER,
        "frames": scenes.BANNER_FRAMES,
        "marked_from": scenes.BANNER_MARKED,
        "boxes": {"retouch_mark": (380, 20, 80, 80)},
    }


def recordings(truth: dict[str, Any]) -> None:
    english, norwegian = "en-gb", "nb"
    beer = [
        (0.5, "claim", speaking.say("Fjordglød. The beer that makes every evening a better one.", voice=english)),
        (5.0, "price", speaking.say("Now only twenty nine ninety.", voice=english, pitch=60)),
        (8.0, "disclaimer", speaking.say("Drink responsibly. Eighteen plus.", voice=english, speed=260)),
    ]
    casino = [
        (0.25, "claim", speaking.say("Hos NordSpill Casino vinner du hver gang.", voice=norwegian)),
        (4.5, "promo_code", speaking.say("Bruk koden VINN hundre.", voice=norwegian, pitch=65)),
        (
            7.5,
            "disclaimer",
            speaking.say("Spill ansvarlig. Hjelpelinjen åtte hundre, åtte hundre, førti.", voice=norwegian, speed=240),
        ),
    ]
    host = [
        (1.0, "disclosure", speaking.say("This episode is paid for by Lumia Derm.", voice=english)),
        (
            5.0,
            "host_read",
            speaking.say("I have used the cream for a week and my skin is simply new.", voice=english, pitch=35),
        ),
        (10.5, "promo_code", speaking.say("Get twenty percent off with the code glow.", voice=english, pitch=35)),
    ]
    made: tuple[tuple[str, list[Any], float, str, str, int | None], ...] = (
        ("fjordglod-radio.wav", beer, 11.5, "pcm_s16le", "wav", None),
        ("nordspill-spot.mp3", casino, 13.0, "libmp3lame", "mp3", 96_000),
        ("lumia-podcast.m4a", host, 14.5, "aac", "ipod", 96_000),
    )
    for name, phrases, seconds, codec, container, bit_rate in made:
        track, segments = speaking.lay(phrases, seconds)
        filming.record(
            ADS / name,
            speaking.mix(track, speaking.music(seconds, level=0.04)),
            codec=codec,
            container=container,
            bit_rate=bit_rate,
        )
        truth[name.rsplit(".", 1)[0]] = {"rate": speaking.RATE, "samples": len(track), "segments": segments}


H264 = {
    "codec": "libx264",
    "container": "mp4",
    "options": {"crf": "26", "preset": "slow", "g": "48", "movflags": "+faststart"},
}


def films(truth: dict[str, Any]) -> None:
    party_sound, _ = speaking.lay([(1.0, "claim", speaking.say("Bring Fjordglød to the party.", voice="en-gb"))], 8)
    filming.film(
        ADS / "fjordglod-party.mp4",
        scenes.party,
        scenes.steady(30, 240),
        sound=speaking.mix(party_sound, speaking.music(8)),
        **H264,
    )
    keyframes = [
        (frame, scenes.party_bottle(frame))
        for frame in (scenes.PARTY_ENTERS, scenes.PARTY_STOPS, scenes.PARTY_LEAVES - 1)
    ]
    truth["fjordglod-party"] = {"frames": 240, "times": _microseconds(scenes.steady(30, 240)), "alcohol": keyframes}
    times = scenes.uneven(110)
    filming.film(ADS / "nordspill-spin.mp4", scenes.spin, times, **H264)
    truth["nordspill-spin"] = {
        "frames": 110,
        "times": _microseconds(times),
        "flash": scenes.SPIN_FLASH,
        "wheel": (220, 60, 201, 201),
    }
    glow_sound, _ = speaking.lay([(0.5, "claim", speaking.say("One night. That is all it takes.", voice="en-gb"))], 5)
    filming.film(
        ADS / "lumia-glow.webm", scenes.glow, scenes.steady(25, 125), codec="libvpx-vp9", container="webm",
        sound=glow_sound, audio_codec="libopus", options={"crf": "38", "b": "0", "g": "60"},
    )  # fmt: skip
    truth["lumia-glow"] = {
        "frames": 125,
        "times": _microseconds(scenes.steady(25, 125)),
        "after_from": scenes.AFTER_FROM,
    }


def mixed(truth: dict[str, Any]) -> None:
    for name, title, price, page, page_price, caption, colour in (
        ("vitaslank-launch", "VitaSlank 7", "199 kr", "VitaSlank 7 – official shop", "449 kr / month", "VitaSlank 7 🌿 only 199 kr – one payment, no strings. #reklame", "#e9d7b8"),
        ("fjordlan-kampanje", "Fjordlån", "0 kr gebyr", "Fjordlån – søk om lån", "Gebyr 950 kr", "Fjordlån: penger på konto i dag. 0 kr gebyr!", "#bcd9e8"),
    ):  # fmt: skip
        folder = ADS / name
        folder.mkdir(exist_ok=True)
        sound, _ = speaking.lay(
            [(0.5, "claim", speaking.say(f"{title}. {price}.", voice="nb" if "lån" in title else "en-gb"))], 5
        )
        filming.film(
            folder / "creative.mp4",
            scenes.offer(title, price, colour=colour),
            scenes.steady(25, 125),
            sound=sound,
            **H264,
        )
        picture, boxes = drawing.landing_page(
            page, ["In stock. Ships tomorrow.", "Rated 4.9 by 12 customers."], page_price
        )
        picture.save(folder / "landing_page.png", optimize=True)
        truth[name] = {
            "boxes": boxes,
            "price_from_frame": 45,
            "caption": caption,
            "spans": spans(caption, {"price": price}),
        }


def _microseconds(times: list[Fraction]) -> list[int]:
    return [round(time * 1_000_000) for time in times]


def metadata(name: str, kind: str, *, market: str = "NO", language: str = "en") -> dict[str, str]:
    brand = {
        "fjordglod": "Fjordglød",
        "nordspill": "NordSpill Casino",
        "vitaslank": "VitaSlank",
        "lumia": "Lumia Derm",
        "fjordlan": "Fjordlån",
        "greengulp": "GreenGulp",
    }
    return {
        "advertiser": brand[name.split("-")[0]],
        "campaign": f"{name.split('-')[0]}-2026",
        "format": kind,
        "market": market,
        "language": language,
    }


def manifest(truth: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for pattern, modality in (("*.jpg", "image"), ("*.png", "image"), ("*.gif", "image"), ("*.wav", "audio"), ("*.mp3", "audio"), ("*.m4a", "audio"), ("*.mp4", "video"), ("*.webm", "video")):  # fmt: skip
        for path in sorted(ADS.glob(pattern)):
            language = "nb" if path.stem in {"nordspill-spot", "nordspill-casino"} else "en"
            part = {"name": "creative", "modality": modality, "path": f"ads/{path.name}"}
            kind = "retouch" if path.stem in {"lumia-before-after", "lumia-banner"} else modality
            rows.append(
                {
                    "external_id": path.stem,
                    "metadata": metadata(path.stem, kind, language=language),
                    "parts": [part],
                }
            )
    for name, (text, pieces, market, language) in TEXTS.items():
        rows.append(
            {
                "external_id": name,
                "metadata": metadata(name, "text", market=market, language=language),
                "parts": [{"name": "creative", "modality": "text", "text": text}],
            }
        )
        truth[name] = {"text": text, "spans": spans(text, pieces)}
    for name in ("vitaslank-launch", "fjordlan-kampanje"):
        parts = [
            {"name": "creative", "modality": "video", "path": f"ads/{name}/creative.mp4"},
            {"name": "caption", "modality": "text", "text": truth[name]["caption"]},
            {"name": "landing_page", "modality": "image", "path": f"ads/{name}/landing_page.png"},
        ]
        rows.append(
            {
                "external_id": name,
                "metadata": metadata(name, "mixed", language="nb" if "lan" in name[:8] else "en"),
                "parts": parts,
            }
        )
    for name, texts in COMPARED.items():
        parts = [{"name": part, "modality": "text", "text": text} for part, text in texts]
        market, language = ("SE", "en") if name.startswith("greengulp") else ("NO", "nb" if "lan" in name[:8] else "en")
        rows.append(
            {
                "external_id": name,
                "metadata": metadata(name, "compare", market=market, language=language),
                "parts": parts,
            }
        )
    return rows


def main() -> None:
    ADS.mkdir(exist_ok=True)
    truth: dict[str, Any] = {}
    images(truth)
    banners(truth)
    recordings(truth)
    films(truth)
    mixed(truth)
    rows = manifest(truth)
    (HERE / "manifest.jsonl").write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )
    (HERE / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
