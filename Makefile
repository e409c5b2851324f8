# Needs make, pip and a Python of at least 3.11; everything else is set up below, in .venv/.
#   make PYTHON=/path/to/python …   the interpreter of a new .venv/ (after `make clean`)
#   make test ARGS="-k ranking"     arguments for pytest

PYTHON ?=
ARGS ?=
BIN := .venv/bin
PLUGINS := $(patsubst %/pyproject.toml,%,$(sort $(wildcard plugins/*/pyproject.toml)))
DISTRIBUTIONS := -e '.[campaign,cli,dump,testing]' $(PLUGINS:%=-e ./%)
PROJECTS := pyproject.toml $(PLUGINS:%=%/pyproject.toml)
DECLARED := $(PROJECTS) tools/create-venv
TREE := $(CURDIR) $(PLUGINS)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-lowest check lint format-check types layers format clean

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/installed ## Score a year of example communities and write the results to build/demo/.
	@mkdir -p build/demo
	$(BIN)/python -m civrules_residential.demo build/demo

test: .venv/installed ## Run all tests, of the core and of every plugin.
	$(BIN)/python -m pytest -n auto -q $(ARGS)

test-lowest: .venv-lowest/installed ## Run all tests with the lowest dependencies that the distributions admit.
	.venv-lowest/bin/python -m pytest -n auto -q $(ARGS)

check: lint format-check types layers ## Run every check that is not a test.

lint: .venv/installed ## Look for mistakes and missing docstrings.
	$(BIN)/ruff check

format-check: .venv/installed ## Say which files are not formatted.
	$(BIN)/ruff format --check

types: .venv/installed ## Check the types of the core and of every plugin.
	$(BIN)/mypy
	@set -e; for plugin in $(PLUGINS); do \
		echo "cd $$plugin && mypy"; \
		(cd $$plugin && $(CURDIR)/$(BIN)/mypy --config-file $(CURDIR)/pyproject.toml \
			--cache-dir $(CURDIR)/.mypy_cache/$$plugin); \
	done

layers: .venv/installed ## Check that imports run down the layers only.
	$(BIN)/lint-imports --no-logo

format: .venv/installed ## Format all files and mend what can be mended.
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

clean: ## Remove the environments, caches and everything built.
	rm -rf .venv .venv-lowest build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests tools plugins -name __pycache__ -prune -exec rm -rf {} +

# An environment is brought up to date when a declaration changes, and made anew when the tree was moved, a plugin came
# or went, or the last set-up was interrupted: the stamp holds the tree it was made for.
define create
	@[ "$$(cat $@ 2>/dev/null)" = "$(TREE)" ] || rm -rf $(@D)
	@PYTHON="$(PYTHON)" tools/create-venv $(@D)
endef

define install
	@echo "Installing civrules and its plugins into $(@D)/"
	@$(@D)/bin/python -m pip install -qq --disable-pip-version-check --no-input $(DISTRIBUTIONS) $(1)
	@echo "$(TREE)" > $@
endef

ifneq ($(shell cat .venv/installed 2>/dev/null),$(TREE))
.venv/installed: FORCE
endif
.venv/installed: $(DECLARED) requirements-dev.txt
	$(create)
	$(call install,-r requirements-dev.txt)

ifneq ($(shell cat .venv-lowest/installed 2>/dev/null),$(TREE))
.venv-lowest/installed: FORCE
endif
.venv-lowest/installed: $(DECLARED) tools/lowest.py
	$(create)
	@$(@D)/bin/python tools/lowest.py $(PROJECTS) > $(@D)/lowest.txt
	$(call install,--constraint $(@D)/lowest.txt pytest-xdist)

FORCE:
