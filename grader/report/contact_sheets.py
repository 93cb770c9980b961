"""Telling: many pictures of a data set in one image, so that a page holds them all."""

from __future__ import annotations

import base64
import io
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

CELL = 48
GAP = 2
COLUMNS = 17  # fills the width of a card
QUALITY = 88


@dataclass(frozen=True)
class Sheet:
    """An image as a `data:` address, with its size in pixels."""

    address: str
    width: int
    height: int


def contact_sheet(pictures: npt.NDArray[np.uint8]) -> Sheet:
    """The pictures, uint8 (n, height, width, 3), row by row, each 48 x 48 with a gap between."""
    columns = min(COLUMNS, len(pictures))
    rows = math.ceil(len(pictures) / columns)
    step = CELL + GAP
    sheet = Image.new("RGBA", (columns * step - GAP, rows * step - GAP), (0, 0, 0, 0))
    for index, picture in enumerate(pictures):
        row, column = divmod(index, columns)
        sheet.paste(_small(picture), (column * step, row * step))
    return Sheet(_address(sheet), *sheet.size)


def mean_face(pictures: npt.NDArray[np.uint8]) -> Sheet:
    """The mean of the pictures, uint8 (n, height, width, 3), pixel by pixel."""
    mean = np.zeros(pictures.shape[1:], np.float64)
    for picture in pictures:
        mean += picture
    image = _small(np.rint(mean / len(pictures)).astype(np.uint8))
    return Sheet(_address(image), *image.size)


def _small(picture: npt.NDArray[np.uint8]) -> Image.Image:
    image = Image.fromarray(picture)
    return image if image.size == (CELL, CELL) else image.resize((CELL, CELL))


def _address(image: Image.Image) -> str:
    buffer = io.BytesIO()
    image.save(buffer, format="WEBP", quality=QUALITY, method=4)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
