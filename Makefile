# Needs make and Python 3.11 or newer, nothing else. The first run of a target makes .venv, later ones reuse it.
#
#   make demo    install, and judge the example journeys
#   make test    install what the tests need, and run them all
#   make lint    ruff, ruff format --check, mypy --strict
#   make bench   time against ast-grep, and imports; SIZES="1000 10000" leaves the longest one out
#   make clean   remove the environments and what the other targets made

PYTHON ?= python3
PYTEST_ARGS ?= --numprocesses=auto --dist=worksteal
SIZES ?= 1000 10000 100000

VENV := .venv
BENCH := .venv-bench
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test lint bench clean
.NOTPARALLEL:

demo: $(VENV)/installed
	@echo '$$ journeylint check examples/contoso'
	@$(BIN)/journeylint check examples/contoso || { code=$$?; [ $$code -eq 1 ] || exit $$code; }
	@echo
	@echo 'docs/walkthrough.md goes through this report: who would have got, or missed, which message.'

test: $(VENV)/installed-test
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/installed-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# Not the editable install: its import hook costs 10 ms a start, which no user pays.
bench: $(BENCH)/bin/python
	$(BENCH)/bin/python -m pip --disable-pip-version-check --quiet install --force-reinstall --no-deps .
	$(BENCH)/bin/python -m benchmarks.bench $(SIZES)
	$(BENCH)/bin/python -m benchmarks.imports

clean:
	rm -rf $(VENV) $(BENCH) build dist src/*.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis benchmarks/corpus

# An environment that does not start (its Python was removed, the folder was moved) is made again.
ifneq ($(shell $(BIN)/python -c 'print("starts")' 2>/dev/null),starts)
.PHONY: $(BIN)/python
endif

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "journeylint needs Python 3.11 or newer, and '$(PYTHON)' is $$(command -v $(PYTHON) >/dev/null && $(PYTHON) -V 2>&1 || echo missing)." >&2; \
	  echo "Name one that is: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) -V)"
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

# pip compiles what it installs, but not a checkout: without this, starts are slow wherever Python may not write.
COMPILE := $(BIN)/python -m compileall -qq src policies schemas || true

$(VENV)/installed: pyproject.toml | $(BIN)/python
	$(PIP) install --editable .
	@$(COMPILE)
	@touch $@

$(VENV)/installed-test: pyproject.toml | $(BIN)/python
	$(PIP) install --editable '.[test]'
	@$(COMPILE)
	@touch $@ $(VENV)/installed

$(BENCH)/bin/python: pyproject.toml | $(BIN)/python
	$(PYTHON) -m venv --clear $(BENCH)
	$@ -m pip --disable-pip-version-check --quiet install '.[bench]'
	@touch $@
