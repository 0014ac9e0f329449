# Needs only Python 3.11 or newer and make: the targets create .venv and install what requirements*.lock pins. The locks
# are whole, so pip resolves nothing (--no-deps): with hashes it would refuse an extra of a package that is pinned without.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.installed-runtime
DEVELOPMENT := $(VENV)/.installed-development
DUCKDB2 := .venv-duckdb2
BROWSER := .browser
AXE := axe-core@4.14.1

.DEFAULT_GOAL := help
.PHONY: help install demo test test-long test-laws test-duckdb2 browser lint format bench bench-scale bench-effects docs lock clean

help:  ## list what can be done
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1 — \2/'

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "brandtrust needs Python 3.11 or newer; try: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements.lock pyproject.toml $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@# Prefect makes its database at its first start, which takes longer than a run: better here than in the first demo.
	@PREFECT_SERVER_ANALYTICS_ENABLED=false DO_NOT_TRACK=1 $(BIN)/prefect server database upgrade -y >/dev/null 2>&1 || true
	@# numba compiles VADER's rules, the linear scorer and the search for phrases once on a machine, which takes seconds: better here than in the first run.
	@$(BIN)/python -c 'from analytics.sentiment.compiled.rules import RULES; RULES.load(compile_missing=True)' || true
	@$(BIN)/python -c 'from analytics.sentiment.linear.reader import READER; READER.load(compile_missing=True)' || true
	@$(BIN)/python -c 'from analytics.phrases.search import compile_missing; compile_missing()' || true
	@# The charts' library for the report's page is put together once, too.
	@$(BIN)/python -c 'from analytics.report.html import chart_library; chart_library()' || true
	@touch $@

$(DEVELOPMENT): requirements-dev.lock $(RUNTIME)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

install: $(RUNTIME)  ## create .venv and install what brandtrust needs

demo: $(RUNTIME)  ## the whole pipeline on a synthetic sample, offline
	$(BIN)/brandtrust demo

test: $(DEVELOPMENT)  ## run the tests
	$(BIN)/python -m pytest -q -n 2 --dist worksteal --durations=25

test-long: $(DEVELOPMENT)  ## run what takes too long for `make test`
	$(BIN)/python -m pytest -q -n 2 --dist worksteal --durations=10 -m long

test-laws: $(DEVELOPMENT)  ## try the laws (hypothesis) on four times the examples
	$(BIN)/python -m pytest -q -n 2 --dist worksteal -m hypothesis --hypothesis-profile thorough

test-duckdb2: $(DEVELOPMENT)  ## run the store's tests on DuckDB 2
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target $(DUCKDB2) --no-deps --require-hashes -r requirements-duckdb2.lock
	PYTHONPATH=$(DUCKDB2) $(BIN)/python -m pytest -q tests/analytics/store tests/docs

browser:  ## install Chromium and axe-core for the tests of the report's page, where apt-get and npm can be had
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || timeout 600 sh -c 'apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium' >/dev/null 2>&1 || echo "no Chromium: the tests in a browser are skipped"
	@timeout 180 npm install --prefix $(BROWSER) $(AXE) --ignore-scripts --no-audit --no-fund --silent >/dev/null 2>&1 || echo "no axe-core: its test is skipped"

lint: $(DEVELOPMENT)  ## check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEVELOPMENT)  ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEVELOPMENT)  ## print the measured numbers that README and docs cite, and write them to bench.json
	$(BIN)/python -m tests.bench --json bench.json

bench-scale: $(DEVELOPMENT)  ## measure what is promised at the sizes it is promised for, and write it to scale.json (hours)
	$(BIN)/python -m tests.bench --scale --json scale.json

bench-effects: $(DEVELOPMENT)  ## let methods compete on simulated brands and planted effects (hours on two processors)
	$(BIN)/python -m tests.bench.effects_benchmark --repetitions 1000 --json effects.json
	$(BIN)/python -m tests.bench.recovery_error_rates
	$(BIN)/python -m tests.bench.joint_error_rates

docs: $(DEVELOPMENT)  ## write docs/schema.md anew from the views
	$(BIN)/python -c "from analytics.store.catalogue import schema_page; print(schema_page(), end='')" > docs/schema.md

lock:  ## pin versions and hashes anew (needs uv)
	uv pip compile pyproject.toml -c lock-constraints.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q --extra build --extra lake --extra dask --extra dev -o requirements-dev.lock
	uv pip compile pyproject.toml -c lock-constraints.txt -c requirements-dev.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q --extra build -o requirements.lock
	echo 'duckdb>=2,<3' | uv pip compile - --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements-duckdb2.lock

clean:  ## remove the environments and caches
	rm -rf $(VENV) $(DUCKDB2) $(BROWSER) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
