"""The kinds' and files' JSON Schemas that ship with journeylint."""
