"""Part fc_b."""
# TODO
