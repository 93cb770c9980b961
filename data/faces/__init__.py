"""The built-in set: eight invented persons, drawn from a seed."""
