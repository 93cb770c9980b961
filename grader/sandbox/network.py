"""Describe, inside: a keras.Model as layers, nodes, inputs and outputs, in plain JSON."""

from __future__ import annotations

from typing import Any

from keras import Input, KerasTensor, Model, Sequential
from keras.layers import InputLayer, Layer

from grader.records.networks import Json
from grader.records.outcomes import Rule
from grader.sandbox.faults import RefusedError, is_lack_of_memory
from grader.sandbox.settings import layer_config, plain, refuse_own_layer

# Not part of the public interface of keras 3.15, which has no name for what `keras.Model(inputs,
# outputs)` gives.
_FUNCTIONAL = type(Model(*[Input((1,))] * 2))
_KINDS = {Sequential: "Sequential", _FUNCTIONAL: "Functional"}


def kind_of(model: Any) -> tuple[str, bool]:  # noqa: ANN401 - Keras ships no types
    """Whether a model is "Sequential" or "Functional", and whether its class is derived from that.

    Raises RefusedError (custom-layer) for every other model, also one with a `call` of its own.
    """
    for base in type(model).__mro__:
        if base in _KINDS:
            return _KINDS[base], base is not type(model)
        if "call" in vars(base) or "__call__" in vars(base):
            break
    details = {"class": type(model).__name__, "layer": str(model.name), "what": "model"}
    raise RefusedError(Rule.CUSTOM_LAYER, details=details)


def build(model: Any, input_shape: tuple[int, ...]) -> bool:  # noqa: ANN401 - Keras ships no types
    """Builds a Sequential that has no input shape with the part's, and says whether that was so.

    Raises RefusedError (not-built) for one without layers, and where Keras refuses that shape.
    """
    if not isinstance(model, Sequential):
        return False
    for layer in model.layers:
        if not isinstance(layer, Model):
            refuse_own_layer(layer)
    if not model.layers:
        raise RefusedError(Rule.NOT_BUILT, details={"layers": 0})
    if _inputs(model):
        return False
    try:
        model.build((None, *input_shape))
    except Exception as error:
        sentence = f"{type(error).__name__}: {error}"
        if is_lack_of_memory(error):
            raise RefusedError(Rule.MEMORY_LIMIT, sentence) from error
        raise RefusedError(Rule.NOT_BUILT, sentence, {"layers": len(model.layers)}) from error
    return True


def network_of(model: Any) -> dict[str, Json]:  # noqa: ANN401 - Keras ships no types
    """The NETWORK of a built Sequential or functional model. Raises RefusedError."""
    if kind_of(model)[0] == "Sequential":
        return _sequential(model)
    return _functional(model)


def _sequential(model: Any) -> dict[str, Json]:  # noqa: ANN401 - Keras ships no types
    inputs = _inputs(model)
    if not inputs:
        raise RefusedError(
            Rule.NOT_BUILT, details={"layer": str(model.name), "layers": len(model.layers)}
        )
    source = inputs[0]
    shape = tuple(source.shape)
    # Where the first batch gave the input shape, nobody chose its size.
    if model._called:  # noqa: SLF001 - Keras has no public word for it
        shape = (None, *shape[1:])
    first = InputLayer(batch_shape=shape, dtype=source.dtype, name=source.name)
    chain = [first, *model.layers]
    unique = list({id(layer): layer for layer in chain}.values())
    position = {id(layer): index for index, layer in enumerate(unique)}
    nodes: list[Json] = [
        {
            "layer": position[id(layer)],
            "inputs": [[index - 1, 0]] if index else [],
            "settings": {},
        }
        for index, layer in enumerate(chain)
    ]
    return {
        "kind": "Sequential",
        "name": plain(model.name),
        "layers": [_layer(layer) for layer in unique],
        "nodes": nodes,
        "inputs": [0],
        "outputs": [[len(chain) - 1, 0]],
    }


def _inputs(model: Any) -> list[Any]:  # noqa: ANN401 - Keras ships no types
    """The input tensors of a Sequential; none before it is built."""
    try:
        return list(model.inputs or [])
    except (AttributeError, ValueError):
        return []


def _functional(model: Any) -> dict[str, Json]:  # noqa: ANN401 - Keras ships no types
    # keras.src.ops.function.Function (keras 3.15): operations are sorted, nodes are kept by depth.
    rank = {id(operation): index for index, operation in enumerate(model.operations)}
    ordered = [
        node
        for depth in sorted(model._nodes_by_depth, reverse=True)  # noqa: SLF001
        for node in sorted(model._nodes_by_depth[depth], key=lambda n: rank[id(n.operation)])  # noqa: SLF001
    ]
    unique = list({id(node.operation): node.operation for node in ordered}.values())
    position = {id(operation): index for index, operation in enumerate(unique)}
    number = {id(node): index for index, node in enumerate(ordered)}

    def place(tensor: Any) -> list[Json]:  # noqa: ANN401 - Keras ships no types
        history = tensor._keras_history  # noqa: SLF001
        node = history.operation._inbound_nodes[history.node_index]  # noqa: SLF001
        return [number[id(node)], history.tensor_index]

    nodes: list[Json] = [
        {
            "layer": position[id(node.operation)],
            "inputs": [place(tensor) for tensor in node.input_tensors],
            "settings": _call_settings(node.arguments.args, node.arguments.kwargs),
        }
        for node in ordered
    ]
    return {
        "kind": "Functional",
        "name": plain(model.name),
        "layers": [_layer(operation) for operation in unique],
        "nodes": nodes,
        "inputs": [place(tensor)[0] for tensor in model.inputs],
        "outputs": [place(tensor) for tensor in model.outputs],
    }


def _layer(operation: Any) -> dict[str, Json]:  # noqa: ANN401 - Keras ships no types
    """The LAYER of a layer, of a nested model or of an operation such as `x / 255.`."""
    layer: dict[str, Json] = {
        "class": type(operation).__name__,
        "origin": "keras",
        "kind": "layer",
        "name": plain(str(operation.name)),
        "trainable": bool(getattr(operation, "trainable", True)),
        "config": {},
        "network": None,
    }
    if isinstance(operation, Model):
        kind, _ = kind_of(operation)
        return layer | {"class": kind, "kind": "network", "network": network_of(operation)}
    refuse_own_layer(operation)
    if isinstance(operation, Layer):
        return layer | {"config": layer_config(operation)}
    return layer | {"kind": "operation", "config": plain(operation.get_config())}


def _call_settings(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Json]:
    """What a layer was called with besides tensors (`training=True`); `args` has null for those.

    `tensors` names the arguments that were given by name and hold some.
    """
    settings: dict[str, Json] = {
        name: plain(value)
        for name, value in kwargs.items()
        if value is not None and not _holds_tensors(value)
    }
    named = sorted(name for name, value in kwargs.items() if _holds_tensors(value))
    if named:
        # In the order in which Keras lists the tensors of a call: its arguments by name come last.
        settings["tensors"] = [plain(name) for name in named]
    others = [None if _holds_tensors(value) else plain(value) for value in args]
    if any(value is not None for value in others):
        settings["args"] = others
    return settings


def _holds_tensors(value: object) -> bool:
    items = value if isinstance(value, list | tuple) else [value]
    return any(isinstance(item, KerasTensor) for item in items)
