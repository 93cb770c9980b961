"""Telling: layers in another order, connected otherwise, and slips that come again."""

from __future__ import annotations

from grader.messages.naming import Values, listed, nth, several, yours
from grader.messages.words import article, joined, sentence


def order(kind: str, values: Values) -> str:
    """Layers, sizes or connections that stand in another order than the table's."""
    if kind == "sizes":
        return _sizes(values)
    if kind == "exchanged":
        return _exchanged(values)
    if kind == "layers":
        return _moved(values)
    return _connections(kind, values)


def _sizes(values: Values) -> str:
    found, expected = values["found"], values["expected"]
    return (
        f"Two sizes are swapped: {yours(values)} has {found} where the table has {expected}, "
        f"and {yours(values, 'other')} has {expected} where the table has {found}. Exchange "
        "the two."
    )


def _exchanged(values: Values) -> str:
    first, second = nth(values, "submitted"), nth(values, "other")
    table = article(str(values["other"]))
    return (
        f"Your {first} and your {second} stand in each other's place: where your {first} stands, "
        f"the table has {table}. Exchange the two."
    )


def _moved(values: Values) -> str:
    way, table, move = ("after", "before", "up") if values["late"] else ("before", "after", "down")
    neighbours, of_each = values.get("layers"), isinstance(values.get("ordinals"), tuple)
    moved = yours(values, "moved")
    if isinstance(neighbours, tuple):
        moved += f", with {several([str(layer) for layer in neighbours[1:]])} behind it,"
    other = f"the {values['other']} that belongs to it" if of_each else yours(values, "other")
    come, it = ("each come", "them") if of_each else ("comes", "it")
    return f"{sentence(moved)} {come} {way} {other}, in the table {table} it: move {it} {move}."


def _connections(kind: str, values: Values) -> str:
    """A layer takes its values from other layers than the table's, or in another order."""
    layer = sentence(yours(values))
    found, expected = listed(values["found"], "your"), listed(values["expected"], "the")
    if kind == "joined-order":
        return (
            f"{layer} joins {found} in this order, the table's joins {expected}: exchange them in "
            "the list that it is called on."
        )
    return f"{layer} is connected to {found}, the table's to {expected}: connect it likewise."


def missing_join(values: Values) -> str:
    """The table joins layers where the network does not."""
    layer, joins = str(values["join"]), listed(values["joined"], "the")
    return (
        f"The table has {article(layer)} that joins {joins}, and your network does not: call "
        f"keras.layers.{layer}() on a list of these."
    )


def extra_join(values: Values) -> str:
    """The network joins layers where the table does not."""
    layer, joins = nth(values, "join"), listed(values["joined"], "your")
    return (
        f"Your {layer} joins {joins}; in the table nothing is joined there: leave it out, and what "
        "leads to it only."
    )


def completed(text: str, values: Values) -> str:
    """A finding's sentence with what else there is to say: another network, the same elsewhere."""
    if "found_rows" in values:
        text = (
            f"This is quite another network than the table's: it has {values['num_submitted']} "
            f"layers, the table {values['num_expected']}, and {values['found_rows']} of them "
            f"agree. The first difference: {text}"
        )
    again = values.get("rows")
    if isinstance(again, tuple) and "ordinals" not in values:
        rows = joined([str(row) for row in again])
        text += f" It is the same in {'row' if len(again) == 1 else 'rows'} {rows}."
    return text
