"""One file per field kind and one registry line each."""

from app.schemas.kinds.boxes import Boxes
from app.schemas.kinds.choice import Choice
from app.schemas.kinds.choices import Choices
from app.schemas.kinds.keypoints import Keypoints
from app.schemas.kinds.kind import Kind
from app.schemas.kinds.masks import Masks
from app.schemas.kinds.number import Number
from app.schemas.kinds.polygons import Polygons
from app.schemas.kinds.polylines import Polylines
from app.schemas.kinds.ranking import Ranking
from app.schemas.kinds.rating import Rating
from app.schemas.kinds.relations import Relations
from app.schemas.kinds.segments import Segments
from app.schemas.kinds.spans import Spans
from app.schemas.kinds.taxonomy import Taxonomy
from app.schemas.kinds.text import Text
from app.schemas.kinds.tracks import Tracks

_KINDS: tuple[Kind, ...] = (
    Choice(),
    Choices(),
    Taxonomy(),
    Rating(),
    Number(),
    Text(),
    Ranking(),
    Boxes(),
    Polygons(),
    Polylines(),
    Keypoints(),
    Masks(),
    Spans(),
    Relations(),
    Segments(),
    Tracks(),
)
KINDS = {kind.name: kind for kind in _KINDS}
