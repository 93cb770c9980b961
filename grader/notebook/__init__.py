"""Face of the program: the checks of `grader grade` inside a notebook, as the student works.

from grader.notebook import check, train, compare

check("fc_a", build_model)
"""

from __future__ import annotations

import os

from grader.notebook.cells import run_cells
from grader.notebook.session import session
from grader.notebook.told import told

__all__ = ["check", "compare", "train"]


def check(part: str, build_model: object) -> None:
    """Show whether the network is that of the part's table, and if not, what to try.

    What is described is the text of the cell that begins with `# part: ` and the part's id, in a
    confined process, as it is when the notebook is handed in.
    """
    with told():
        session().check(part, build_model)


def train(part: str, build_model: object) -> None:
    """Check the part, train its network as the sheet asks, and show what it reached.

    A network that was trained before is not trained again. Interrupting the cell ends the training.
    """
    with told():
        session().train(part, build_model)


def compare() -> None:
    """Show the parts that were checked or trained so far, beside each other."""
    with told():
        session().compare()


# Of which cell a run is, Jupyter says only at that time: from now on it is listened to.
run_cells()
# Else the first that a student sees of Keras is a page of TensorFlow's on the processor, in red.
# It holds for the student's own cells: the worker that trains takes none of these settings.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
