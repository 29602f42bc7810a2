"""Edits of manifests: planned in terms of data, made as the least replacements in their texts, and read back."""
