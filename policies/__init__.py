"""The policy packs that ship with journeylint."""
