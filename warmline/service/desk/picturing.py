"""Picturing: a photo that somebody adds is read, drawn anew and sealed. What was hidden in the file
(where it was taken, by which phone, or a program) does not come along."""

import base64
import io
import warnings
from collections.abc import Iterable
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from warmline.core.people.models import Staff
from warmline.service.desk.models import Arrival, Case, Photo

BYTES_MAX = 10 * 2**20  # of one upload
PIXELS_MAX = 50_000_000
SIDE_MAX = 1600
AT_ONCE_MAX = 4
OF_A_CASE_MAX = 20
FORMATS = ("JPEG", "PNG", "WEBP")


def draw(file: BinaryIO, *, size: int) -> tuple[bytes, int, int]:
    """The picture as a plain JPEG of at most 1600 pixels, with its width and height."""
    if size > BYTES_MAX:
        raise ValidationError({"photos": _("A photo has at most 10 MB.")})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(file, formats=FORMATS)
            if picture.width * picture.height > PIXELS_MAX:
                raise ValidationError({"photos": _("This photo is too large.")})
            picture.draft("RGB", (SIDE_MAX * 2, SIDE_MAX * 2))
            picture = ImageOps.exif_transpose(picture)
            picture.thumbnail((SIDE_MAX, SIDE_MAX))
            drawn = Image.new("RGB", picture.size, "white")
            rgba = picture.convert("RGBA")
            drawn.paste(rgba, mask=rgba.getchannel("A"))
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        ValueError,
        SyntaxError,
        MemoryError,
    ) as error:
        raise ValidationError({"photos": _("This is no photo that we can read.")}) from error
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue(), drawn.width, drawn.height


def check(files: Iterable[tuple[BinaryIO, int]]) -> list[tuple[bytes, int, int]]:
    """All of them or none, before anything is written."""
    files = list(files)
    if len(files) > AT_ONCE_MAX:
        raise ValidationError({"photos": _("At most four photos at once.")})
    return [draw(file, size=size) for file, size in files]


def keep(
    case: Case,
    drawn: Iterable[tuple[bytes, int, int]],
    *,
    arrival: Arrival | None,
    by: Staff | None = None,
) -> int:
    """Keep them with the case; how many. What is too many for one case is refused."""
    drawn = list(drawn)
    if case.photos.count() + len(drawn) > OF_A_CASE_MAX:
        raise ValidationError({"photos": _("This case has enough photos. Write to us instead.")})
    for picture, width, height in drawn:
        Photo.objects.create(
            case=case,
            arrival=arrival,
            by=by,
            sealed=base64.b64encode(picture).decode(),
            width=width,
            height=height,
        )
    return len(drawn)


def picture_of(photo: Photo) -> bytes:
    return base64.b64decode(photo.sealed)
