"""Markets, their places, and the dated tables the calculator reckons with."""

from apps.solar.admin import places, runs, tables

__all__ = ["places", "runs", "tables"]
