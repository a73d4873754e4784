"""Term-by-term plans: proven optimal, or explained impossible."""
