"""Authoring, step 5: the solved table as Python, as one writes a network by hand."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping, Sequence

from grader.architecture import chosen_settings
from grader.authoring.neutral import INPUT
from grader.authoring.solving import Plan, Solved
from grader.records import Json, Layer, Shape

WIDTH = 100
_INDENT = 4
# Arguments that are written without their name.
_PLACED: Mapping[str, tuple[str, ...]] = {
    "Dense": ("units",),
    "Embedding": ("input_dim", "output_dim"),
    "MultiHeadAttention": ("num_heads", "key_dim"),
    "Reshape": ("target_shape",),
    "Permute": ("dims",),
    "RepeatVector": ("n",),
    "GaussianNoise": ("stddev",),
    "Rescaling": ("scale",),
    **dict.fromkeys(("SimpleRNN", "LSTM", "GRU"), ("units",)),
    **{f"{kind}Conv{n}D": ("filters", "kernel_size") for kind in ("", "Separable") for n in (1, 2)},
    "Conv3D": ("filters", "kernel_size"),
    **{f"Conv{n}DTranspose": ("filters", "kernel_size") for n in (1, 2, 3)},
    **{f"ConvLSTM{n}D": ("filters", "kernel_size") for n in (1, 2, 3)},
    **{f"DepthwiseConv{n}D": ("kernel_size",) for n in (1, 2)},
    **{f"{kind}Pooling{n}D": ("pool_size",) for kind in ("Max", "Average") for n in (1, 2, 3)},
    **{f"ZeroPadding{n}D": ("padding",) for n in (1, 2, 3)},
    **{f"Cropping{n}D": ("cropping",) for n in (1, 2, 3)},
    **{f"UpSampling{n}D": ("size",) for n in (1, 2, 3)},
    **{f"SpatialDropout{n}D": ("rate",) for n in (1, 2, 3)},
    **dict.fromkeys(("Dropout", "AlphaDropout", "GaussianDropout"), ("rate",)),
}
# A single number stands for the same along every axis.
_ALONG_AXES = frozenset(
    {"kernel_size", "strides", "pool_size", "size", "dilation_rate", "padding", "cropping"}
)
_OWN_NAMES = frozenset({"Activation"})


def body(plan: Plan) -> str:
    """The statements of `build_model`, each indented by four blanks."""
    lines = _sequential(plan) if _is_chain(plan) else _functional(plan)
    return "\n".join(f"    {line}" if line else "" for line in lines)


def layer_code(one: Solved) -> str:
    """The call that makes the layer: `layers.Conv2D(32, 3, padding="same")`."""
    return _call(*_parts(one))


def _is_chain(plan: Plan) -> bool:
    inputs = [one for one in plan.steps if one.step.kind == INPUT]
    places = enumerate(plan.steps[1:], start=1)
    return (
        len(inputs) == 1
        and plan.outputs == (len(plan.steps) - 1,)
        and all(one.inputs == (i - 1,) and one.identity == i for i, one in places)
        and all(not takes_several(one.layer) for one in plan.steps)
    )


def takes_several(layer: Layer) -> bool:
    """Whether the layer is called on a list of tensors, or on several."""
    from grader.architecture.layers import LAYERS

    kind = LAYERS.get(layer.class_name)
    return kind is not None and kind.merges


def _sequential(plan: Plan) -> Iterator[str]:
    yield "return keras.Sequential("
    yield "    ["
    yield f"        keras.Input(shape={shape_code(_shape_of(plan.steps[0]))}),"
    for one in plan.steps[1:]:
        for line in _fitted(_parts(one), 3 * _INDENT, ","):
            yield f"        {line}"
    yield "    ]"
    yield ")"


def _functional(plan: Plan) -> Iterator[str]:
    names = _names(plan)
    made: set[int] = set()
    uses = [one.identity for one in plan.steps]
    for index, one in enumerate(plan.steps):
        if one.step.kind == INPUT:
            yield f"{names[index]} = keras.Input(shape={shape_code(_shape_of(one))})"
            continue
        given = _given(one, [names[i] for i in one.inputs])
        shared = uses.count(one.identity) > 1
        maker = f"{_word(one.step.row.name)}_layer"
        if shared and one.identity not in made:
            made.add(one.identity)
            yield from _fitted(_parts(one), _INDENT + len(maker) + 3, "", f"{maker} = ")
        if shared:
            yield f"{names[index]} = {maker}{given}"
        else:
            start = f"{names[index]} = "
            yield from _fitted(_parts(one), _INDENT + len(start), given, start)
    inputs = [names[i] for i, one in enumerate(plan.steps) if one.step.kind == INPUT]
    outputs = [names[i] for i in plan.outputs]
    line = f"return keras.Model({_one_or_list(inputs)}, {_one_or_list(outputs)})"
    if len(line) + _INDENT <= WIDTH:
        yield line
    else:
        yield from ("return keras.Model(", f"    {_one_or_list(inputs)},")
        yield from (f"    {_one_or_list(outputs)},", ")")


def _names(plan: Plan) -> list[str]:
    """A variable for what each step gives: the name in the table, numbered where it comes again."""
    names: list[str] = []
    for index, one in enumerate(plan.steps):
        word = _word(one.step.row.name) or f"x{index}"
        name, number = word, 2
        while name in names:
            name, number = f"{word}_{number}", number + 1
        names.append(name)
    return names


def _word(name: str) -> str:
    # tf.__operators__.add is called add.
    name = name.rsplit(".", 1)[-1] if name.startswith("tf.") else name
    word = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_")
    if not word or keyword.iskeyword(word) or word in {"keras", "layers"} or word[0].isdigit():
        word = f"x_{word}"
    return word


def _given(one: Solved, inputs: Sequence[str]) -> str:
    if one.layer.class_name == "MultiHeadAttention":
        return f"({', '.join(inputs)})"
    if takes_several(one.layer):
        return f"([{', '.join(inputs)}])"
    return f"({inputs[0]})"


def _one_or_list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def _shape_of(one: Solved) -> Shape:
    return (one.step.row.shape or ())[1:]


def shape_code(shape: Shape) -> str:
    """A shape as a tuple in Python."""
    inside = ", ".join(map(str, shape))
    return f"({inside},)" if len(shape) == 1 else f"({inside})"


def _parts(one: Solved) -> tuple[str, list[str]]:
    """The class and the arguments of a layer, each as it is typed."""
    layer, kind = one.layer, one.step.row.layer
    more = [] if layer.trainable else ["trainable=False"]
    if kind in _OWN_NAMES:
        return f"layers.{kind}", [f'"{layer.config["activation"]}"', *more]
    if layer.class_name == "Activation":
        return f"layers.{kind}", more
    config = chosen_settings(layer)
    inner = layer.config.get("wrapped")
    if isinstance(inner, str):
        own = {key: config.pop(key) for key in ("merge_mode",) if key in config}
        arguments = _arguments(inner, config)
        if one.activation:
            arguments.append(f'activation="{one.activation}"')
        return f"layers.{kind}", [
            _call(f"layers.{inner}", arguments),
            *_arguments(kind, own),
            *more,
        ]
    arguments = _arguments(kind, config)
    if one.activation:
        arguments.append(f'activation="{one.activation}"')
    return f"layers.{kind}", [*arguments, *more]


def _arguments(kind: str, config: Mapping[str, Json]) -> list[str]:
    placed = _PLACED.get(kind, ())
    if config.get("strides") == config.get("pool_size"):
        config = {key: value for key, value in config.items() if key != "strides"}
    first = [_value(key, config[key], kind) for key in placed if key in config]
    rest = [
        f"{key}={_value(key, value, kind)}"
        for key, value in config.items()
        if key not in placed and value is not None
    ]
    return [*first, *rest]


def _value(key: str, value: Json, kind: str) -> str:
    if kind == "Rescaling" and value == 1 / 255:
        return "1.0 / 255"
    if key in _ALONG_AXES and isinstance(value, list):
        flat = [v for item in value for v in (item if isinstance(item, list) else [item])]
        if len(set(map(str, flat))) == 1 and not isinstance(flat[0], str):
            return str(flat[0])
    if isinstance(value, list):
        inside = ", ".join(_value("", item, kind) for item in value)
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _call(name: str, arguments: Sequence[str]) -> str:
    return f"{name}({', '.join(arguments)})"


def _fitted(
    parts: tuple[str, Sequence[str]], taken: int, end: str, start: str = ""
) -> Iterator[str]:
    """The call in one line where it fits, else with one argument in each."""
    name, arguments = parts
    line, inside = _call(name, arguments), ", ".join(arguments)
    if taken + len(line) + len(end) <= WIDTH:
        yield f"{start}{line}{end}"
        return
    yield f"{start}{name}("
    if taken - len(start) + _INDENT + len(inside) <= WIDTH:
        yield f"    {inside}"
    else:
        yield from (f"    {argument}," for argument in arguments)
    yield f"){end}"
