"""Data: the lists of Oxford's VGG Face data set, whose pictures are fetched one by one."""

from __future__ import annotations

from data.vgg.collect import Access, Wanted, import_lists
from data.vgg.fetch import Limits
from data.vgg.queue import Manners

__all__ = ["Access", "Limits", "Manners", "Wanted", "import_lists"]
