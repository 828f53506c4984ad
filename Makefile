# Everything a developer does has a target here; `make` alone lists them. Each one sets up .venv first if it must.
# To choose the Python: make PYTHON=/path/to/python3.13 setup (after `make clean`, if there is a .venv already).

BIN := .venv/bin
STAMP := .venv/.stamp

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow test-long document lint types layers bench notebook findings anatomy lock clean FORCE

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## make .venv with the locked dependencies and this checkout; quick when nothing changed

# The stamp holds the folder .venv was made in: a copied or moved checkout must not run the code of the original.
$(STAMP): pyproject.toml requirements.lock $(if $(filter $(CURDIR),$(shell cat $(STAMP) 2>/dev/null)),,FORCE)
	@.ci/setup

demo: setup ## run 20 replicates of the baseline scenario into results/demo
	$(BIN)/dayroom run baseline --replicates 20 --out results/demo --overwrite

# The model is compiled once, before the test workers start: each would compile it for itself. So are the fonts listed:
# where that takes long, matplotlib says so, and a test that expects silence hears it.
# pytest comes last, so that its summary closes the output.
test: lint layers types ## lint, layers, types and the default tests
	$(BIN)/python -c "from experiments.runs.executors import warm_up; warm_up(); import matplotlib.font_manager"
	$(BIN)/python -m pytest -n 2 -m "not slow and not long"

# pytest takes "nothing to run" for a failure (exit code 5) and closes with "no tests ran". Asking first, and staying silent
# then, keeps the summary of the default tests CI's last word.
test-slow: setup ## the tests that take longer than a minute
	@$(BIN)/python -m pytest -m slow --collect-only -qq >/dev/null 2>&1; \
	[ $$? -eq 5 ] || $(BIN)/python -m pytest -n 2 -m slow

test-long: setup ## the plain Mesa model against the engine at length (a quarter of an hour)
	$(BIN)/python -m pytest -n 2 -m long

document: setup ## write the tables of sim/MODEL.md and the JSON Schema anew from the code
	$(BIN)/python -m tools.model_document
	$(BIN)/dayroom scenario schema --out scenarios/schema.json --overwrite

notebook: setup ## execute the notebooks and store them with their outputs
	$(BIN)/python docs/notebooks/execute.py

findings: setup ## make the runs of the shipped studies and write their pages anew (half an hour on two cores)
	for study in $$($(BIN)/python -c "from experiments.findings import FOUND; print(*FOUND)"); do \
		$(BIN)/dayroom sweep $$study || exit 1; done
	$(BIN)/dayroom findings --out docs/findings --overwrite

anatomy: setup ## measure shares of variance, five years, directions and pins, and write their pages (an hour on two cores)
	for part in variance years directions pins; do $(BIN)/python -m tools.anatomy.$$part || exit 1; done

lint: setup ## style: ruff's rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: setup ## strict type check of sim
	$(BIN)/mypy

layers: setup ## imports point down only
	$(BIN)/lint-imports

bench: setup ## measure speed
	$(BIN)/python -m benchmarks.speed

# The locks name neither an index nor this machine, and hold for every supported system and Python.
# Pins stay as they are unless pyproject.toml forbids them; `make lock UPGRADE=--upgrade` takes the newest.
UPGRADE :=
COMPILE = pip compile --quiet --universal --no-python-downloads --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links $(UPGRADE)
lock: ## pin the dependencies again after editing pyproject.toml
	python=$$(.ci/find-python) && uv=$$(.ci/find-uv "$$python") && \
	"$$uv" $(COMPILE) --python "$$python" --python-version 3.12 --all-extras --group dev pyproject.toml -o requirements.lock && \
	echo uv | "$$uv" $(COMPILE) --python "$$python" --python-version 3.8 - -o .ci/bootstrap.lock

clean: ## remove what the other targets made, except results/
	rm -rf .venv .bootstrap build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
