"""Built-in plugins: ordinary plugins, registered through the same hooks as anybody's, imported by nobody."""
