"""Describe: a student's file runs in a process of its own, and one bounded JSON document leaves it.

Callers use `launcher`. The first line of each module says whether it runs outside or inside, where
Keras is imported and nothing is believed by anyone; where it says neither, both use it.
"""
