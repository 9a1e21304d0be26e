# Winnow. `make` alone lists the targets.
# Every target sets up what it needs; python3 (3.11-3.13), make and git are enough.

PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
# How many test files at a time; `auto` is twice as many as there are cores (tests/conftest.py says why).
WORKERS ?= auto
READY := $(VENV)/.ready

.DEFAULT_GOAL := help

.PHONY: help run demo test check unit setup browser postfix bench screenshots clean

help:
	@echo "make run      open the app for your own lists, at http://127.0.0.1:$(PORT)"
	@echo "make demo     open the same app over a made-up mail world"
	@echo "make test     prove it all: check, then every test"
	@echo "make check    style, types and layers only"
	@echo "make unit     the tests only, several files at a time"
	@echo "make bench    speed and memory, measured; takes an hour"
	@echo "make screenshots  take the pictures of docs/screenshots anew"
	@echo "make setup    make the environment and start nothing"
	@echo "make clean    remove the environment and what was built"

run: $(READY)
	$(BIN)/python -m streamlit run app.py --server.port $(PORT)

demo: $(READY)
	WINNOW_DEMO=1 $(BIN)/python -m streamlit run app.py --server.port $(PORT)

test: $(READY) browser postfix
	@$(MAKE) --no-print-directory -j2 check unit

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(READY)
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

bench: $(READY)
	$(BIN)/python -m bench

screenshots: $(READY) browser
	$(BIN)/python -m pytest tests/browser/pictures.py

setup: $(READY)

# Byte code is compiled of what is imported, when it is: of all that comes with it would take as long again.
$(READY): pyproject.toml constraints.txt
	sh .ci/make-venv "$(PYTHON)" "$(VENV)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt -e ".[test]"
	@touch $@

browser:
	@sh .ci/get-browser

postfix:
	@sh .ci/get-postfix

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info
