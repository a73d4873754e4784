"""Agreements between institutions, place-bound policies, and what an item is worth in one place."""
