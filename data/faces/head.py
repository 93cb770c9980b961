"""Drawing, step 3: where a point of the face lies in the picture.

The head is an ellipsoid. A point (u, v) of the face has the depth of the ellipsoid there; the head
is turned by yaw and pitch, seen from far away, and then sheared, rolled, scaled and moved in the
picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from data.faces.look import Pose
from data.faces.persons import Person

SIZE = 192
UNIT = 58.0
DEPTH = 0.85

Point: TypeAlias = tuple[float, float]
JAW_HEIGHT = 0.65


@dataclass(frozen=True)
class Head:
    """One person's head in one pose; all methods return points in pixels of the drawing."""

    person: Person
    pose: Pose

    @property
    def unit(self) -> float:
        """Pixels in one face unit."""
        return UNIT * self.pose.scale

    def half_width(self, v: float) -> float:
        """Return half the width of the face at height `v`, 0 above the crown and below the chin."""
        width = self.person.face_width
        if v <= 0:
            return float(width * max(0.0, 1.0 - abs(v) ** 2.3) ** 0.5)
        power = np.log(1.0 - self.person.jaw**2) / np.log(JAW_HEIGHT)
        return float(width * max(0.0, 1.0 - (v / self.person.chin) ** power) ** 0.5)

    def surface(self, points: Iterable[Point], lift: float = 0.0) -> list[Point]:
        """Return where points on the skin lie, `lift` face units above it."""
        uv = np.asarray(list(points), dtype=float).reshape(-1, 2)
        inside = 1.0 - (uv[:, 0] / (self.person.face_width * 1.04)) ** 2 - (uv[:, 1] / 1.1) ** 2
        z = DEPTH * np.sqrt(np.maximum(0.0, inside)) + lift
        return self._to_picture(self._turn(uv[:, 0], uv[:, 1], z))

    def silhouette(self, points: Iterable[Point], depth: float = 0.0) -> list[Point]:
        """Return where points of an outline lie: it stays wide whichever way the head turns."""
        uv = np.asarray(list(points), dtype=float).reshape(-1, 2)
        sin = np.sin(self.pose.yaw)
        widened = uv[:, 0] * np.sqrt(1.0 + ((DEPTH / self.person.face_width) ** 2 - 1.0) * sin**2)
        z = depth + 0.3 * np.maximum(0.0, uv[:, 1])
        x = widened + z * sin
        y = uv[:, 1] - z * np.sin(self.pose.pitch)
        return self._to_picture(np.stack([x, y], axis=1))

    def outline(self) -> list[Point]:
        """Return the outline of the face, closed, starting at the crown."""
        angle = np.linspace(0.0, np.pi, 30)
        heights = [-float(np.cos(a)) * (self.person.chin if a > np.pi / 2 else 1.0) for a in angle]
        right = [(self.half_width(v), v) for v in heights]
        left = [(-u, v) for u, v in reversed(right)]
        return self.silhouette(right + left)

    def upright(self) -> Head:
        """Return the frame that neck and shoulders stand in: not turned, hardly rolled."""
        return replace(self, pose=replace(self.pose, yaw=0.0, pitch=0.0, roll=self.pose.roll * 0.3))

    def to_face(self, xy: np.ndarray) -> np.ndarray:
        """Return pixels (n, 2) as points (n, 2) of the picture plane, in face units."""
        matrix, offset = self._affine()
        return np.asarray((xy - offset) @ np.linalg.inv(matrix).T)

    def _turn(self, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
        sin, cos = np.sin(self.pose.yaw), np.cos(self.pose.yaw)
        turned_x, turned_z = x * cos + z * sin, z * cos - x * sin
        turned_y = y * np.cos(self.pose.pitch) - turned_z * np.sin(self.pose.pitch)
        return np.stack([turned_x, turned_y], axis=1)

    def _to_picture(self, xy: np.ndarray) -> list[Point]:
        matrix, offset = self._affine()
        return [(float(x), float(y)) for x, y in xy @ matrix.T + offset]

    def _affine(self) -> tuple[np.ndarray, np.ndarray]:
        sin, cos = np.sin(self.pose.roll), np.cos(self.pose.roll)
        turn = np.array([[cos, -sin], [sin, cos]]) @ np.array([[1.0, self.pose.shear], [0.0, 1.0]])
        flip = np.diag([-1.0 if self.pose.mirrored else 1.0, 1.0])
        middle = np.array([SIZE / 2, SIZE * 0.47]) + np.asarray(self.pose.shift)
        return turn @ flip * self.unit, middle
