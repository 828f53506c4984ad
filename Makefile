# A target for everything a developer does; `make` alone lists them. Each one sets up .venv first if needed.
# To choose the Python: make PYTHON=python3.13 setup (after `make clean`, if there is a .venv already).

BIN := .venv/bin
STAMP := .venv/.stamp

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow test-long test-mesa kernels document docs lint types layers bench notebook pictures findings anatomy freeze records lock clean fuzz chaos mutants FORCE

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## make .venv with the locked dependencies and this checkout; quick if nothing changed

# The stamp holds the folder in which .venv was made: a copied or moved checkout must not run the code of the original.
$(STAMP): pyproject.toml requirements.lock $(if $(filter $(CURDIR),$(shell cat $(STAMP) 2>/dev/null)),,FORCE)
	@.ci/setup

demo: setup ## run 20 replicates of the baseline scenario into results/demo
	$(BIN)/dayroom run baseline --replicates 20 --out results/demo --overwrite

# Compile the model and the module of the live page once before the test workers start; otherwise each worker compiles them. List the fonts too: if that takes
# long, matplotlib prints a warning, and a test that expects silence fails.
# pytest comes last, so its summary ends the output.
test: lint layers types ## lint, layers, types and the default tests
	$(BIN)/python -c "from experiments.runs.executors import warm_up; warm_up(); import matplotlib.font_manager"
	$(BIN)/python -c "from experiments.live.module import module; module()"
	@.ci/browser
	$(BIN)/python -m pytest -n 2 -m "not slow and not long"

# With nothing to run, pytest fails (exit code 5) and prints "no tests ran". So ask first, and print nothing then: the summary of
# the default tests stays the last line in CI.
test-slow: setup ## the tests that take longer than a minute
	@.ci/browser
	@$(BIN)/python -m pytest -m slow --collect-only -qq >/dev/null 2>&1; \
	[ $$? -eq 5 ] || $(BIN)/python -m pytest -n 2 -m slow

test-long: setup ## large trials of error rates, and the plain Mesa model against the engine at length (half an hour)
	$(BIN)/python -m pytest -n 2 -m long

kernels: setup ## a wheel with this version's compiled kernels for this Python and kind of processor, in dist
	$(BIN)/python -m tools.kernels dist

# Beside the locked Mesa, so that .venv stays as it is.
test-mesa: setup ## the tests of the model for Mesa, with Mesa's newest pre-release
	@rm -rf build/mesa && uv=$$(.ci/find-uv $(BIN)/python) && \
	"$$uv" pip install --quiet --python $(BIN)/python --target build/mesa --no-deps --prerelease allow --upgrade "mesa>=4.0.0a0"
	PYTHONPATH=build/mesa $(BIN)/python -c "import mesa; print('Mesa', mesa.__version__)"
	PYTHONPATH=build/mesa $(BIN)/python -m pytest -q tests/core/test_mesa.py tests/core/test_mesa_agents.py tests/core/test_mesa_habits.py

document: setup ## write the tables of sim/MODEL.md and the pages, and the JSON Schema, from the code
	$(BIN)/python -m tools.model_document
	$(BIN)/dayroom scenario schema --out scenarios/schema.json --overwrite

docs: setup ## build the site in build/site; a broken link or a stale name stops it
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

pictures: setup ## make the runs and draw the pictures of the pages
	$(BIN)/python -m tools.pictures

notebook: setup ## execute the notebooks and store them with their outputs
	$(BIN)/python docs/notebooks/execute.py

findings: setup ## run the shipped studies and write their pages (half an hour on two cores)
	studies=$$($(BIN)/python -c "from experiments.findings import STUDIES; print(*STUDIES)") && for study in $$studies; do \
		$(BIN)/dayroom sweep $$study || exit 1; done
	$(BIN)/dayroom findings --out docs/findings --overwrite

anatomy: setup ## measure variance, five years, directions and pins, and write their pages (an hour on two cores)
	for part in variance years directions pins; do $(BIN)/python -m tools.anatomy.$$part || exit 1; done

freeze: setup ## record all outputs in results/frozen.json; two records are compared by tools/freeze.py compare
	@mkdir -p results
	$(BIN)/python tools/freeze.py record results/frozen.json

records: setup ## list the measured records that another version of the model made
	$(BIN)/python -m tools.records

lint: setup ## style: ruff's rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: setup ## strict type check of all packages
	$(BIN)/mypy

layers: setup ## imports point down only
	$(BIN)/lint-imports

fuzz: setup ## a million inputs at random for everything that reads a file (days; see python -m tools.fuzz --help)
	$(BIN)/python -m tools.fuzz $(FUZZ)

chaos: setup ## disturb commands at random: kills, a full disk, flipped bytes, moved clocks (hours)
	$(BIN)/python -m tools.chaos $(CHAOS)

# Beside the locked packages, as with Mesa: only this target needs cosmic-ray.
mutants: setup ## change lines of sim/rules and experiments/statistics, and list what no test notices (days; FILES="...")
	@uv=$$(.ci/find-uv $(BIN)/python) && \
	"$$uv" pip install --quiet --python $(BIN)/python --target build/mutants-tool "cosmic-ray==8.7.0"
	DAYROOM_COMPILE=0 $(BIN)/python -m tools.mutants $(FILES)

bench: setup ## measure speed, and write the tables of benchmarks/README.md
	$(BIN)/python -m benchmarks.tables --write

# The locks name neither an index nor this machine, and suit every supported system and Python.
# Pins stay unless pyproject.toml forbids them; `make lock UPGRADE=--upgrade` takes the newest versions.
UPGRADE :=
COMPILE = pip compile --quiet --universal --no-python-downloads --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links $(UPGRADE)
lock: ## pin the dependencies again after editing pyproject.toml
	python=$$(.ci/find-python) && uv=$$(.ci/find-uv "$$python") && \
	"$$uv" $(COMPILE) --python "$$python" --python-version 3.12 --all-extras --group dev pyproject.toml -o requirements.lock && \
	echo uv | "$$uv" $(COMPILE) --python "$$python" --python-version 3.8 - -o .ci/bootstrap.lock

clean: ## remove everything the other targets made, except results/
	rm -rf .venv .bootstrap build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
