"""Drawing, step 7: clothes, glasses, hats and what stands before the face."""

from __future__ import annotations

import numpy as np

from data.faces.canvas import Pencil, curve, ellipse
from data.faces.features import EYE_HEIGHT, SIDES
from data.faces.head import SIZE, Point
from data.faces.look import Eyewear, Hat, Look, Occluder, mix, random_color, shade, toss


def draw_body(pencil: Pencil, look: Look) -> None:
    """Draw shoulders, clothes and neck."""
    body = Pencil(pencil.image, pencil.head.upright())
    neck = pencil.head.person.face_width * 0.58
    shoulders = [(-neck, 1.10), (-0.75, 1.30), (-1.30, 1.55), (-1.5, 3.0), (1.5, 3.0)]
    shoulders += [(1.30, 1.55), (0.75, 1.30), (neck, 1.10)]
    body.fill(body.head.silhouette(shoulders, depth=-0.3), look.clothes)
    throat = [(-neck, 0.5), (-neck, 1.15), *ellipse((0.0, 1.15), (neck, 0.32), 180, 0), (neck, 0.5)]
    body.fill(body.head.silhouette(throat, depth=-0.2), shade(look.skin, 0.80))
    if look.collar:
        light = mix(look.clothes, (250, 250, 250), 0.5)
        for side in SIDES:
            flap = [(side * neck, 1.08), (side * (neck + 0.25), 1.35), (side * 0.05, 1.62)]
            body.fill(body.head.silhouette(flap, depth=-0.2), light)


def draw_eyewear(pencil: Pencil, look: Look) -> None:
    """Draw glasses or sunglasses, with bridge and temples."""
    if look.eyewear is Eyewear.NONE:
        return
    person = pencil.head.person
    for side in SIDES:
        middle = (side * person.eye_distance, EYE_HEIGHT + 0.03)
        rim = _rim(middle, is_round=person.glasses_round)
        if look.eyewear is Eyewear.SUNGLASSES:
            pencil.patch(rim, (28, 26, 32), lift=0.12)
            pencil.blob(
                (middle[0] - 0.05, middle[1] - 0.06), (0.05, 0.03), (96, 96, 108), lift=0.12
            )
        pencil.stroke([*rim, rim[0]], 0.034, look.frame_color, lift=0.12)
        ear = pencil.head.silhouette([(side * person.face_width * 0.99, EYE_HEIGHT)])
        hinge = pencil.head.surface([(middle[0] + side * 0.19, EYE_HEIGHT)], lift=0.10)
        pencil.line(hinge + ear, 0.03, look.frame_color)
    gap = person.eye_distance - 0.19
    bridge = curve((-gap, EYE_HEIGHT), (0.0, EYE_HEIGHT - 0.07), (gap, EYE_HEIGHT))
    pencil.stroke(bridge, 0.034, look.frame_color, lift=0.12)


def draw_hat(pencil: Pencil, look: Look) -> None:
    """Draw a woollen or a peaked cap down to the forehead."""
    if look.hat is Hat.NONE:
        return
    wide = pencil.head.person.face_width
    dome = ellipse((0.0, -0.50), (wide + 0.12, 0.72), 180, 360)
    brim = curve((wide + 0.10, -0.48), (0.0, -0.36), (-wide - 0.10, -0.48))
    pencil.fill(pencil.head.silhouette(dome + brim, depth=0.0), look.hat_color)
    dark = shade(look.hat_color, 0.78)
    if look.hat is Hat.BEANIE:
        band = [*brim, *[(u, v - 0.17) for u, v in reversed(brim)]]
        pencil.fill(pencil.head.silhouette(band, depth=0.05), dark)
        pencil.disc((0.0, -1.24), (0.17, 0.15), mix(look.hat_color, (255, 255, 255), 0.5))
        return
    near = curve((-wide * 0.95, -0.50), (0.0, -0.56), (wide * 0.95, -0.50))
    far = curve((wide * 0.95, -0.50), (0.0, -0.16), (-wide * 0.95, -0.50))
    pencil.fill(pencil.head.silhouette(near + far, depth=0.35), dark)


def draw_occluder(pencil: Pencil, look: Look, rng: np.random.Generator) -> None:
    """Draw what hides a part of the face: a hand, a scarf, a bar or a microphone."""
    match look.occluder:
        case Occluder.HAND:
            _draw_hand(pencil, look, rng)
        case Occluder.SCARF:
            _draw_scarf(pencil, rng)
        case Occluder.BAR:
            _draw_bar(pencil, rng)
        case Occluder.MICROPHONE:
            _draw_microphone(pencil, rng)


def _rim(middle: Point, *, is_round: bool) -> list[Point]:
    if is_round:
        return ellipse(middle, (0.19, 0.18))
    u, v = middle
    corners = [
        (-0.19, -0.12),
        (0.19, -0.12),
        (0.18, 0.08),
        (0.12, 0.15),
        (-0.12, 0.15),
        (-0.18, 0.08),
    ]
    return [(u + a, v + b) for a, b in corners]


def _draw_hand(pencil: Pencil, look: Look, rng: np.random.Generator) -> None:
    side = 1 if toss(rng) else -1
    u, v = side * rng.uniform(0.35, 0.75), rng.uniform(0.45, 0.95)
    skin, edge = shade(look.skin, 0.95), shade(look.skin, 0.72)
    arm = [(u - 0.14, v), (u + 0.16, v), (u + side * 0.5 + 0.2, 3.0), (u + side * 0.5 - 0.2, 3.0)]
    pencil.fill(pencil.head.silhouette(arm), look.clothes)
    for finger in range(4):
        base = (u + (finger - 1.5) * 0.12, v)
        tip = (base[0] - side * 0.12, v - 0.36 - 0.07 * (finger in (1, 2)))
        pixels = pencil.head.silhouette([base, tip], depth=0.3)
        pencil.line(pixels, 0.13, edge)
        pencil.line(pixels, 0.10, skin)
    pencil.disc((u, v + 0.08), (0.26, 0.24), skin, depth=0.3)


def _draw_scarf(pencil: Pencil, rng: np.random.Generator) -> None:
    color, high = random_color(rng), rng.uniform(0.55, 0.95)
    top = curve((-1.0, high), (0.0, high + 0.16), (1.0, high))
    bottom = curve((1.05, 1.5), (0.0, 1.75), (-1.05, 1.5))
    pencil.fill(pencil.head.silhouette(top + bottom), color)
    for step in (0.3, 0.6):
        fold = [(u, v + step) for u, v in top]
        pencil.line(pencil.head.silhouette(fold), 0.05, shade(color, 0.8))


def _draw_bar(pencil: Pencil, rng: np.random.Generator) -> None:
    middle, angle = rng.uniform(0.2, 0.8, size=2) * SIZE, rng.uniform(0.0, np.pi)
    along = np.array([np.cos(angle), np.sin(angle)]) * SIZE * 2
    across = np.array([-np.sin(angle), np.cos(angle)]) * rng.uniform(6, 15)
    corners = (
        middle + along + across,
        middle + along - across,
        middle - along - across,
        middle - along + across,
    )
    pencil.fill([(float(x), float(y)) for x, y in corners], random_color(rng))


def _draw_microphone(pencil: Pencil, rng: np.random.Generator) -> None:
    u, v, lean = rng.uniform(-0.35, 0.35), rng.uniform(0.72, 1.0), rng.uniform(-0.6, 0.6)
    stick = pencil.head.silhouette([(u, v), (u + lean, v + 1.9)], depth=0.3)
    pencil.line(stick, 0.15, (38, 38, 42))
    pencil.disc((u, v), (0.20, 0.22), (70, 70, 76), depth=0.3)
    pencil.disc((u - 0.05, v - 0.06), (0.09, 0.09), (118, 118, 126), depth=0.3)
