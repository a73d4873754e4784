"""The graph of what earns what: compiled arrays, readiness, remaining cost, routes, checks and curriculum metrics."""
