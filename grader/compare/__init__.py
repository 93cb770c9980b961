"""Compare: a submitted network beside the reference, row by row, and the causes of what differs.

The way through, as `comparison.py` goes it:
1. `tables.py` makes steps of the printed table (`infer*.py` and `windows.py` solve for the settings
   behind a row), `steps.py` of the submission;
2. `align.py` finds partners (`likeness.py`: whatever the order of branches), `pairs.py` and
   `moves.py` mend them;
3. `causes.py` says what was written otherwise: in a layer itself, at another place (`moves.py`),
   missing or extra together (`groups.py`), connected otherwise (`wiring.py`); `inputs.py` does for
   what goes in, `notes.py` for what counts as the same;
4. `patterns.py` decides which of the findings a reader gets.
A finding holds numbers and names (`places.py`), never a sentence.
"""

from grader.compare.comparison import compare

__all__ = ["compare"]
