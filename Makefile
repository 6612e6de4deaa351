# make demo   runs Fasit with its sample ads on http://127.0.0.1:$(PORT)
# make test   every check and every test; what could not run is named in the last lines
# make check  the machines that hold the house: formatting, lint, types, imports, budgets

PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements.lock

.PHONY: demo test check bench clean

demo: $(VENV)/installed
	@$(BIN)/fasit demo --port $(PORT)

test: $(VENV)/installed-test
	@$(BIN)/python -m tests.everything

check: $(VENV)/installed-test
	@$(BIN)/python -m tests.everything --check

$(VENV)/installed: pyproject.toml $(LOCK) | $(BIN)/python
	@echo "Installing Fasit into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint $(LOCK) --editable .
	@touch $@

$(VENV)/installed-test: pyproject.toml $(LOCK) | $(BIN)/python
	@echo "Installing Fasit and its test tools into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint $(LOCK) --editable '.[test]'
	@touch $(VENV)/installed $@

$(BIN)/python:
	@sh tests/make_venv.sh $(VENV)

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache
