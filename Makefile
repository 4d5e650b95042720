# Every command sets up what it needs. `make setup` makes the environment only.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s "$$(printf '\t')"

setup: $(READY)  ## make the environment in .venv

$(READY): pyproject.toml locks/dev.txt locks/uv.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/uv.txt
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --require-hashes locks/dev.txt locks/uv.txt
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(READY)

demo: setup  ## show it: a utility with 2,000 customers, everything on this machine
	$(BIN)/signalpost demo

peers:
	scripts/peers install

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/pyright

test: setup peers check  ## lint, types, layers, all tests on real peers, coverage
	scripts/test

bench: setup  ## measure; ONLY=name for one figure
	$(BIN)/python -m benchmarks $(ONLY)

faults: setup peers  ## the long fault tests
	$(BIN)/pytest -m faults --no-cov

fix: setup  ## format and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: setup  ## write the parts of docs/ that are made from the code
	$(BIN)/python scripts/docs

schema: setup  ## write the snapshot of the tables, after a new migration
	$(BIN)/python scripts/schema

lock:  ## renew the locks
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --extra demo -o locks/run.txt pyproject.toml
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --extra demo --extra otel --group dev -o locks/dev.txt pyproject.toml

.PHONY: help setup demo peers check test bench faults fix docs schema lock
