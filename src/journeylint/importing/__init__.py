"""From rows of other systems to manifests: what they say, how they are called, and what that makes of files that are there.

`translate.Translation` takes rows as they come. When all are read, `drafts.make_drafts` gives the manifests that they make,
with names. Nothing of this reads or writes a manifest's file but `targets` and `plan`.
"""
