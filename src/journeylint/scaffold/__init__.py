"""New policies and plugins to start from: files as texts, which pass every check as they are."""
