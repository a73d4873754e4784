"""Tests of the catalog: its files, its loader, its bundled data."""
