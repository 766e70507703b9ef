# What one types here. `make` alone lists it.
# WHEELS=folder installs from that folder only, without network. PYTHON=path chooses the interpreter.

.DEFAULT_GOAL := help
.PHONY: help run test proof coverage lint audit fmt bench soak shots bundle clean env env-dev
PY := .venv/bin/python
# One more than processors: those that drive a browser mostly wait for it.
TESTERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) + 1)

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env:
	@sh tools/prepare.sh run

env-dev:
	@sh tools/prepare.sh dev

run: env ## the live demo board on http://127.0.0.1:8050 (ctrl-C ends it)
	@exec $(PY) tools/run.py

test: lint audit ## style, types, dangers, the tests on SQLite and PostgreSQL and in a real browser
	@$(PY) -m pytest -n $(TESTERS) -m "not proof" $(ARGS)

proof: env-dev ## what waits in real time: a wall's faults one by one, a short soak, an installation without network
	@$(PY) -m pytest -m proof $(ARGS)

coverage: env-dev ## all tests once more, slower, with the lines that none of them reaches
	@$(PY) -m pytest -n $(TESTERS) --cov --cov-report=term:skip-covered $(ARGS)

lint: env-dev ## style and types
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy .

fmt: env-dev ## put the code into the one format
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

bench: env-dev ## the numbers the program promises, measured on this machine
	@$(PY) -m tests.bench $(ARGS)

audit: env-dev ## dangerous code (bandit) and packages with known weaknesses (pip-audit)
	@$(PY) -m tools.audit

bundle: env ## everything a machine without a network needs, into ./dist (PLATFORM=manylinux2014_aarch64: for ARM)
	@$(PY) tools/bundle.py

soak: env-dev ## one wall through 6 000 refreshes: does it grow, does it miss a picture?
	@$(PY) -m tests.soak $(ARGS)

shots: env-dev ## pictures of every page, three sizes, two languages, two themes, into ./shots
	@$(PY) -m tests.e2e.shots $(ARGS)

clean: ## remove the environment and caches; the data in ./var stay
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis htmlcov shots .coverage .coverage.*
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
