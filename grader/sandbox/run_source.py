"""Describe, inside: a student's source is run from memory, its helpers importable by name."""

from __future__ import annotations

import ast
import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
import warnings
from collections.abc import Mapping, Sequence
from types import CodeType, ModuleType

MOST_BYTES = 1024 * 1024
_TOO_LARGE = f"is larger than 1 MB ({MOST_BYTES:,} bytes)"


class SourceError(Exception):
    """A source that cannot be compiled; its cause is what Python said."""


class SourceTooLargeError(SourceError):
    """A source of more than 1 MB."""


def parse(code: bytes, filename: str) -> ast.Module:
    """The syntax tree of a source in UTF-8 (BOM allowed) or in the encoding that it declares.

    Raises SourceError, also for what only compiling finds (`return` outside of a function).
    """
    if len(code) > MOST_BYTES:
        raise SourceTooLargeError(f"the file {_TOO_LARGE}")
    try:
        # Warnings come once, when the code runs.
        with warnings.catch_warnings(action="ignore"):
            _compiled(code, filename)
            return ast.parse(code, filename)
    except Exception as error:
        # Also ValueError (a NUL) and MemoryError or RecursionError (nested too deeply).
        raise SourceError(filename) from error


def execute(name: str, filename: str, code: bytes) -> ModuleType:
    """The module of that name after its code has run; raises whatever the code raises."""
    module = ModuleType(name)
    module.__file__ = filename
    sys.modules[name] = module
    run_in(module, filename, code)
    return module


def run_in(module: ModuleType, filename: str, code: bytes) -> None:
    """Runs the code in the module, so that tracebacks can show its lines."""
    compiled = _compiled(code, filename)
    text = importlib.util.decode_source(code)
    # No modification time: linecache then never looks for a file of this name.
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    exec(compiled, module.__dict__)  # noqa: S102 - this process exists for that


def _compiled(code: bytes, filename: str) -> CodeType:
    try:
        return compile(code, filename, "exec", dont_inherit=True)
    except SyntaxError as error:
        # Python looks for the line in a file of this name, and there is none.
        if error.text is None and error.lineno:
            with contextlib.suppress(SyntaxError, UnicodeDecodeError, IndexError):
                lines = importlib.util.decode_source(code).splitlines(keepends=True)
                error.text = lines[error.lineno - 1]
        raise


class HelperFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules beside the student's file. Put last: nothing installed is shadowed."""

    def __init__(self, helpers: Mapping[str, bytes]) -> None:
        self._helpers = helpers

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of a helper; None for every other name."""
        del path, target
        if fullname not in self._helpers:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, origin=f"{fullname}.py")

    def exec_module(self, module: ModuleType) -> None:
        """Runs the helper's code. Raises ImportError for more than 1 MB."""
        code = self._helpers[module.__name__]
        if len(code) > MOST_BYTES:
            raise ImportError(f"{module.__name__}.py {_TOO_LARGE}", name=module.__name__)
        module.__file__ = f"{module.__name__}.py"
        run_in(module, module.__file__, code)


def is_attempted(tree: ast.Module) -> bool:
    """Whether there is more than nothing: some statement, and a `build_model` that has a body.

    A body of a docstring, `pass`, `...` or `raise NotImplementedError` is none.
    """
    if all(_is_blank(statement) for statement in tree.body):
        return False
    definitions = [
        statement
        for statement in tree.body
        if isinstance(statement, ast.FunctionDef) and statement.name == "build_model"
    ]
    if not definitions or _is_bound_otherwise(tree):
        return True
    last = definitions[-1]
    return bool(last.decorator_list) or not all(
        _is_blank(statement) or _is_not_implemented(statement) for statement in last.body
    )


def literal_answer(tree: ast.Module) -> str:
    """The text that ANSWER is set to, where it can be read without running anything; else ""."""
    answer = ""
    for statement in tree.body:
        if (
            isinstance(statement, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == "ANSWER" for t in statement.targets)
            and isinstance(statement.value, ast.Constant)
            and isinstance(statement.value.value, str)
        ):
            answer = statement.value.value
    return answer


def _is_blank(statement: ast.stmt) -> bool:
    """A docstring, another constant such as `...`, or `pass`."""
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _is_not_implemented(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Raise):
        return False
    raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _is_bound_otherwise(tree: ast.Module) -> bool:
    """Whether `build_model` is also assigned or imported: then only running the file can tell."""
    return any(
        (
            isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Store)
            and node.id == "build_model"
        )
        or (isinstance(node, ast.alias) and "build_model" in (node.name, node.asname))
        for node in ast.walk(tree)
    )
