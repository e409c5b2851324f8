# Needs make, pip and a Python of at least 3.11; everything else is set up below, in .venv/.
#   make PYTHON=/path/to/python …   the interpreter of a new .venv/ (after `make clean`)
#   make test ARGS="-k ranking"     arguments for pytest

PYTHON ?=
ARGS ?=
BIN := .venv/bin
PLUGINS := $(patsubst %/pyproject.toml,%,$(sort $(wildcard plugins/*/pyproject.toml)))
DISTRIBUTIONS := -e '.[campaign,cli,dump,frames,testing]' $(PLUGINS:%=-e ./%)
PROJECTS := pyproject.toml $(PLUGINS:%=%/pyproject.toml)
DECLARED := $(PROJECTS) tools/create-venv
TREE := $(CURDIR) $(PLUGINS)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-lowest test-spark test-new mutants bench docs check lint format-check types layers format clean

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/installed ## Score a year of example communities and write the results to build/demo/.
	@mkdir -p build/demo
	$(BIN)/python -m civrules_residential.demo build/demo

test: .venv/installed ## Run all tests, of the core and of every plugin.
	$(BIN)/python -m pytest -n auto -q $(ARGS)

test-lowest: .venv-lowest/installed ## Run all tests with the lowest dependencies that the distributions admit.
	.venv-lowest/bin/python -m pytest -n auto -q $(ARGS)

test-spark: .venv-spark/installed ## Run the tests of the bulk engine in a local Spark session, which needs Java 17 or newer.
	.venv-spark/bin/python -m pytest -q -W ignore::ResourceWarning -W ignore::pytest.PytestUnraisableExceptionWarning \
		tests/test_frames_spark.py $(ARGS)

test-new: ## Run the tests of a plugin that `civrules new` wrote, installed from its wheel into a clean environment.
	@PYTHON="$(PYTHON)" tools/test-new

mutants: .venv/installed ## Print which broken engines and plugins the conformance kit catches; one that escapes fails.
	@PYTHONPATH=tests $(BIN)/python -m mutants

bench: .venv-bench/installed ## Measure the engine against its peers and rewrite docs/benchmarks.md.
	.venv-bench/bin/python -m benchmarks.one_by_one
	.venv-bench/bin/python -m benchmarks.ranking
	.venv-bench/bin/python -m benchmarks.many

docs: .venv-docs/installed ## Build the pages of the documentation into site/; a warning fails.
	.venv-docs/bin/python -m mkdocs build --quiet --clean

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
	rm -rf .venv .venv-lowest .venv-spark .venv-bench .venv-docs build dist site .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
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
	$(call install,--constraint $(@D)/lowest.txt pytest-xdist jsonschema duckdb pandas pyarrow)

ifneq ($(shell cat .venv-spark/installed 2>/dev/null),$(TREE))
.venv-spark/installed: FORCE
endif
.venv-spark/installed: $(DECLARED)
	$(create)
	$(call install,duckdb pandas pyarrow 'pyspark>=4.0')

ifneq ($(shell cat .venv-bench/installed 2>/dev/null),$(TREE))
.venv-bench/installed: FORCE
endif
.venv-bench/installed: $(DECLARED) benchmarks/requirements.txt
	$(create)
	$(call install,-r benchmarks/requirements.txt)

ifneq ($(shell cat .venv-docs/installed 2>/dev/null),$(TREE))
.venv-docs/installed: FORCE
endif
.venv-docs/installed: docs/requirements.txt tools/create-venv
	$(create)
	@$(@D)/bin/python -m pip install -qq --disable-pip-version-check --no-input -r docs/requirements.txt
	@echo "$(TREE)" > $@

FORCE:
