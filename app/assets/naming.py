"""What a file is by its name: only which kind of part to try it as."""

from pathlib import PurePosixPath

from app.assets.rules import Modality

ONLY_PART = "creative"  # of an ad that is one file

_ENDINGS = {
    Modality.IMAGE: "jpg jpeg jpe jfif png gif webp tif tiff bmp avif heic heif svg",
    Modality.AUDIO: "wav aif aiff aifc flac ogg oga opus mp3 m4a aac weba",
    Modality.VIDEO: "mp4 m4v mov webm mkv ogv avi mpg mpeg ts mts flv 3gp",
    Modality.TEXT: "txt md text",
}
_MODALITIES = {f".{ending}": modality for modality, endings in _ENDINGS.items() for ending in endings.split()}


def modality_of(name: str) -> Modality | None:
    return _MODALITIES.get(PurePosixPath(name).suffix.lower())
