"""Telling: what to look at when Python could not read a file, from its sentence and the line."""

from __future__ import annotations

import re

from grader.records import Details

# What the line itself shows, whatever Python says of it.
_LINES = (
    (
        r"(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)",
        (
            "This line was left by a merge of two versions (git): keep one of the two, and delete "
            "the lines that begin with <<<<<<<, ======= and >>>>>>>."
        ),
    ),
    (
        r"(>>>|\.\.\.( |$)|In ?\[\d*\]|Out ?\[\d*\])",
        (
            "The prompts were copied along with the code: delete >>>, ... and In [1]: at the "
            "beginning of the lines."
        ),
    ),
    (
        r"([%!]\S|(pip3?|conda) (install|list)\b)",
        "This line is meant for a notebook or a terminal, not for Python: delete it.",
    ),
    (
        r"\w+(-\w+)+\s*=[^=]",
        "A name has letters, digits and _ in it; a - is a minus to Python.",
    ),
)

# What Python says.
_SENTENCES = (
    (
        r"parentheses in call to 'print'",
        "This is how Python 2 printed; in Python 3 it is print(...).",
    ),
    (
        r"multiple exception types must be parenthesized",
        "This is how Python 2 was written; in Python 3 it is `except Name as error:`.",
    ),
    (
        r"unicode|utf-8|encoding|null bytes|non-UTF",
        "The file is not saved as UTF-8 text: save it again with your editor, as UTF-8.",
    ),
    (
        r"TabError",
        (
            "Some lines begin with tabs, others with blanks: begin them all with blanks, four for "
            "each step."
        ),
    ),
    (
        r"expected an indented block",
        (
            "What belongs inside has to begin four blanks further to the right than the line that "
            "ends with a colon."
        ),
    ),
    (
        r"IndentationError|indent",
        (
            "The line begins at another place than the lines that it belongs with: let them all "
            "begin with the same number of blanks."
        ),
    ),
    (
        r"invalid character '[\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb]'",
        "These quotes come from a text program: type them again by hand, as ' or \".",
    ),
    (
        r"invalid character|non-printable",
        "A character was pasted that Python does not know: type that line again by hand.",
    ),
    (
        r"nested",
        "An expression has far too many brackets inside each other: split it over several lines.",
    ),
    (r"expected ':'", "A colon is missing at the end of this line."),
    (
        r"positional argument follows keyword",
        "In the brackets of a call, what has no name= comes first, what has one after it.",
    ),
    (r"'return' outside function", "The line belongs inside a function: begin it with blanks."),
    (
        r"never closed|unterminated|unmatched|was expected|forgot|EOF|does not match",
        "A bracket, comma or quote is missing or too many, on that line or just above.",
    ),
)


def syntax_advice(details: Details) -> str:
    """What fits the line, else what fits Python's sentence, else where to look."""
    line = source_line(details)
    for pattern, advice in _LINES:
        if re.match(pattern, line):
            return advice
    said = str(details.get("sentence", ""))
    for pattern, advice in _SENTENCES:
        if re.search(pattern, said, re.IGNORECASE):
            return advice
    return "Python could not read the file: look at the line it names and the one above."


def source_line(details: Details) -> str:
    """The student's line where Python stopped, without its indentation; "" where none is known."""
    shown = re.findall(r'  File "[^\n]+\n[ \t]*([^\n]*)', str(details.get("traceback", "")))
    return str(shown[-1]).strip() if shown else ""
