# Run `make` for the list of targets.
#
# VENV is the virtual environment that the first target run creates. Set it to
# nothing (`make html VENV=`) to use the active environment as it is.

VENV ?= .venv
ifeq ($(strip $(VENV)),)
  BIN :=
  READY :=
else
  BIN := $(VENV)/bin/
  READY := $(VENV)/.ready
endif
PY := $(BIN)python
CANDIDATES := python3 python3.13 python3.12 python3.11 python
PYTHON ?= $(shell for p in $(CANDIDATES); do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
  && echo $$p && break; done)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup html epub notebook test doctest serve check bench linkcheck \
  reproducible clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

setup: $(READY) ## create the virtual environment (the other targets do it too)

$(VENV)/.ready: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed" >&2; exit 1; }
	@echo "Setting up $(VENV) with $(PYTHON): this takes some minutes, once"
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --upgrade --constraint constraints.txt pip
	$(PY) -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	@touch $@

html: $(READY) ## build both languages into _build/html
	@$(PY) -m aibook_sphinx html

epub: $(READY) ## build an e-book in each language into _build/epub
	@$(PY) -m aibook_sphinx epub

notebook: html ## open the pages as notebooks in JupyterLab
	$(PY) -m jupyterlab --ServerApp.root_dir=_build/html \
	  --LabApp.default_url=/lab/tree/en/notebooks/index.ipynb

doctest: $(READY) ## run the examples in the pages and the package reference
	@$(PY) -m aibook_sphinx doctest

test: html epub doctest ## run all tests, on the built site and in a browser too
	$(PY) -m pytest -n auto --maxprocesses 4 --dist worksteal

check: $(READY) ## format, lint, types, import contracts, fast tests
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(BIN)lint-imports
	$(PY) -m pytest -q -m "not slow and not site and not browser"

serve: $(READY) ## build, open in a browser, build again on a change
	$(PY) -m sphinx_autobuild -q -C -b dummy --open-browser \
	  --pre-build "$(PY) -m aibook_sphinx html" \
	  --watch book --watch code --watch _static --watch conf.py \
	  --re-ignore '\.mo$$' --re-ignore __pycache__ \
	  -d _build/doctrees/serve code/aibook_sphinx/serve _build/html

bench: $(READY) ## measure what the book claims about speed and reliability
	@for file in tests/benchmarks/*.py; do \
	  echo "== $$file"; $(PY) $$file || exit 1; done

linkcheck: $(READY) ## follow the links to other sites
	@$(PY) -m aibook_sphinx linkcheck

reproducible: $(READY) ## build twice from nothing and compare every byte
	$(PY) -m aibook_sphinx html --output _build/first
	$(PY) -m aibook_sphinx html --output _build/second
	diff -r _build/first/html _build/second/html
	$(PY) -m aibook_sphinx epub --output _build/first
	$(PY) -m aibook_sphinx epub --output _build/second
	for l in ko en; do \
	  cmp _build/first/epub/aibook-$$l.epub _build/second/epub/aibook-$$l.epub \
	    || exit 1; done
	rm -r _build/first _build/second

clean: ## remove everything that was built, and the virtual environment
	rm -rf _build $(VENV)
