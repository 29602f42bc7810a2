"""A made-up plugin: a kind, policies over it, a function, a file format and a report."""
