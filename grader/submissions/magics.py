"""Finding: takes out of a notebook's cell what is meant for the notebook and is not Python.

Only the beginnings of statements are looked at. Strings, comments and brackets are followed just
far enough to know where those are, so that a `%` line inside a multi-line string or a bracket
stays.
"""

from __future__ import annotations

import re

# IPython 8: magics, shell lines, help, their assignments, and pip without its percent sign. What is
# matched is never given back (++): a line of a million blanks would be read a million times.
_MAGIC = re.compile(
    r"""[ \t]*+(?:
        [%!?]
      | [\w.*]++\?{1,2}[ \t]*$
      | [\w,. \t\[\]]++=[ \t]*[%!](?!=)
      | (?:pip|pip3|conda|mamba|uv)[ \t]+(?:install|uninstall|list|show|freeze|pip)\b
    )""",
    re.VERBOSE | re.MULTILINE,
)
_LINE = re.compile(r"[^\\\n]*+(?:\\(?:\n|.|\Z)[^\\\n]*+)*+")
_TOKEN = re.compile(
    r"""
    \#[^\n]*
  | (?P<string>'''(?:[^\\]|\\.)*?(?:'''|\Z) | \"\"\"(?:[^\\]|\\.)*?(?:\"\"\"|\Z)
      | '[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'? | "[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"?)
  | (?P<opening>[(\[{])
  | (?P<closing>[)\]}])
  | (?P<continued>\\\n)
  | (?P<end>\n)
  | [^#'"()\[\]{}\\\n]+
  | .
    """,
    re.VERBOSE | re.DOTALL,
)


def without_magics(source: str) -> tuple[str, tuple[str, ...]]:
    """The source without magics, shell lines and help requests, and those that were in it.

    The number of lines stays. An indented one leaves a `pass`, since it may be all that its block
    holds.
    """
    kept: list[str] = []
    taken: list[str] = []
    position = 0
    while position < len(source):
        if _MAGIC.match(source, position):
            end = _line_end(source, position)
            line = source[position:end]
            taken.append(line.strip())
            kept.append(_replacement(line))
        else:
            end = _statement_end(source, position)
            kept.append(source[position:end])
        position = end
        if position < len(source):
            kept.append("\n")
            position += 1
    return "".join(kept), tuple(taken)


def _replacement(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    return (f"{indent}pass" if indent else "") + "\n" * line.count("\n")


def _line_end(source: str, start: int) -> int:
    """Where the line ends that starts here, with those that a backslash joins to it."""
    match = _LINE.match(source, start)
    return match.end() if match else start


def _statement_end(source: str, start: int) -> int:
    """Where the line break stands that ends the statement which starts here."""
    depth = 0
    for token in _TOKEN.finditer(source, start):
        if token["opening"]:
            depth += 1
        elif token["closing"]:
            depth = max(depth - 1, 0)
        elif token["end"] and depth == 0:
            return token.start()
    return len(source)
