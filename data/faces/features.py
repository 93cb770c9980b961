"""Drawing, step 5: skin, ears, eyes, brows, nose, mouth and beard."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from data.faces.canvas import Pencil, curve, ellipse
from data.faces.head import SIZE
from data.faces.look import Look, mix, shade
from data.faces.persons import Beard, Color, Person

EYE_HEIGHT = 0.02
DARK = (36, 24, 24)
SIDES = (-1, 1)
PARTED = 0.02
SHORT_LASHES = 0.4


def draw_skin(pencil: Pencil, look: Look) -> None:
    """Draw the face with its cheeks, sockets and chin, all soft."""
    person, skin = pencil.head.person, look.skin
    soft = Image.new("RGB", (SIZE, SIZE), skin)
    brush = Pencil(soft, pencil.head)
    warm = mix(skin, (224, 92, 84), 0.22)
    brush.blob((0.0, -0.5), (0.36, 0.22), shade(skin, 1.05))
    for side in SIDES:
        brush.blob((side * 0.42 * person.face_width / 0.75, 0.33), (0.16, 0.13), warm)
        brush.blob((side * person.eye_distance, EYE_HEIGHT - 0.03), (0.19, 0.12), shade(skin, 0.91))
    brush.blob((0.0, person.chin * 0.93), (0.30, 0.12), shade(skin, 0.93))
    if person.beard is Beard.FULL:
        _draw_full_beard(brush, look)
    soft = soft.filter(ImageFilter.GaussianBlur(3.2 * pencil.head.pose.scale))
    pencil.soften(pencil.head.outline(), soft)
    if person.freckles:
        _draw_freckles(pencil, look)
    if person.lines:
        _draw_lines(pencil, look)


def draw_ears(pencil: Pencil, look: Look) -> None:
    """Draw both ears, which the face then partly hides."""
    person = pencil.head.person
    for side in SIDES:
        middle = (side * person.face_width * 1.0, 0.10)
        size = person.ears
        pencil.disc(middle, (0.10 * size, 0.19 * size), shade(look.skin, 0.90), depth=-0.15)
        pencil.disc(middle, (0.05 * size, 0.12 * size), shade(look.skin, 0.76), depth=-0.15)
        if look.earrings:
            below = (middle[0], 0.10 + 0.22 * size)
            pencil.disc(below, (0.05, 0.05), (236, 204, 96), depth=-0.12)


def draw_eyes(pencil: Pencil, look: Look) -> None:
    """Draw whites, irises, pupils, lids and lashes."""
    for side in SIDES:
        _draw_eye(pencil, look, side)


def draw_brows(pencil: Pencil, look: Look) -> None:
    """Draw both brows, thick at the nose and thin at the temples."""
    person, face = pencil.head.person, look.expression
    color = mix(shade(look.hair_color, 0.72), DARK, 0.25)
    height = EYE_HEIGHT - 0.17 - 0.06 * person.eye_size - face.brow_lift
    for side in SIDES:
        u, reach = side * person.eye_distance, 0.17
        inner = (u - side * reach, height + 0.02 + face.brow_tilt)
        outer = (u + side * reach * 1.15, height + 0.04 - face.brow_tilt)
        top = curve(inner, (u, height - 2 * person.brow_arch), outer)
        thick = person.brow_thickness
        below = [(p, v + thick * (1.0 - 0.75 * i / 11)) for i, (p, v) in enumerate(top)]
        pencil.patch(top + below[::-1], color, lift=0.02)


def draw_nose(pencil: Pencil, look: Look) -> None:
    """Draw the shadow beside the ridge, the wings and nostrils, and the light on the tip."""
    person, skin = pencil.head.person, look.skin
    base, wide = EYE_HEIGHT + person.nose_length, person.nose_width
    shadow, dark = shade(skin, 0.86), shade(skin, 0.62)
    ridge = [(0.055, EYE_HEIGHT - 0.02), (wide * 0.75, base - 0.05), (0.02, base - 0.03)]
    pencil.patch(ridge, shadow, lift=0.05)
    pencil.blob((0.0, base - 0.02), (wide * 0.95, 0.065), shade(skin, 0.90), lift=0.08)
    pencil.blob((0.0, base - 0.05), (wide * 0.55, 0.075), shade(skin, 1.07), lift=0.16)
    for side in SIDES:
        pencil.blob((side * wide * 0.5, base + 0.02), (wide * 0.26, 0.024), dark, lift=0.10)
        wing = curve(
            (side * wide, base - 0.07), (side * wide * 1.2, base), (side * wide * 0.7, base + 0.03)
        )
        pencil.stroke(wing, 0.022, shade(skin, 0.74), lift=0.06)


def draw_mouth(pencil: Pencil, look: Look) -> None:
    """Draw lips, teeth, the line between the lips, and a moustache if there is one."""
    person, face = pencil.head.person, look.expression
    height = 0.30 + 0.30 * person.chin
    wide = person.mouth_width * (1.0 + 0.18 * max(0.0, face.smile))
    corner = height - 0.075 * face.smile
    upper, lower = 0.055 * person.lip_fullness, 0.085 * person.lip_fullness
    gap = 0.16 * face.mouth_open
    left, right = (-wide, corner), (wide, corner)
    top = [
        left,
        (-0.07, height - upper),
        (0.0, height - upper * 0.7),
        (0.07, height - upper),
        right,
    ]
    bottom = curve(right, (0.0, height + 2 * (lower + gap)), left)
    pencil.patch(top + bottom, look.lip_color, lift=0.03)
    parting = curve(left, (0.0, height + 0.09 * face.smile), right)
    if gap > PARTED:
        floor = curve(right, (0.0, height + 0.09 * face.smile + 2 * gap), left)
        pencil.patch(parting + floor, (92, 28, 34), lift=0.03)
        teeth = curve(right, (0.0, height + 0.09 * face.smile + 0.9 * gap), left)
        pencil.patch(parting[1:-1] + teeth[1:-1], (244, 240, 232), lift=0.03)
    pencil.stroke(parting, 0.024, shade(look.lip_color, 0.55), lift=0.03)
    below = ellipse((0.0, height + lower + gap + 0.07), (0.10, 0.02))
    if person.beard is Beard.NONE:
        pencil.patch(below, shade(look.skin, 0.84), lift=0.02)
    else:
        _draw_moustache(pencil, look, height - upper)


def _draw_eye(pencil: Pencil, look: Look, side: int) -> None:
    person, face = pencil.head.person, look.expression
    u, reach = side * person.eye_distance, 0.135 * person.eye_size
    opening = reach * person.eye_opening * min(1.0, face.lids)
    inner, outer = (u - side * reach, EYE_HEIGHT + 0.015), (u + side * reach, EYE_HEIGHT - 0.015)
    upper = curve(inner, (u, EYE_HEIGHT - 2.1 * opening), outer)
    lower = curve(outer, (u, EYE_HEIGHT + 1.7 * opening), inner)
    lash = 0.022 + 0.02 * person.lashes
    if face.lids == 0.0:
        pencil.stroke(curve(inner, (u, EYE_HEIGHT + 0.08), outer), lash + 0.01, DARK)
        return
    pencil.patch(upper + lower, (240, 236, 230))
    iris = min(reach * 0.52, opening * 1.25 + 0.012)
    middle = (u + face.gaze[0] * reach, EYE_HEIGHT - 0.12 * opening + face.gaze[1] * opening)
    pencil.blob(middle, (iris, iris), shade(person.iris, 0.8))
    pencil.blob(middle, (iris * 0.82, iris * 0.82), person.iris)
    pencil.blob(middle, (iris * 0.46, iris * 0.46), (14, 10, 12))
    glint = (middle[0] + 0.35 * iris, middle[1] - 0.4 * iris)
    pencil.blob(glint, (iris * 0.25, iris * 0.25), (255, 255, 255))
    pencil.stroke(upper, lash, DARK)
    pencil.stroke([(p, v - 0.045) for p, v in upper[2:-2]], 0.014, shade(look.skin, 0.72))
    if person.lashes > SHORT_LASHES:
        tip = (outer[0] + side * 0.05, outer[1] - 0.05)
        pencil.stroke([outer, tip], lash * 0.8, DARK)


def _draw_full_beard(brush: Pencil, look: Look) -> None:
    person = brush.head.person
    color = mix(look.hair_color, look.skin, 0.12)
    edge = [
        (-0.98, 0.15),
        (-0.80, 0.42),
        (-0.46, 0.50),
        (0.0, 0.44),
        (0.46, 0.50),
        (0.80, 0.42),
        (0.98, 0.15),
    ]
    upper = [(u * person.face_width, v) for u, v in edge]
    brush.fill(brush.head.surface(upper) + brush.head.silhouette([(1.2, 1.3), (-1.2, 1.3)]), color)


def _draw_moustache(pencil: Pencil, look: Look, height: float) -> None:
    wide = pencil.head.person.mouth_width
    color: Color = shade(look.hair_color, 0.88)
    top = curve((-wide * 1.05, height + 0.07), (0.0, height - 0.22), (wide * 1.05, height + 0.07))
    bottom = curve((wide * 1.05, height + 0.07), (0.0, height + 0.0), (-wide * 1.05, height + 0.07))
    pencil.patch(top + bottom, color, lift=0.05)


def _draw_freckles(pencil: Pencil, look: Look) -> None:
    # The same freckles in every picture: they belong to the person, not to the picture.
    rng = np.random.default_rng(pencil.head.person.freckles)
    color = mix(look.skin, (150, 84, 50), 0.55)
    for _ in range(pencil.head.person.freckles):
        spot = (rng.normal(0.0, 0.30), 0.27 + rng.normal(0.0, 0.08))
        radius = rng.uniform(0.014, 0.024)
        pencil.blob(spot, (radius, radius), color)


def _draw_lines(pencil: Pencil, look: Look) -> None:
    person: Person = pencil.head.person
    color = mix(look.skin, shade(look.skin, 0.66), person.lines)
    for side in SIDES:
        fold = curve((side * 0.19, 0.40), (side * 0.33, 0.48), (side * 0.33, 0.66))
        pencil.stroke(fold, 0.020, color)
        under = (side * person.eye_distance, EYE_HEIGHT + 0.15)
        pencil.stroke(ellipse(under, (0.12, 0.04), 20, 160), 0.016, color)
    for height in (-0.42, -0.50):
        pencil.stroke(curve((-0.28, height), (0.0, height - 0.05), (0.28, height)), 0.014, color)
