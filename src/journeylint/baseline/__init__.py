"""The baseline: findings that were there when journeylint was introduced, and are accepted until they are mended.

It is a folder with a small file for each manifest (`file_names`, `read`, `text`), so that branches that touch different
manifests always merge, and a reviewer sees for each manifest what is accepted. An entry knows its finding by policy, manifest,
stable pointer and value, never by file or line. `accepted` makes claims of entries, which `suppressions` settles like all
others; `change` tells what a baseline should come to after a run.
"""

DEFAULT_FOLDER = "journeylint-baseline"
"""The folder's name where nobody gives another, beside the configuration or, without one, in the working directory."""
