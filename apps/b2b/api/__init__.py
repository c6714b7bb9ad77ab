"""The exchange over HTTP."""
