"""Importing, step 2: one file's bytes become a picture of 48 x 48, or a reason why not."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import ExifTags, Image, ImageOps

from data.dataset import shown

SIDE = 48
NEUTRAL = (128, 128, 128)
FORMATS = ("JPEG", "PNG", "PPM", "GIF", "BMP", "TIFF", "WEBP", "AVIF")
KINDS = "JPEG, PNG, PGM or PPM, GIF, BMP, TIFF, WebP or AVIF"
MAX_FILE_BYTES = 64 * 2**20
MAX_PIXELS = 50_000_000
MIN_SIDE = 8
# Where a picture of more than 8 bits is white: the first of these that no value exceeds.
WHITE = {"I": (255, 4095, 65535), "F": (1, 255, 65535)}
# JPEG is unpacked no larger than this many times the size it is wanted in.
DRAFT = 4
STARTS = {
    b"<": "a web page or other text",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "an archive or an office document",
    b"8BPS": "a Photoshop file",
    b"ftyphei": "a HEIC picture: save it as JPEG",
    b"ftypmif1": "a HEIC picture: save it as JPEG",
    b"ftyphevc": "a HEIC picture: save it as JPEG",
}


class PictureError(Exception):
    """A file gives no picture; the text goes on from the file's name: 'is empty'."""


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels of a picture, which it may leave."""

    left: float
    top: float
    right: float
    bottom: float


def read_picture(content: bytes, box: Box | None = None) -> np.ndarray:
    """Return the first picture in `content`, upright and squeezed: uint8 (48, 48, 3), RGB.

    With a `box` only what is in it; what of it lies outside of the picture is grey. Transparent
    places become grey, too. Raises `PictureError`.
    """
    if not content:
        raise PictureError("is empty")
    image = _open(content)
    width, height = image.size
    if width * height > MAX_PIXELS:
        millions = width * height / 1e6
        raise PictureError(
            f"has {millions:,.0f} million pixels, more than {MAX_PIXELS / 1e6:.0f} million"
        )
    if min(width, height) < MIN_SIDE:
        raise PictureError(f"is smaller than {MIN_SIDE} x {MIN_SIDE} pixels")
    try:
        small = _squeeze(image, box)
    except PictureError:
        raise
    except Exception as error:  # Broken bytes make the decoders raise almost anything.
        raise PictureError(f"is broken or cut off ({_first_line(error)})") from error
    pixels = np.array(small, np.uint8)
    if int(np.ptp(pixels.reshape(-1, 3), axis=0).max()) <= 1:
        raise PictureError("is of one colour")
    return pixels


def _open(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise PictureError(f"has more than {MAX_PIXELS / 1e6:.0f} million pixels") from error
    except Exception as error:
        raise PictureError(_no_picture(content)) from error


def _no_picture(content: bytes) -> str:
    start = content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    for signature, kind in STARTS.items():
        if start.startswith(signature) or start[4:].startswith(signature):
            return f"is no picture but {kind}"
    return f"is no picture that can be read ({KINDS})"


def _squeeze(image: Image.Image, box: Box | None) -> Image.Image:
    orientation = _orientation(image)
    if box is None:
        image.draft(None, (DRAFT * SIDE, DRAFT * SIDE))
        small = _resize(_to_rgb(image), SIDE, SIDE)
    else:
        small = _cut(_to_rgb(image), box)
    # A square may as well be turned when it is small.
    small.getexif()[ExifTags.Base.Orientation] = orientation
    return ImageOps.exif_transpose(small)


def _orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 - a broken note beside the picture does not break the picture
        return 1
    return value if isinstance(value, int) else 1


def _cut(image: Image.Image, box: Box) -> Image.Image:
    """Return what is in the box, on a grey ground as large as the box, all squeezed at once.

    The ground is never made in the box's own size, which is whatever a list says.
    """
    left, top = max(box.left, 0.0), max(box.top, 0.0)
    right, bottom = min(box.right, image.width), min(box.bottom, image.height)
    if min(right - left, bottom - top) < MIN_SIDE:
        raise PictureError(f"has less than {MIN_SIDE} x {MIN_SIDE} pixels in the box")
    across, down = SIDE / (box.right - box.left), SIDE / (box.bottom - box.top)
    x, y = round((left - box.left) * across), round((top - box.top) * down)
    width = max(1, round((right - box.left) * across) - x)
    height = max(1, round((bottom - box.top) * down) - y)
    ground = Image.new("RGB", (SIDE, SIDE), NEUTRAL)
    part = image.resize(
        (width, height),
        Image.Resampling.LANCZOS,
        box=(left, top, right, bottom),
        reducing_gap=3.0,
    )
    ground.paste(part, (x, y))
    return ground


def _resize(image: Image.Image, width: int, height: int) -> Image.Image:
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _to_rgb(image: Image.Image) -> Image.Image:
    image.load()
    if image.mode[0] in WHITE:
        return _from_deep(image)
    if image.has_transparency_data:
        ground = Image.new("RGBA", image.size, (*NEUTRAL, 255))
        ground.alpha_composite(image.convert("RGBA"))
        return ground.convert("RGB")
    return image.convert("RGB")


def _from_deep(image: Image.Image) -> Image.Image:
    """Return a grey picture of 12, 16 or 32 bits, or of fractions, as RGB of 8 bits."""
    values = np.asarray(image, np.float32)
    highest = float(values.max())
    if not np.isfinite(values).all():
        raise PictureError("holds pixels that are no numbers")
    white = next((limit for limit in WHITE[image.mode[0]] if highest <= limit), highest)
    grey = np.clip(np.rint(values * (255 / white)), 0, 255).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB")


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    line = text.splitlines()[0] if text else type(error).__name__
    return shown(line)
