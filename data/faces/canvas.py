"""Drawing, step 4: the pencil, which takes points of the face and leaves marks in the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from data.faces.head import SIZE, Head, Point
from data.faces.persons import Color


@dataclass(frozen=True)
class Pencil:
    """Draws on one picture, in the coordinates of one head."""

    image: Image.Image
    head: Head

    def fill(self, pixels: Sequence[Point], color: Color) -> None:
        """Fill a polygon that is given in pixels."""
        ImageDraw.Draw(self.image).polygon(list(pixels), fill=color)

    def patch(self, points: Sequence[Point], color: Color, lift: float = 0.0) -> None:
        """Fill a polygon on the skin."""
        self.fill(self.head.surface(points, lift), color)

    def blob(self, middle: Point, radii: Point, color: Color, lift: float = 0.0) -> None:
        """Fill an ellipse on the skin."""
        self.patch(ellipse(middle, radii), color, lift)

    def disc(self, middle: Point, radii: Point, color: Color, depth: float = 0.0) -> None:
        """Fill an ellipse beside or behind the head."""
        self.fill(self.head.silhouette(ellipse(middle, radii), depth), color)

    def stroke(
        self, points: Sequence[Point], width: float, color: Color, lift: float = 0.0
    ) -> None:
        """Draw a line on the skin, `width` face units thick."""
        self.line(self.head.surface(points, lift), width, color)

    def line(self, pixels: Sequence[Point], width: float, color: Color) -> None:
        """Draw a line that is given in pixels, `width` face units thick."""
        thick = max(1, round(width * self.head.unit))
        ImageDraw.Draw(self.image).line(list(pixels), fill=color, width=thick, joint="curve")

    def soften(self, pixels: Sequence[Point], soft: Image.Image) -> None:
        """Take over `soft` inside a polygon that is given in pixels."""
        mask = Image.new("L", (SIZE, SIZE), 0)
        ImageDraw.Draw(mask).polygon(list(pixels), fill=255)
        self.image.paste(soft, mask=mask)


def ellipse(middle: Point, radii: Point, start: float = 0.0, end: float = 360.0) -> list[Point]:
    """Return points of an ellipse's arc from `start` to `end` degrees (0 right, 90 down)."""
    angles = np.radians(np.linspace(start, end, 22))
    u, v = middle[0] + radii[0] * np.cos(angles), middle[1] + radii[1] * np.sin(angles)
    return list(zip(u.tolist(), v.tolist(), strict=True))


def curve(start: Point, bend: Point, end: Point) -> list[Point]:
    """Return points of the quadratic curve from `start` to `end` that is pulled towards `bend`."""
    t = np.linspace(0.0, 1.0, 12)[:, None]
    ends = (1 - t) ** 2 * np.asarray(start) + t**2 * np.asarray(end)
    points = ends + 2 * t * (1 - t) * np.asarray(bend)
    return [(float(u), float(v)) for u, v in points]
