"""The file formats that journeylint reads by itself, with the exact span of every node."""
