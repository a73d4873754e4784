"""The requirement language: trees, text, JSON, and the audit of a record against them."""
