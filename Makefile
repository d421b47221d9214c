# `make run` starts the app, `make test` runs every test; both set up what they need.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: run test browser lint benchmark clean

run: $(VENV)/.base
	$(BIN)/python -m streamlit run app.py $(ARGS)

test: $(VENV)/.dev browser
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

benchmark: $(VENV)/.dev browser
	$(BIN)/python -m benchmarks.speed

# A browser for the tests: the system's, else playwright's, else the distribution's.
browser: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.browser

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and \
	"textgen needs Python 3.11 or newer; this is %d.%d. Try: make PYTHON=python3.12" % v[:2])'
	$(PYTHON) -m venv $(VENV)
	@touch $@

# The app's packages alone: no TensorFlow, so that a first start is quick.
$(VENV)/.base: pyproject.toml $(VENV)/.python
	$(PIP) --editable ".[app,views]"
	@touch $@

$(VENV)/.dev: pyproject.toml $(VENV)/.python
	$(PIP) --editable ".[dev]"
	@touch $@ $(VENV)/.base

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis
