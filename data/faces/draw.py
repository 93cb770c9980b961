"""Drawing, step 10: one picture of one person, from the background to the JPEG."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from data.faces import accessories, features, hair
from data.faces.canvas import Pencil
from data.faces.degrade import degrade
from data.faces.head import SIZE, Head
from data.faces.light import draw_background, light
from data.faces.look import draw_look
from data.faces.persons import Person

PIXELS = 48


def draw_face(person: Person, rng: np.random.Generator) -> np.ndarray:
    """Return one picture of `person`, uint8 (48, 48, 3); the generator decides everything."""
    look = draw_look(person, rng)
    head = Head(person, look.pose)
    pencil = Pencil(draw_background(rng), head)
    hair.draw_hair_behind(pencil, look)
    accessories.draw_body(pencil, look)
    features.draw_ears(pencil, look)
    features.draw_skin(pencil, look)
    features.draw_nose(pencil, look)
    features.draw_mouth(pencil, look)
    features.draw_eyes(pencil, look)
    features.draw_brows(pencil, look)
    hair.draw_hair_front(pencil, look)
    accessories.draw_eyewear(pencil, look)
    accessories.draw_hat(pencil, look)
    accessories.draw_occluder(pencil, look, rng)
    return degrade(light(_reduce(pencil.image), head, rng), rng)


def _reduce(image: Image.Image) -> np.ndarray:
    smooth = image.filter(ImageFilter.GaussianBlur(0.9)).reduce(SIZE // PIXELS)
    return np.asarray(smooth, dtype=float)
