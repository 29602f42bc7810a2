"""Findings mended: which fixes are made together, what the policies say to the outcome, and which are taken back."""
