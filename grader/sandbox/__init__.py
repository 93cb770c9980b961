"""Describe: a student's file runs in a process of its own, and one bounded JSON document leaves it.

Outside are `launcher` (what callers use), `forking`, `single` and `draining`; inside, where Keras
is imported and nothing is believed by anyone, are `server`, `child`, `describe` and what they use.
`jobs` is known to both.
"""
