"""Drawing, step 6: hair behind the head and in front of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from data.faces.canvas import Pencil, curve, ellipse
from data.faces.head import Head, Point
from data.faces.look import Hat, Look, mix, shade
from data.faces.persons import Hair


def draw_hair_behind(pencil: Pencil, look: Look) -> None:
    """Draw the hair that the head hides in part."""
    wide = pencil.head.person.face_width
    color = shade(look.hair_color, 0.82)
    match pencil.head.person.hair:
        case Hair.AFRO:
            _draw_afro(pencil, look)
        case Hair.LONG:
            pencil.fill(_mane(pencil.head, wide + 0.27, 1.62), color)
        case Hair.BOB:
            pencil.fill(_mane(pencil.head, wide + 0.25, 0.86), color)
        case Hair.BUN if look.hat is Hat.NONE:
            pencil.disc((0.0, -1.18), (0.36, 0.30), look.hair_color, depth=-0.5)
            pencil.disc((0.06, -1.22), (0.20, 0.15), shade(look.hair_color, 1.13), depth=-0.5)


def draw_hair_front(pencil: Pencil, look: Look) -> None:
    """Draw the hair that covers the head: from the crown to the hairline."""
    draw = _FRONTS.get(pencil.head.person.hair)
    if draw is not None:
        draw(pencil, look)


def _draw_afro(pencil: Pencil, look: Look) -> None:
    rng = np.random.default_rng(5)
    top = 0.62 if look.hat is not Hat.NONE else 1.0
    pencil.disc((0.0, -0.42), (1.10, 0.98 * top), look.hair_color, depth=-0.3)
    for angle in np.linspace(-1.15 * np.pi, 0.15 * np.pi, 22):
        middle = (1.04 * np.cos(angle), -0.42 + 0.92 * top * np.sin(angle))
        tint = shade(look.hair_color, rng.uniform(0.9, 1.3))
        pencil.disc(middle, (0.17, 0.17), tint, depth=-0.3)


def _mane(head: Head, wide: float, low: float) -> list[Point]:
    arc = ellipse((0.0, -0.18), (wide, 0.96), 180, 360)
    right = curve(arc[-1], (wide + 0.10, low * 0.6), (wide * 0.92, low))
    left = [(-u, v) for u, v in reversed(right)]
    return head.silhouette(arc + right + left, depth=-0.15)


def _cap(head: Head, hairline: list[Point], side: float, top: float, low: float) -> list[Point]:
    """Return the polygon between a hairline (left to right) and the outer edge of the hair."""
    heights = np.linspace(low, -0.999, 14)
    right = [
        (head.half_width(v) + side * (1 - v * v * 0.6), v - top * max(0.0, -v) ** 2)
        for v in heights
    ]
    crown = [(0.0, -1.0 - top)]
    left = [(-u, v) for u, v in right]
    outer = head.silhouette(left + crown + right[::-1], depth=-0.05)
    return outer + head.surface(hairline[::-1])


def _strands(pencil: Pencil, look: Look, lines: list[list[Point]], tint: float = 1.22) -> None:
    for line in lines:
        pencil.stroke(line, 0.022, shade(look.hair_color, tint), lift=0.05)


def _hairline(wide: float, temple: float, middle: float, power: float = 4.0) -> list[Point]:
    u = np.linspace(-0.99, 0.99, 17)
    v = middle + (temple - middle) * np.abs(u) ** power
    return [(float(a * wide), float(b)) for a, b in zip(u, v, strict=True)]


def _draw_afro_front(pencil: Pencil, look: Look) -> None:
    line = _hairline(pencil.head.person.face_width, -0.10, -0.60, 4.0)
    pencil.fill(_cap(pencil.head, line, 0.08, 0.20, -0.08), shade(look.hair_color, 1.08))


def _draw_crop(pencil: Pencil, look: Look) -> None:
    wide = pencil.head.person.face_width
    line = _hairline(wide, 0.02, -0.60, 6.0)
    pencil.fill(_cap(pencil.head, line, 0.05, 0.10, 0.02), look.hair_color)
    _strands(pencil, look, [[(u, -0.66), (u * 1.1, -0.86)] for u in (-0.3, -0.1, 0.1, 0.3)], 1.5)


def _draw_tuft(pencil: Pencil, look: Look) -> None:
    wide = pencil.head.person.face_width
    fringe = [
        (-0.99, 0.0),
        (-0.86, -0.42),
        (-0.60, -0.34),
        (-0.40, -0.50),
        (-0.15, -0.33),
        (0.08, -0.50),
    ]
    fringe += [(0.35, -0.32), (0.58, -0.50), (0.85, -0.36), (0.99, 0.0)]
    line = [(u * wide, v) for u, v in fringe]
    pencil.fill(_cap(pencil.head, line, 0.12, 0.16, 0.0), look.hair_color)
    if look.hat is Hat.NONE:
        for u in np.linspace(-0.42, 0.42, 5):
            spike = [(u - 0.15, -0.98), (u * 1.35 + 0.08, -1.36 + 0.3 * abs(u)), (u + 0.15, -0.98)]
            pencil.fill(pencil.head.silhouette(spike), look.hair_color)
    _strands(pencil, look, [[(u, -0.52), (u * 1.1, -0.85)] for u in (-0.35, -0.05, 0.28)], 1.4)


def _draw_side_part(pencil: Pencil, look: Look) -> None:
    wide = pencil.head.person.face_width
    points = [
        (-0.99, 0.02),
        (-0.90, -0.40),
        (-0.62, -0.66),
        (-0.45, -0.80),
        (-0.15, -0.62),
        (0.30, -0.52),
    ]
    points += [(0.70, -0.46), (0.92, -0.30), (0.99, 0.02)]
    line = [(u * wide, v) for u, v in points]
    pencil.fill(_cap(pencil.head, line, 0.08, 0.14, 0.02), look.hair_color)
    part = [(-0.45 * wide, -0.80), (-0.30 * wide, -0.95)]
    pencil.stroke(part, 0.03, mix(look.hair_color, look.skin, 0.7))
    sweeps = [curve((-0.30, v), (0.05, v - 0.05), (0.45, v + 0.15)) for v in (-0.86, -0.74)]
    _strands(pencil, look, sweeps, 0.82)


def _draw_bob(pencil: Pencil, look: Look) -> None:
    wide = pencil.head.person.face_width
    fringe = [
        (-0.90, 0.0),
        (-0.82, -0.26),
        (-0.40, -0.29),
        (0.0, -0.30),
        (0.40, -0.29),
        (0.82, -0.26),
        (0.90, 0.0),
    ]
    line = [(u * wide, v) for u, v in fringe]
    pencil.fill(_cap(pencil.head, line, 0.20, 0.15, 0.0), look.hair_color)
    for side in (-1, 1):
        inner = [
            (side * wide * 0.90, -0.05),
            (side * wide * 0.93, 0.35),
            (side * wide * 0.80, 0.74),
        ]
        outer = [
            (side * (wide + 0.20), 0.80),
            (side * (wide + 0.24), 0.30),
            (side * (wide + 0.20), -0.05),
        ]
        pencil.fill(pencil.head.silhouette(inner + outer), look.hair_color)
    _strands(
        pencil, look, [[(u, -0.36), (u * 1.05, -0.80)] for u in (-0.4, -0.15, 0.12, 0.38)], 1.7
    )


def _draw_long(pencil: Pencil, look: Look) -> None:
    wide = pencil.head.person.face_width
    line = [(-0.97, 0.10), (-0.88, -0.28), (-0.50, -0.55), (-0.10, -0.78), (0.0, -0.84)]
    line += [(-u, v) for u, v in reversed(line[:-1])]
    pencil.fill(
        _cap(pencil.head, [(u * wide, v) for u, v in line], 0.18, 0.14, 0.1), look.hair_color
    )
    for side in (-1, 1):
        inner = [(side * wide * 0.95, 0.0), (side * wide * 0.96, 0.5), (side * wide * 0.72, 1.10)]
        tip = [(side * wide * 0.85, 1.62), (side * (wide + 0.22), 1.50)]
        outer = [(side * (wide + 0.30), 0.70), (side * (wide + 0.18), 0.0)]
        pencil.fill(pencil.head.silhouette(inner + tip + outer), look.hair_color)
        shine = curve((side * 0.12, -0.84), (side * 0.52, -0.62), (side * wide * 0.98, -0.12))
        _strands(pencil, look, [shine], 1.3)


def _draw_bun(pencil: Pencil, look: Look) -> None:
    line = _hairline(pencil.head.person.face_width, 0.0, -0.66, 2.6)
    pencil.fill(_cap(pencil.head, line, 0.05, 0.10, -0.02), look.hair_color)
    sweeps = [
        curve((u, -0.70 + abs(u) * 0.2), (u * 0.8, -0.85), (u * 0.4, -0.96))
        for u in (-0.5, -0.2, 0.2, 0.5)
    ]
    _strands(pencil, look, sweeps, 0.84)


_FRONTS: dict[Hair, Callable[[Pencil, Look], None]] = {
    Hair.AFRO: _draw_afro_front,
    Hair.BOB: _draw_bob,
    Hair.BUN: _draw_bun,
    Hair.CROP: _draw_crop,
    Hair.LONG: _draw_long,
    Hair.SIDE_PART: _draw_side_part,
    Hair.TUFT: _draw_tuft,
}
