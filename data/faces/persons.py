"""Drawing, step 1: who the eight invented persons are, as parameters of their faces.

Lengths are in face units: the crown lies at v = -1, the eyes near v = 0, an average chin at v = 1;
u runs to the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Color: TypeAlias = tuple[int, int, int]


class Hair(StrEnum):
    """How the hair is worn."""

    AFRO = "afro"
    BALD = "bald"
    BOB = "bob"
    BUN = "bun"
    CROP = "crop"
    LONG = "long"
    SIDE_PART = "side_part"
    TUFT = "tuft"


class Beard(StrEnum):
    """What grows around the mouth."""

    NONE = "none"
    FULL = "full"
    MOUSTACHE = "moustache"


@dataclass(frozen=True, kw_only=True)
class Person:
    """What stays the same in all pictures of one person, before each picture's own variation."""

    name: str
    skin: Color
    hair: Hair
    hair_color: Color
    face_width: float
    jaw: float
    chin: float
    eye_distance: float
    eye_size: float
    eye_opening: float
    iris: Color
    brow_thickness: float
    brow_arch: float
    nose_width: float
    nose_length: float
    mouth_width: float
    lip_fullness: float
    lip_color: Color
    ears: float = 1.0
    beard: Beard = Beard.NONE
    freckles: int = 0
    lines: float = 0.0
    lashes: float = 0.0
    glasses: float = 0.12
    glasses_round: bool = True
    hat: float = 0.08
    earrings: float = 0.0


PERSONS = (
    Person(
        name="Amara Sandvik",
        skin=(122, 78, 54),
        hair=Hair.AFRO,
        hair_color=(44, 30, 26),
        face_width=0.74,
        jaw=0.70,
        chin=0.94,
        eye_distance=0.31,
        eye_size=1.14,
        eye_opening=0.56,
        iris=(62, 36, 22),
        brow_thickness=0.050,
        brow_arch=0.07,
        nose_width=0.17,
        nose_length=0.34,
        mouth_width=0.27,
        lip_fullness=1.45,
        lip_color=(150, 62, 66),
        lashes=0.7,
        glasses=0.10,
        earrings=0.5,
    ),
    Person(
        name="Bruno Castelmar",
        skin=(214, 162, 128),
        hair=Hair.BALD,
        hair_color=(92, 58, 36),
        face_width=0.80,
        jaw=0.82,
        chin=0.98,
        eye_distance=0.29,
        eye_size=0.90,
        eye_opening=0.46,
        iris=(74, 94, 110),
        brow_thickness=0.085,
        brow_arch=0.02,
        nose_width=0.17,
        nose_length=0.42,
        mouth_width=0.27,
        lip_fullness=0.85,
        lip_color=(176, 98, 88),
        ears=1.15,
        beard=Beard.FULL,
        glasses=0.15,
        glasses_round=False,
        hat=0.15,
    ),
    Person(
        name="Chiara Wenger",
        skin=(240, 202, 178),
        hair=Hair.LONG,
        hair_color=(168, 72, 34),
        face_width=0.71,
        jaw=0.66,
        chin=0.96,
        eye_distance=0.30,
        eye_size=1.08,
        eye_opening=0.52,
        iris=(70, 120, 84),
        brow_thickness=0.042,
        brow_arch=0.06,
        nose_width=0.11,
        nose_length=0.34,
        mouth_width=0.25,
        lip_fullness=1.0,
        lip_color=(204, 96, 94),
        freckles=46,
        lashes=0.6,
        hat=0.10,
    ),
    Person(
        name="Dev Halloran",
        skin=(176, 122, 84),
        hair=Hair.CROP,
        hair_color=(34, 28, 30),
        face_width=0.75,
        jaw=0.78,
        chin=1.0,
        eye_distance=0.28,
        eye_size=0.98,
        eye_opening=0.50,
        iris=(66, 42, 26),
        brow_thickness=0.092,
        brow_arch=0.04,
        nose_width=0.15,
        nose_length=0.43,
        mouth_width=0.26,
        lip_fullness=0.95,
        lip_color=(158, 88, 76),
        ears=1.1,
        glasses=0.60,
        glasses_round=False,
    ),
    Person(
        name="Elif Marchetti",
        skin=(228, 184, 150),
        hair=Hair.BOB,
        hair_color=(40, 32, 44),
        face_width=0.76,
        jaw=0.72,
        chin=0.90,
        eye_distance=0.32,
        eye_size=1.12,
        eye_opening=0.50,
        iris=(92, 68, 40),
        brow_thickness=0.048,
        brow_arch=0.05,
        nose_width=0.12,
        nose_length=0.33,
        mouth_width=0.23,
        lip_fullness=1.15,
        lip_color=(190, 44, 62),
        lashes=1.0,
        glasses=0.25,
        earrings=0.3,
    ),
    Person(
        name="Farid Lindqvist",
        skin=(206, 156, 122),
        hair=Hair.SIDE_PART,
        hair_color=(176, 174, 172),
        face_width=0.74,
        jaw=0.76,
        chin=1.0,
        eye_distance=0.29,
        eye_size=0.84,
        eye_opening=0.42,
        iris=(84, 104, 124),
        brow_thickness=0.070,
        brow_arch=0.03,
        nose_width=0.17,
        nose_length=0.46,
        mouth_width=0.25,
        lip_fullness=0.65,
        lip_color=(172, 104, 94),
        ears=1.15,
        beard=Beard.MOUSTACHE,
        lines=1.0,
        glasses=0.45,
    ),
    Person(
        name="Greta Yamane",
        skin=(246, 206, 184),
        hair=Hair.BUN,
        hair_color=(222, 182, 104),
        face_width=0.80,
        jaw=0.80,
        chin=0.87,
        eye_distance=0.34,
        eye_size=1.05,
        eye_opening=0.54,
        iris=(76, 130, 178),
        brow_thickness=0.044,
        brow_arch=0.05,
        nose_width=0.11,
        nose_length=0.28,
        mouth_width=0.24,
        lip_fullness=0.95,
        lip_color=(214, 112, 114),
        ears=0.95,
        lashes=0.5,
        glasses=0.20,
        earrings=0.5,
    ),
    Person(
        name="Hiro Kowalczyk",
        skin=(230, 188, 148),
        hair=Hair.TUFT,
        hair_color=(58, 40, 30),
        face_width=0.70,
        jaw=0.70,
        chin=0.97,
        eye_distance=0.30,
        eye_size=0.94,
        eye_opening=0.34,
        iris=(52, 36, 28),
        brow_thickness=0.062,
        brow_arch=0.01,
        nose_width=0.13,
        nose_length=0.36,
        mouth_width=0.23,
        lip_fullness=0.85,
        lip_color=(190, 112, 98),
        glasses=0.15,
        hat=0.12,
    ),
)
