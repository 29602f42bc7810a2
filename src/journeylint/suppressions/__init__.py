"""Suppressions: findings that somebody has accepted, for a reason and until a day.

A front end finds *claims* (`claims`): `comments` in the text of files, `listed` in the metadata of manifests, `configured` in the
configuration, and entries of the baseline. From there on there is one way for all of them: `settle` tells which are in
force, takes out the findings that they cover, and says what became of each; `facts` makes that something that policies judge.
"""

MARKER = "journeylint:"
"""What a comment holds that is a suppression; a text without it has none."""
