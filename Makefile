# Each target is a line or two that you can copy. What they mean: README.md.
PYTHON ?= python3
BIN := .venv/bin
SYSTEM := chromium postgresql postgresql-common libatomic1 libreoffice-calc
export FLASK_APP := wsgi
export PIP_DISABLE_PIP_VERSION_CHECK := 1
CATALOGUE := marketplace/translations/vi/LC_MESSAGES/messages

.DEFAULT_GOAL := help
.PHONY: help run install test test-long lint bench bench-peers lock messages assets system-packages

help:
	@echo "make run       start everything with sample data at http://127.0.0.1:8000"
	@echo "make test      run every test, PostgreSQL and a real browser included"
	@echo "make install   prepare .venv and assets for development, start nothing"
	@echo "make bench     measure the engine (minutes)"
	@echo "make bench-peers  measure it beside other solvers and write docs/benchmarks.md"

run: .venv/runtime $(CATALOGUE).mo
	@$(MAKE) --no-print-directory assets || echo "The asset build failed (see above): pages will have plain CSS." >&2
	@exec $(BIN)/flask serve --demo

install: .venv/dev $(CATALOGUE).mo assets

test: install
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python tests/system_packages.py $(SYSTEM)
	pg_virtualenv -t -o fsync=off $(BIN)/python -m pytest -n 2 --dist loadfile -m "not long"

test-long: install
	@$(BIN)/python tests/system_packages.py $(SYSTEM)
	pg_virtualenv -t -o fsync=off $(BIN)/python -m pytest -n 2 -m long

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet templates

bench: install
	$(BIN)/python -m benchmarks

bench-peers: install
	$(BIN)/pip install -q --require-hashes -r benchmarks/requirements.txt
	$(BIN)/python -m benchmarks.peers

system-packages:
	apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $(SYSTEM)

lock:
	$(BIN)/uv pip compile -q --no-header --universal --python-version 3.11 --generate-hashes --no-emit-index-url setup.cfg -o requirements.txt
	$(BIN)/uv pip compile -q --no-header --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra dev -c requirements.txt setup.cfg -o requirements-dev.txt
	$(BIN)/uv pip compile -q --no-header --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra bench -c requirements.txt setup.cfg -o benchmarks/requirements.txt

messages:
	$(BIN)/pybabel -q extract -F pyproject.toml --no-location --sort-output --no-wrap -k _l -k N_ -k lazy_gettext -k Rejected -k Stale -o $(CATALOGUE).pot marketplace templates
	$(BIN)/pybabel -q update --no-fuzzy-matching --no-wrap --ignore-obsolete --ignore-pot-creation-date -i $(CATALOGUE).pot -d marketplace/translations -l vi

assets: .venv/runtime marketplace/static/dist/manifest.json
marketplace/static/dist/manifest.json: package-lock.json $(wildcard frontend/* frontend/css/*) marketplace/static/icons.svg | .venv/runtime
	$(BIN)/python frontend/build.py

.venv/pip:
	$(PYTHON) -m venv .venv
	@touch $@
.venv/runtime: requirements.txt | .venv/pip
	$(BIN)/pip install -q --require-hashes -r requirements.txt
	@touch $@
.venv/dev: requirements-dev.txt | .venv/pip
	$(BIN)/pip install -q --require-hashes -r requirements-dev.txt
	@touch $@ .venv/runtime
%.mo: %.po | .venv/runtime
	$(BIN)/pybabel -q compile -i $< -o $@
