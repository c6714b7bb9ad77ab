"""Whatever comes in is written down here first, before anybody tries to understand it."""
