"""Drawing, step 9: what a camera and a file format do to a picture."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageFilter


def degrade(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return `pixels` (n, n, 3), floats in 0..255, blurred, noisy and after JPEG, as uint8."""
    blurred = to_image(pixels).filter(ImageFilter.GaussianBlur(rng.uniform(0.0, 0.5)))
    noisy = np.asarray(blurred) + rng.normal(0, rng.uniform(0, 10), size=pixels.shape)
    quality = int(rng.integers(35, 90))
    packed = io.BytesIO()
    to_image(noisy).save(packed, "JPEG", quality=quality)
    with Image.open(packed) as image:
        return np.asarray(image.convert("RGB"), dtype=np.uint8)


def to_image(pixels: np.ndarray) -> Image.Image:
    """Return floats (n, m, 3) as a picture, rounded and cut to 0..255."""
    return Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))
