"""Everything that faces out: HTTP, pages, command line."""
