# `make run` answers one real question; `make test` checks everything. Both build .venv from pinned versions.
PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check
TRAIN ?=
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: help run serve test quick format bench fuzz soak clean

help:  ## List the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(VENV)/.base: pyproject.toml constraints.txt
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing pathways into $(VENV) (about 600 MB, once; no torch)" >&2
	@$(PIP) install -q -c constraints.txt pip
	@$(PIP) install -q -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.base
	@echo "Installing the test tools" >&2
	@$(PIP) install -q -c constraints.txt --group dev
	@touch $@

$(VENV)/.train: $(VENV)/.dev
	@echo "Installing the CPU build of torch, then the extra sentence-transformers" >&2
	@$(PIP) install -q torch==2.13.0
	@$(PIP) install -q -c constraints.txt -e '.[sentence-transformers]'
	@touch $@

run: $(VENV)/.base  ## Answer one real question from the bundled catalog
	@$(VENV)/bin/pathways next "I teach grades K-3 and finished LETRS; I want to become a reading specialist" \
	  --place US-OH --have letrs-v1 --have letrs-v2 --target oh-reading-endorsement

serve: $(VENV)/.base  ## Start the API and pages on 127.0.0.1:8000
	@$(VENV)/bin/pathways serve

test: $(VENV)/.dev $(if $(TRAIN),$(VENV)/.train)  ## Formatting, lint, types, import contracts, all tests and examples
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	PATHWAYS_TRAIN=$(TRAIN) $(VENV)/bin/python -m pytest -n 2 --dist loadfile

quick: $(VENV)/.dev  ## The tests without the slow ones
	$(VENV)/bin/python -m pytest -q -n 2 --dist loadfile -m "not slow"

format: $(VENV)/.dev  ## Format and fix what can be fixed
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: $(VENV)/.dev  ## Measure every published figure; prints a table, writes bench-results/
	@$(PIP) install -q -c constraints.txt -e '.[fast]'
	$(VENV)/bin/python -m tests.benchmarks

fuzz: $(VENV)/.dev  ## 100,000 broken badge files: no crash, each answered in time
	$(VENV)/bin/python -m tests.badges.fuzz --count 100000

soak: $(VENV)/.dev  ## 200 kills during imports, then during decisions: nothing half done, nothing acknowledged lost
	$(VENV)/bin/python -m tests.store.kill --count 200
	$(VENV)/bin/python -m tests.review.kill --count 200

clean:  ## Remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
