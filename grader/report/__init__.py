"""Telling: pages and terminal text, made from grades that are already decided."""
