# Everything a person or a CI job does here. Needs Python 3.11+ and make; the rest is fetched on first use.
# ARGS passes further arguments on: make e2e ARGS="seed/attempt-3 --runtime reference"

VENV := .venv
PY := $(VENV)/bin/python
# It says with every build that the next major version of MkDocs will be another program.
export NO_MKDOCS_2_WARNING := 1
NPM := PATH="$(CURDIR)/$(VENV)/bin:$$PATH" npm --prefix static
BIOME := PATH="$(CURDIR)/$(VENV)/bin:$$PATH" static/node_modules/.bin/biome check --config-path=static
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
# Some environments forbid Python to keep what it compiled: each process would compile everything again.
BYTECODE := PYTHONDONTWRITEBYTECODE=
PYTHON ?=
ARGS ?=

SHELL := /bin/sh
MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## Show this list
	@echo "make TARGET [ARGS=...]"
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-10s %s\n", $$1, $$2 }'

.PHONY: e2e
e2e: $(VENV)/.run browser ## Run the catalogue in a real browser and write a report
	@$(VENV)/bin/chatkit-doctor run $(ARGS)

.PHONY: test
test: $(VENV)/.test browser ## Run the tests
	@$(BYTECODE) $(PY) -m pytest --numprocesses auto $(ARGS)

.PHONY: examples
examples: $(VENV)/.run browser ## Build the pages of examples/, and put the command in front of every variant
	@$(PY) -m examples.runner $(ARGS)

.PHONY: bench
bench: $(VENV)/.run browser ## Measure reading the protocol, the diagnosis, the report of a run, a warm turn beside a bare browser script, pictures of a moment, a proof, and a check
	@$(PY) -m tests.bench.protocol
	@$(PY) -m tests.bench.diagnosis
	@$(PY) -m tests.bench.report_page
	@$(PY) -m tests.bench.warm_turn $(ARGS)
	@$(PY) -m tests.bench.short_moment $(ARGS)
	@$(PY) -m tests.bench.proof $(ARGS)
	@$(PY) -m tests.bench.own_page $(ARGS)

.PHONY: docs
docs: $(VENV)/.run ## Write the pages on behaviour, repairs, causes, scenario files and recordings, the JSON Schemas, and the probes' types
	@$(PY) -m chatkit_doctor.report.behaviour_page
	@$(PY) -m chatkit_doctor.export.repairs_page
	@$(PY) -m chatkit_doctor.explain.scenario_index
	@$(PY) -m chatkit_doctor.explain.pages
	@$(PY) -m chatkit_doctor.scenario.format_page
	@$(PY) -m chatkit_doctor.recording.format_page
	@$(PY) -m chatkit_doctor.report.schemas
	@$(PY) -m chatkit_doctor.gather.probe_typings

.PHONY: site
site: $(VENV)/.site ## Build the site of README and docs/ into build/site; a dead link is an error
	@$(PY) -m mkdocs build --strict

.PHONY: release
release: $(VENV)/.release ## Build what a release consists of, and check it; uploads nothing
	@$(PY) .ci/release --only-ready >/dev/null
	@$(MAKE) --no-print-directory site
	@$(PY) .ci/release

.PHONY: lint
lint: lint-python lint-static lint-yaml ## Check style, formatting and types of everything

.PHONY: lint-python
lint-python: $(VENV)/.lint
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy

.PHONY: lint-static
lint-static: static/node_modules/.ready
	@$(NPM) run --silent check
	@$(BIOME) --error-on-warnings examples

.PHONY: lint-yaml
lint-yaml: $(VENV)/.lint
	@$(PY) -m yamllint --strict .

.PHONY: format
format: $(VENV)/.lint static/node_modules/.ready ## Format Python, JavaScript and CSS
	@$(PY) -m ruff check --fix --quiet || true
	@$(PY) -m ruff format
	@$(NPM) run --silent format
	@$(BIOME) --write examples

.PHONY: clean
clean: ## Remove the virtual environment, caches and reports
	rm -rf $(VENV) build dist reports test-results static/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find harness tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A browser that is there is found at once.
.PHONY: browser
browser: | $(VENV)/.run
	@.ci/install-browser $(VENV)/bin/chatkit-doctor

# What is installed depends on pyproject.toml alone; a stamp for each purpose keeps the second call free of it.
$(PY):
	@PYTHON="$(PYTHON)" .ci/make-venv $(VENV)

$(VENV)/.run: pyproject.toml | $(PY)
	@echo "Installing chatkit-doctor into $(VENV) ..."
	@$(PIP) --editable .
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/.run
	@$(PIP) --editable ".[test]"
	@touch $@

$(VENV)/.lint: pyproject.toml | $(VENV)/.run
	@$(PIP) --editable ".[test,lint]"
	@touch $@

$(VENV)/.release: pyproject.toml | $(VENV)/.run
	@$(PIP) --editable ".[release]"
	@touch $@

$(VENV)/.site: pyproject.toml | $(VENV)/.run
	@$(PIP) --editable ".[site]"
	@touch $@

static/node_modules/.ready: static/package-lock.json | $(VENV)/.lint
	@$(NPM) ci --loglevel=error --no-audit --no-fund
	@touch $@
