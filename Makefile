# Two commands: `make run` extracts the corpus, `make test` checks everything. Needs Python 3.11 or later.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PINS := pyproject.toml constraints.txt
export PIP_CONSTRAINT := constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run test lint types tests fuzz system clean

help: ## Show what can be made
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

run: $(VENV)/.run ## Install, then extract every notice of corpus/ to outputs/
	@$(BIN)/noticerules extract corpus

test: lint types tests ## Install with the test tools, then check everything that must hold

lint: $(VENV)/.test ## Layers of the house, lint, format
	$(BIN)/lint-imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test ## mypy, strict
	$(BIN)/mypy

tests: $(VENV)/.test system ## pytest
	$(BIN)/python -m pytest

fuzz: $(VENV)/.test ## Gnaw at notices for FOR seconds (60) with a fresh seed or SEED; what breaks something is kept in tests/data/fuzz
	$(BIN)/python tests/fuzz.py --seconds $(or $(FOR),60) $(if $(SEED),--seed $(SEED))

system: ## Chromium for the test of the page
	@tests/setup_system.sh

clean: ## Remove the environment and all caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed; install it or name it: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Creating $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(PINS) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.test: $(PINS) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@ $(VENV)/.run
