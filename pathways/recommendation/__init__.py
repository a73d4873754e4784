"""Ranked next steps toward goals and targets, each with its reasons."""
