"""Repeatable load and cost figures: `make bench`. Never part of the tests.

Machines are noisy: read the ratios within one run, not the figures of two runs.
"""
