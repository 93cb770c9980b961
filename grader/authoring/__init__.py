"""Authoring: from a pasted summary to a part of a sheet, and whether sheets are fit for a class."""
