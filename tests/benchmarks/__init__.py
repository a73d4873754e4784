"""Measurements of every published figure. Deselected by default: `make bench` runs them."""
