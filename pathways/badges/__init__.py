"""Badges people bring: read, verified, and resolved to credentials of the catalog; nothing here reaches the network by itself."""
