"""The report: one page for a coordinator at three in the morning."""
