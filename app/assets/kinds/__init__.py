"""One file per modality: how a medium is probed and what is made from it. A new kind is a file and a line here."""

from app.assets.kinds import audio, image, video

MEDIA_KINDS = {kind.modality: kind for kind in (image.KIND, audio.KIND, video.KIND)}
