"""Pages about packs and policies for people to read in a browser or in a repository, made from the policies themselves."""
