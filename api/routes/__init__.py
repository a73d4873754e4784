"""The ``/v1`` operations, one file per noun, and health checks."""
