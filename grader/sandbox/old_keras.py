"""Describe, inside: spellings of Keras 1 and 2 in the statement that failed, with today's."""

from __future__ import annotations

import ast
from collections.abc import Iterator

# keras 1.2 and 2.x documentation against keras 3.15
_KEYWORDS = {
    "border_mode": "padding",
    "output_dim": "units",
    "init": "kernel_initializer",
    "nb_epoch": "epochs",
    "subsample": "strides",
    "nb_filter": "filters",
    "nb_row": "kernel_size",
    "nb_col": "kernel_size",
    "filter_length": "kernel_size",
    "pool_length": "pool_size",
    "dim_ordering": "data_format",
    "bias": "use_bias",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "lr": "learning_rate",
    "p": "rate",
    "input": "inputs",
    "output": "outputs",
    "batch_input_shape": "keras.Input(shape=...)",
}
_STILL_RIGHT = {("Embedding", "output_dim")}
# Common words, which mean something old in these calls only.
_ONLY_IN = {"input": {"Model"}, "output": {"Model"}, "p": {"Dropout", "SpatialDropout2D"}}
_MODULES = {
    "layers.core": "keras.layers",
    "layers.convolutional": "keras.layers",
    "layers.pooling": "keras.layers",
    "layers.normalization": "keras.layers",
    "layers.advanced_activations": "keras.layers",
    "layers.noise": "keras.layers",
    "layers.recurrent": "keras.layers",
    "layers.embeddings": "keras.layers",
    "layers.local": "keras.layers",
    "layers.merge": "keras.layers",
    "layers.wrappers": "keras.layers",
    "layers.containers": "keras.models",
    "engine": "keras.layers",
    "engine.topology": "keras.layers",
    "engine.training": "keras.models",
    "objectives": "keras.losses",
    "utils.np_utils": "keras.utils",
    "utils.visualize_util": "keras.utils",
    "utils.vis_utils": "keras.utils",
}
_LAYERS = {
    "Merge": "Concatenate",
    "merge": "concatenate",
    "MaxoutDense": "Dense",
    "Deconvolution2D": "Conv2DTranspose",
    "AtrousConvolution2D": "Conv2D",
    "CuDNNLSTM": "LSTM",
    "CuDNNGRU": "GRU",
}
_METHODS = {
    "predict_classes": "predict(...).argmax(axis=-1)",
    "predict_proba": "predict",
    "fit_generator": "fit",
    "evaluate_generator": "evaluate",
    "set_image_dim_ordering": "set_image_data_format",
}
_CONVOLUTIONS = {"Conv2D", "Convolution2D"}
# filters, then rows and columns of the kernel, each by its own
_OLD_POSITIONAL = 3


# Too long to be read in a sentence.
_LONGEST_CALL = 150


def find(tree: ast.Module, line: int, *, shrunk: bool) -> dict[str, str] | None:
    """What is found in the statement at that line, as `found` and `today`; None for nothing.

    Where one call has several such spellings, `call` is the whole of it in today's.
    `shrunk` says that an image became smaller than nothing: then `Conv2D(32, 3, 3)` anywhere in the
    file counts, which today means a kernel of 3 x 3 and strides of 3.
    """
    statement = _statement_at(tree, line)
    found = [] if statement is None else [_pairs(node) for node in ast.walk(statement)]
    if shrunk:
        found += [_kernel(node) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return next((pair for pairs in found for pair in pairs), None)


def _statement_at(tree: ast.Module, line: int) -> ast.stmt | None:
    """The smallest statement that spans the line."""
    spanning = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return min(spanning, key=lambda node: (node.end_lineno or 0) - node.lineno, default=None)


def _pairs(node: ast.AST) -> Iterator[dict[str, str]]:
    if isinstance(node, ast.Call):
        yield from _keywords(node)
    elif isinstance(node, ast.Import):
        for alias in node.names:
            yield from _module(alias.name)
    elif isinstance(node, ast.ImportFrom):
        yield from _module(node.module or "")
        for alias in node.names:
            if alias.name in _LAYERS:
                yield {"found": alias.name, "today": _LAYERS[alias.name]}
            yield from _module(f"{node.module}.{alias.name}")
    elif isinstance(node, ast.Attribute):
        yield from _module(_dotted(node))
        for names in (_LAYERS, _METHODS):
            if node.attr in names:
                yield {"found": node.attr, "today": names[node.attr]}


def _keywords(call: ast.Call) -> Iterator[dict[str, str]]:
    called = _dotted(call.func).rpartition(".")[2]
    # A class, or training: a function of the student's own may call its arguments what it likes.
    if not called[:1].isupper() and called != "fit":
        return
    names = [name for keyword in call.keywords if _is_old(called, name := keyword.arg or "")]
    several = len(names) + _has_old_kernel(call) > 1
    whole = _today(call, names) if several and _are_new_names(names) else ""
    more = {"call": whole} if 0 < len(whole) <= _LONGEST_CALL else {}
    for name in names:
        yield {"found": name, "today": _KEYWORDS[name], **more}


def _is_old(called: str, name: str) -> bool:
    fits = called in _ONLY_IN.get(name, {called}) and (called, name) not in _STILL_RIGHT
    return name in _KEYWORDS and fits


def _are_new_names(old: list[str]) -> bool:
    """Whether each of these keywords has become another one keyword."""
    new = {_KEYWORDS[name] for name in old}
    return len(new) == len(old) and all(map(str.isidentifier, new))


def _today(call: ast.Call, old: list[str]) -> str:
    """The call with these keywords, and with the kernel of a convolution, as of today."""
    keywords = [
        ast.keyword(_KEYWORDS[keyword.arg] if keyword.arg in old else keyword.arg, keyword.value)
        for keyword in call.keywords
    ]
    arguments = call.args
    if _has_old_kernel(call):
        filters, rows, columns, *rest = arguments
        arguments = [filters, ast.Tuple([rows, columns], ast.Load()), *rest]
    return ast.unparse(ast.Call(call.func, arguments, keywords))


def _has_old_kernel(call: ast.Call) -> bool:
    called = _dotted(call.func).rpartition(".")[2]
    return called in _CONVOLUTIONS and len(call.args) >= _OLD_POSITIONAL


def _kernel(call: ast.Call) -> Iterator[dict[str, str]]:
    if not _has_old_kernel(call):
        return
    name = ast.Name(_dotted(call.func).rpartition(".")[2])
    short = ast.Call(name, call.args[:_OLD_POSITIONAL], [])
    if all(ast.unparse(size).isdigit() for size in short.args[1:]):
        yield {"found": ast.unparse(short), "today": _today(short, [])}


def _module(name: str) -> Iterator[dict[str, str]]:
    package, dot, rest = name.rpartition("keras.")
    if dot and not package.strip(".").startswith("keras") and rest in _MODULES:
        yield {"found": name, "today": _MODULES[rest]}


def _dotted(node: ast.expr) -> str:
    """`a.b.c` of such an expression; "" for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return ""
