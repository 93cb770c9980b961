"""Generates the data of the sample sheet `sequences`, the same from the same seed.

`python samples/make_sequences.py` writes `waves.npz` and `forecast.npz` into that sheet's folder.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

SEED = 1
COUNTS = {"train": 600, "valid": 100, "test": 400}
SHAPES = ("sine", "square", "sawtooth")
HALF = 0.5
FOLDER = Path(__file__).parent / "sheets" / "sequences"


def waves(seed: int = SEED) -> dict[str, np.ndarray]:
    """Noisy waves of three shapes, 40 steps in two channels, a quarter of a period apart."""
    rng = np.random.default_rng(seed)
    arrays = {"names": np.array(SHAPES)}
    for split, count in COUNTS.items():
        labels = np.arange(count) % len(SHAPES)
        periods, starts = rng.uniform(12, 24, count), rng.uniform(0, 1, count)
        turns = starts[:, None] + np.arange(40) / periods[:, None]
        both = np.stack([turns, turns + 0.25], axis=-1) % 1
        shapes = [np.sin(2 * np.pi * both), np.where(both < HALF, 1.0, -1.0), 2 * both - 1]
        clean = np.choose(labels[:, None, None], shapes)
        arrays[f"x_{split}"] = (clean + rng.normal(0, 0.3, clean.shape)).astype(np.float16)
        arrays[f"y_{split}"] = labels
    return arrays


def forecast(seed: int = SEED) -> dict[str, np.ndarray]:
    """A sum of two waves with noise, 24 steps of it, and the value of the step after them."""
    rng = np.random.default_rng(seed)
    arrays = {}
    for split, count in COUNTS.items():
        steps = np.arange(25)
        total = np.zeros((count, 25))
        for period in (24.0, 10.0):
            sizes, starts = rng.uniform(0.5, 1.5, (count, 1)), rng.uniform(0, 1, (count, 1))
            total += sizes * np.sin(2 * np.pi * (starts + steps / period))
        noisy = total[:, :24, None] + rng.normal(0, 0.1, (count, 24, 1))
        arrays[f"x_{split}"] = noisy.astype(np.float16)
        arrays[f"y_{split}"] = total[:, 24].astype(np.float32)
    return arrays


if __name__ == "__main__":
    np.savez_compressed(FOLDER / "waves.npz", **waves())
    np.savez_compressed(FOLDER / "forecast.npz", **forecast())
