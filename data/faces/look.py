"""Drawing, step 2: how one picture of a person differs from the next, drawn from a generator."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from data.faces.persons import Color, Person

SUNGLASSES = 0.06
OCCLUDED = 0.30
EYES_CLOSED = 0.06
COLLAR = 0.4


class Eyewear(StrEnum):
    """What is worn on the nose."""

    NONE = "none"
    GLASSES = "glasses"
    SUNGLASSES = "sunglasses"


class Hat(StrEnum):
    """What is worn on the head."""

    NONE = "none"
    BEANIE = "beanie"
    CAP = "cap"


class Occluder(StrEnum):
    """What stands between the face and the camera."""

    NONE = "none"
    HAND = "hand"
    SCARF = "scarf"
    BAR = "bar"
    MICROPHONE = "microphone"


@dataclass(frozen=True, kw_only=True)
class Pose:
    """Angles in radians, `scale` of the head, `shift` in pixels of the 192 x 192 drawing."""

    yaw: float
    pitch: float
    roll: float
    scale: float
    shift: tuple[float, float]
    shear: float
    mirrored: bool


@dataclass(frozen=True, kw_only=True)
class Expression:
    """Smile from -0.4 to 1, opening of the mouth and of the lids from 0 to 1, brows and gaze."""

    smile: float
    mouth_open: float
    lids: float
    gaze: tuple[float, float]
    brow_lift: float
    brow_tilt: float


@dataclass(frozen=True, kw_only=True)
class Look:
    """Everything about one picture that is decided before the first stroke."""

    pose: Pose
    expression: Expression
    skin: Color
    hair_color: Color
    lip_color: Color
    clothes: Color
    collar: bool
    eyewear: Eyewear
    frame_color: Color
    hat: Hat
    hat_color: Color
    earrings: bool
    occluder: Occluder


def draw_look(person: Person, rng: np.random.Generator) -> Look:
    """Return one variation of `person`; the same generator state gives the same look."""
    return Look(
        pose=_draw_pose(rng),
        expression=_draw_expression(rng),
        skin=jitter(person.skin, rng, 0.09, 9.0),
        hair_color=jitter(person.hair_color, rng, 0.16, 10.0),
        lip_color=jitter(person.lip_color, rng, 0.08, 10.0),
        clothes=random_color(rng),
        collar=toss(rng, COLLAR),
        eyewear=_draw_eyewear(person, rng),
        frame_color=jitter((50, 42, 44), rng, 0.4, 22.0),
        hat=_draw_hat(person, rng),
        hat_color=random_color(rng),
        earrings=toss(rng, person.earrings),
        occluder=_draw_occluder(rng),
    )


def jitter(color: Color, rng: np.random.Generator, gain: float, offset: float) -> Color:
    """Return `color` brightened by a normal factor and made warmer or cooler by a normal step.

    Steps in each channel by itself would turn skin and hair green now and then.
    """
    warmth, tint = rng.standard_normal(), rng.standard_normal(3)
    values = np.asarray(color) * (1.0 + gain * rng.standard_normal())
    return to_color(values + offset * (warmth * np.array([1.0, 0.1, -0.8]) + 0.3 * tint))


def toss(rng: np.random.Generator, chance: float = 0.5) -> bool:
    """Return True with probability `chance`."""
    return bool(rng.random() < chance)


def random_color(rng: np.random.Generator) -> Color:
    """Return any colour that clothes may have, from dark to bright."""
    grey = rng.uniform(30, 215)
    return to_color(grey + rng.uniform(0, 1) * rng.uniform(-80, 80, size=3))


def to_color(values: np.ndarray) -> Color:
    """Return three values (3,) as whole numbers in 0..255."""
    red, green, blue = np.clip(np.rint(values), 0, 255).astype(int).tolist()
    return red, green, blue


def mix(first: Color, second: Color, share: float) -> Color:
    """Return the colour that lies `share` of the way from `first` to `second`."""
    return to_color(np.asarray(first) * (1.0 - share) + np.asarray(second) * share)


def shade(color: Color, factor: float) -> Color:
    """Return `color` times `factor`."""
    return to_color(np.asarray(color) * factor)


def _draw_pose(rng: np.random.Generator) -> Pose:
    return Pose(
        yaw=float(np.radians(np.clip(rng.normal(0, 13), -25, 25))),
        pitch=float(np.radians(np.clip(rng.normal(0, 7), -14, 14))),
        roll=float(np.radians(np.clip(rng.normal(0, 7), -15, 15))),
        scale=rng.uniform(0.68, 1.15),
        shift=(rng.uniform(-30, 30), rng.uniform(-20, 24)),
        shear=rng.uniform(-0.08, 0.08),
        mirrored=toss(rng),
    )


def _draw_expression(rng: np.random.Generator) -> Expression:
    closed = toss(rng, EYES_CLOSED)
    return Expression(
        smile=rng.uniform(-0.25, 1.0),
        mouth_open=max(0.0, rng.uniform(-0.9, 0.9)),
        lids=0.0 if closed else rng.uniform(0.75, 1.1),
        gaze=(rng.uniform(-0.3, 0.3), rng.uniform(-0.15, 0.15)),
        brow_lift=rng.uniform(-0.02, 0.06),
        brow_tilt=rng.uniform(-0.035, 0.035),
    )


def _draw_eyewear(person: Person, rng: np.random.Generator) -> Eyewear:
    chance = rng.random()
    if chance < SUNGLASSES:
        return Eyewear.SUNGLASSES
    return Eyewear.GLASSES if chance < SUNGLASSES + person.glasses else Eyewear.NONE


def _draw_hat(person: Person, rng: np.random.Generator) -> Hat:
    worn, woollen = toss(rng, person.hat), toss(rng)
    if not worn:
        return Hat.NONE
    return Hat.BEANIE if woollen else Hat.CAP


def _draw_occluder(rng: np.random.Generator) -> Occluder:
    hidden, kind = toss(rng, OCCLUDED), int(rng.integers(4))
    if not hidden:
        return Occluder.NONE
    return (Occluder.HAND, Occluder.SCARF, Occluder.BAR, Occluder.MICROPHONE)[kind]
