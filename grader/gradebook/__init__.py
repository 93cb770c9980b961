"""Many submissions: the gradebook remembers what is known of them, in transactions."""

from grader.gradebook.events import Kind
from grader.gradebook.gradebook import Gradebook, known_ids
from grader.gradebook.pages import Pages
from grader.gradebook.roster import read_roster
from grader.gradebook.runs import RunFacts
from grader.gradebook.stock import Stock

__all__ = ["Gradebook", "Kind", "Pages", "RunFacts", "Stock", "known_ids", "read_roster"]
