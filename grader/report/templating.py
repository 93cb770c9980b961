"""Telling: what all pages are made with: templates, styles and scripts that they hold."""

from __future__ import annotations

import base64
import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path

import jinja2
from markupsafe import Markup

from grader.text import printable


@dataclass(frozen=True)
class Inline:
    """A style sheet or script, and the digest by which the page's policy admits it alone."""

    text: Markup
    digest: str


def make_environment() -> jinja2.Environment:
    """An environment for the templates of this package: all text escaped, none missing."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("grader.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )


@functools.cache
def style(*names: str) -> Inline:
    """The style sheets of these names, one after the other."""
    return _inline(*names)


@functools.cache
def script(name: str) -> Inline:
    """The script of this name."""
    return _inline(name)


def _inline(*names: str) -> Inline:
    folder = Path(__file__).with_name("templates")
    text = "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in names)
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return Inline(Markup(text), f"sha256-{digest}")  # noqa: S704 - the project's own file


@functools.cache
def templates_digest() -> str:
    """SHA-256, in hex, over all that pages are made with: of other files they look otherwise."""
    files = sorted(Path(__file__).with_name("templates").iterdir())
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _finalize(value: object) -> object:
    """Every value that a template prints; Markup is what templates made themselves."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
