"""Pictures of foreign origin: every common kind is read, everything else is refused by name."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from data.importing.pictures import Box, PictureError, read_picture

RED, BLUE, GREY = (200, 30, 40), (20, 40, 210), (128, 128, 128)


def halves(size: tuple[int, int] = (96, 80)) -> Image.Image:
    """A picture that is red on its left and blue on its right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """The bytes of a file of this kind."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def corners(pixels: np.ndarray) -> list[list[int]]:
    """The colours near the left and right edge, in the upper and lower half."""
    return [pixels[y, x].tolist() for y in (6, 41) for x in (6, 41)]


def assert_close(expected: list[tuple[int, int, int]], actual: list[list[int]]) -> None:
    """All colours are the same but for the losses of compression."""
    assert np.abs(np.array(expected) - np.array(actual)).max() <= 12, actual


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"quality": 95}),
        ("PNG", {}),
        ("PPM", {}),
        ("GIF", {}),
        ("BMP", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("WEBP", {"quality": 95}),
        ("AVIF", {"quality": 95}),
    ],
)
def test_common_kinds(kind: str, options: dict[str, object]) -> None:
    """Each kind gives the same small picture in colour."""
    pixels = read_picture(saved(halves(), kind, **options))

    assert ((48, 48, 3), np.dtype(np.uint8)) == (pixels.shape, pixels.dtype)
    assert_close([RED, BLUE, RED, BLUE], corners(pixels))


MODES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "L": lambda image: image.convert("L"),
    "1": lambda image: image.convert("L").point(lambda value: 255 * (value > 70)).convert("1"),
    "LA": lambda image: image.convert("LA"),
    "P": lambda image: image.quantize(8),
    "I;16": lambda image: Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257),
}


@pytest.mark.parametrize("mode", MODES)
def test_modes(mode: str) -> None:
    """Grey, one-bit, palette and deep pictures come out as bright as the same in colour."""
    original = MODES[mode](halves())
    reference = halves().convert("L") if mode == "I;16" else original

    pixels = read_picture(saved(original, "PNG"))

    expected = np.asarray(reference.convert("RGB")).astype(int)[10, [8, -8]]
    assert np.abs(expected - pixels[6, [4, -4]]).max() <= 2


@pytest.mark.parametrize("highest", [255, 4095, 65535])
def test_deep_grey_by_its_highest_value(highest: int) -> None:
    """Values of 8, 12 or 16 bits in a 16-bit file all become 0 to 255."""
    values = np.linspace(0, highest, 96 * 80).reshape(80, 96).astype(np.uint16)

    pixels = read_picture(saved(Image.fromarray(values), "TIFF"))

    assert pixels.min() < 6
    assert pixels.max() > 249


def test_fractions() -> None:
    """A TIFF of fractions from 0 to 1 becomes 0 to 255; one with NaN is refused."""
    values = np.linspace(0, 1, 96 * 80, dtype=np.float32).reshape(80, 96)
    pixels = read_picture(saved(Image.fromarray(values), "TIFF"))
    values[3, 3] = np.nan

    assert (True, True) == (pixels.min() < 6, pixels.max() > 249)
    with pytest.raises(PictureError, match="no numbers"):
        read_picture(saved(Image.fromarray(values), "TIFF"))


def test_transparency_becomes_grey() -> None:
    """What is transparent is neither black nor white."""
    image = halves().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 40, 96, 80))

    pixels = read_picture(saved(image, "PNG"))

    assert_close([RED, BLUE, GREY, GREY], corners(pixels))


def test_transparent_palette() -> None:
    """A GIF with a transparent colour is laid on grey, too."""
    image = halves().quantize(8)
    index = image.getpixel((10, 10))

    pixels = read_picture(saved(image, "GIF", transparency=index))

    assert_close([GREY, BLUE, GREY, BLUE], corners(pixels))


def test_printing_colours() -> None:
    """CMYK becomes RGB, not its negative."""
    pixels = read_picture(saved(halves().convert("CMYK"), "JPEG", quality=95))

    assert_close([RED, BLUE, RED, BLUE], corners(pixels))


def test_first_frame_of_an_animation() -> None:
    """Of an animation the first picture is taken."""
    frames = [halves(), Image.new("RGB", (96, 80), "white")]

    pixels = read_picture(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))

    assert_close([RED, BLUE, RED, BLUE], corners(pixels))


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        (1, [RED, BLUE, RED, BLUE]),
        (2, [BLUE, RED, BLUE, RED]),
        (3, [BLUE, RED, BLUE, RED]),
        (6, [RED, RED, BLUE, BLUE]),
        (8, [BLUE, BLUE, RED, RED]),
        (99, [RED, BLUE, RED, BLUE]),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_turned_by_the_camera(
    orientation: int, expected: list[tuple[int, int, int]], kind: str
) -> None:
    """The orientation that a camera noted is honoured; one that there is not is passed over."""
    exif = Image.Exif()
    exif[0x0112] = orientation

    pixels = read_picture(saved(halves(), kind, exif=exif, quality=95))

    assert_close(expected, corners(pixels))


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_broken_note_of_the_camera() -> None:
    """Damaged EXIF does not cost the picture."""
    pixels = read_picture(
        saved(halves(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff", quality=95)
    )

    assert_close([RED, BLUE, RED, BLUE], corners(pixels))


def test_large_photograph() -> None:
    """A photograph of 12 million pixels is read as well as its small copy."""
    small = read_picture(saved(halves((400, 300)), "JPEG", quality=95))

    pixels = read_picture(saved(halves((4000, 3000)), "JPEG", quality=95))

    assert np.abs(small.astype(int) - pixels).mean() < 3


BOXES = {
    "inside": (Box(24, 10, 72, 50), [RED, BLUE, RED, BLUE]),
    "leaves to the left and above": (Box(-96, -80, 96, 80), [GREY, GREY, GREY, BLUE]),
    "leaves to the right": (Box(48, 0, 144, 80), [BLUE, GREY, BLUE, GREY]),
    "huge": (Box(-1e9, -1e9, 1e9, 1e9), [GREY, GREY, GREY, GREY]),
}


@pytest.mark.parametrize("case", BOXES)
def test_boxes(case: str) -> None:
    """A box is cut out; what of it lies outside of the picture is grey."""
    box, expected = BOXES[case]

    assert_close(expected, corners(read_picture(saved(halves(), "PNG"), box)))


@pytest.mark.parametrize("box", [Box(200, 0, 300, 80), Box(-50, -50, -1, -1), Box(10, 10, 12, 12)])
def test_box_beside_the_picture(box: Box) -> None:
    """A box with nothing of the picture in it, or next to nothing, gives no picture."""
    with pytest.raises(PictureError, match="less than 8 x 8 pixels in the box"):
        read_picture(saved(halves(), "PNG"), box)


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        sum_ = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", sum_)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


REFUSED = {
    "nothing": (b"", "is empty"),
    "web page": (b"<!DOCTYPE html><html>log in</html>", "a web page or other text"),
    "text": (b"notes on the pictures", "is no picture that can be read"),
    "phone": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC picture: save it as JPEG"),
    "bomb": (png_header(20_000, 20_000), "million pixels"),
    "large bomb": (png_header(2**31 - 1, 2**31 - 1), "million pixels"),
    "cut off": (saved(halves((800, 600)), "JPEG")[:-400], "is broken or cut off"),
    "tiny": (saved(Image.new("RGB", (1, 1)), "GIF"), "is smaller than 8 x 8"),
    "one colour": (saved(Image.new("RGB", (50, 50), RED), "JPEG"), "is of one colour"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is no picture"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    """What is no picture, or a dangerous one, is refused with its reason."""
    content, expected = REFUSED[case]

    with pytest.raises(PictureError) as caught:
        read_picture(content)

    assert expected in str(caught.value)


SAMPLES = [
    saved(halves((24, 20)), kind)
    for kind in ("JPEG", "PNG", "PPM", "GIF", "BMP", "TIFF", "WEBP", "AVIF")
]


@pytest.mark.filterwarnings("ignore::UserWarning")
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=8),
    st.integers(0, 2000),
)
def test_damaged_files_are_read_or_refused(
    content: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    """Whatever happens to a file's bytes, a picture or a reason comes out."""
    damaged = bytearray(content)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    del damaged[len(damaged) - cut % len(damaged) :]

    with contextlib.suppress(PictureError):
        pixels = read_picture(bytes(damaged))

        assert (48, 48, 3) == pixels.shape
