# Solar CRM: `make run` and `make test` need Python 3.11 or newer and nothing else.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := var/venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
PYTEST := $(BIN)/python -m pytest

.PHONY: run test soak bench audit lint types check tests lock clean

run: $(READY)  ## The whole system: database, Redis, web, worker, beat, demo data
	@$(BIN)/python -m solar_crm

test: lint types check tests  ## What CI runs, in under ten minutes

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(READY)
	DATABASE_URL=postgresql://localhost/none REDIS_URL=redis://localhost $(BIN)/mypy

check: $(READY)
	DATABASE_URL=postgresql://localhost/none REDIS_URL=redis://localhost \
	    $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

tests: $(READY)
	$(PYTEST) -n 2 --dist loadgroup -m "not soak and not system"
	$(PYTEST) -n 2 --dist loadfile -p no:randomly -m "system and not soak"

soak: $(READY)  ## The long runs: generated bodies, kills, schemathesis; under 45 minutes
	$(PYTEST) -m soak

bench: $(READY)  ## Load and cost figures, a table and JSON beside it
	$(BIN)/python -m benchmarks

audit: $(READY)  ## Lighthouse on the public pages, where Node is
	$(BIN)/python -m audit

lock:  ## Pin requirements/*.in again
	for name in base production development; do \
	    $(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header \
	        --upgrade requirements/$$name.in -o requirements/$$name.txt; done

clean:  ## Forget everything a run left behind
	rm -rf var staticfiles

$(READY): requirements/development.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	    { echo "Python 3.11 or newer is needed. Name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || \
	    { echo "This Python has no venv. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Preparing $(VENV) (once, about a minute) ..."
	@"$(PYTHON)" -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input \
	    --no-compile --no-deps --requirement requirements/development.txt
	@touch $@
