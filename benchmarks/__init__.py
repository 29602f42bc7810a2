"""How fast journeylint is, beside ast-grep, on generated manifests whose findings are known."""
