"""Answers on a terminal: the same bodies that the API sends, in words that fit eighty columns and need no color."""
