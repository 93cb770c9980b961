"""Drawing, step 8: the background, and the light that falls on all of it."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from data.faces.head import SIZE, Head
from data.faces.look import random_color, toss


def draw_background(rng: np.random.Generator) -> Image.Image:
    """Return a picture, 192 x 192, of slow colours and up to eight shapes out of focus."""
    brightness = rng.normal(0, 26, size=(5, 5, 1))
    coarse = np.asarray(random_color(rng)) + brightness + rng.normal(0, 9, size=(5, 5, 3))
    small = Image.fromarray(np.clip(coarse, 0, 255).astype(np.uint8))
    image = small.resize((SIZE, SIZE), Image.Resampling.BICUBIC)
    pencil = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(0, 9))):
        x, y = rng.uniform(-20, SIZE, size=2)
        wide, high = rng.uniform(12, 100, size=2)
        box = (x, y, x + wide, y + high)
        color = random_color(rng)
        if toss(rng):
            pencil.ellipse(box, fill=color)
        else:
            pencil.rectangle(box, fill=color)
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 7.0)))


def light(pixels: np.ndarray, head: Head, rng: np.random.Generator) -> np.ndarray:
    """Return `pixels` (n, n, 3), floats in 0..255, lit from one side and developed anyhow."""
    count = pixels.shape[0]
    shading = _shading(head, count, rng)
    grey_weights = np.array([0.299, 0.587, 0.114])
    lit = pixels * shading[:, :, None]
    lit = lit * rng.uniform(0.78, 1.18) * (1.0 + rng.normal(0, 0.06, size=3))
    grey = (lit @ grey_weights)[:, :, None]
    lit = grey + (lit - grey) * rng.uniform(0.55, 1.15)
    lit = 118.0 + (lit - 118.0) * rng.uniform(0.75, 1.15) + rng.uniform(-10, 10)
    return np.asarray(255.0 * (np.clip(lit, 0, 255) / 255.0) ** rng.uniform(0.8, 1.25))


def _shading(head: Head, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return the light on each pixel (count, count): Lambert's law on a pseudo-ellipsoid."""
    angle, height, strength = (
        rng.uniform(0, 2 * np.pi),
        rng.uniform(0.3, 0.9),
        rng.uniform(0.15, 0.5),
    )
    side = np.sqrt(1.0 - height**2)
    towards = np.array([side * np.cos(angle), -abs(side * np.sin(angle)), height])
    step = SIZE / count
    y, x = (np.mgrid[0:count, 0:count] + 0.5) * step
    face = head.to_face(np.stack([x.ravel(), y.ravel()], axis=1))
    if head.pose.mirrored:
        face = face * np.array([-1.0, 1.0])
    normal_xy = face / np.array([head.person.face_width * 1.15, 1.15])
    radius = np.sqrt((normal_xy**2).sum(axis=1))
    # Beyond the head the light fades into an even one, so that no edge of the ellipsoid is seen.
    fade = np.clip(2.0 - radius, 0.0, 1.0)
    normal_xy = normal_xy / np.maximum(1.0, radius)[:, None]
    normal_z = np.sqrt(np.maximum(0.0, 1.0 - (normal_xy**2).sum(axis=1)))
    lambert = normal_xy @ towards[:2] + normal_z * towards[2]
    return np.asarray(1.0 + strength * fade * (lambert - 0.45)).reshape(count, count)
