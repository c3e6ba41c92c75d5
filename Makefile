# Every target sets up what it needs from nothing but Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: setup demo test check bench words audit faults nightly guards lock clean

setup: $(VENV)/run.ready

$(VENV)/run.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kaituan needs Python 3.11 or newer (found %s); set PYTHON=..." % sys.version.split()[0])'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked dependencies into $(VENV) (once, about a minute) ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.ready: $(VENV)/run.ready requirements-dev.lock
	@echo "Installing the tools for tests and checks ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/run.ready
	@$(BIN)/kaituan demo

test: $(VENV)/dev.ready
	@$(BIN)/python -m tests

check: $(VENV)/dev.ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest -q tests/house

# Wants a quiet machine; a row by its name: make bench ROWS=press
bench: $(VENV)/dev.ready
	@$(BIN)/python -m benchmarks $(ROWS) --page docs/benchmarks.md

# Takes out each guard in turn; about an hour: the table in docs/reliability.md
guards: $(VENV)/dev.ready
	@$(BIN)/python -m tests.guards --write $(WORDS)

# Brings the catalogs up to date with the code, and names what is still to be translated.
words: $(VENV)/dev.ready
	@$(BIN)/pybabel -q extract --no-default-keywords -k say -k plain -k count:1,2 --ignore-dirs commands --sort-by-file --add-location file -w 100 -o .words.pot cards handlers conversations bot
	@for po in cards/locales/*.po; do $(BIN)/pybabel -q update --ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date -w 100 -l "$$(basename $$po .po)" -i .words.pot -o $$po; done
	@rm -f .words.pot
	@$(BIN)/python -m pytest -q tests/house/test_words.py

audit: $(VENV)/dev.ready
	@$(BIN)/pip-audit --disable-pip --requirement requirements.lock

# Breaks the running program on purpose, and writes what held into docs/reliability.md.
faults: $(VENV)/dev.ready
	@$(BIN)/python -m pytest tests/faults --report docs/reliability.md

nightly: $(VENV)/dev.ready
	@HYPOTHESIS_PROFILE=nightly $(BIN)/python -m tests --nightly

lock: $(VENV)/dev.ready
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --all-extras --group build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --all-extras --group build --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
