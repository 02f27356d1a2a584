"""Sarex plans, runs and reviews maritime search and rescue, jointly."""

__version__ = "0.1.0"
