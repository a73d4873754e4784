"""Stackable-credential pathways: requirements, agreements, graph and recommendation, as pure functions over values."""
