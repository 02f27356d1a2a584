"""An exercise as it runs: events and what stands after them, the director, automatic players."""
