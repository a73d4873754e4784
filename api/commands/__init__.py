"""The commands of ``pathways``, one module for each noun; ``api/cli.py`` registers them."""
