# What a developer or operator of this checkout types. Needs Python 3.11 or newer, make and git.

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
PORT ?= 8000
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest
# Without a key of Stripe's the site runs beside a stand-in: the whole path of paying, and no money moves.
STAND_IN = $(if $(STRIPE_API_KEY),,$(BIN)/python -m stripe_standin \
	--folder $(or $(INSTANCE_PATH),instance)/stripe --)
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-annotate

# Compiled modules are kept between runs, whatever the machine's habit.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help run test check lint types contracts format browser nginx bench soak messages pictures routes requirements latest wheel \
	environment clean

help:  ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

run: $(RUNTIME) $(CATALOGUES)  ## the site with made-up providers on http://127.0.0.1:8000 (another PORT=…)
	@SITE_URL=$${SITE_URL:-http://127.0.0.1:$(PORT)} exec $(STAND_IN) \
		sh -c '$(BIN)/marketplace demo && exec $(BIN)/marketplace run --port $(PORT)'

test: $(DEV) $(CATALOGUES) lint types contracts browser nginx  ## everything: style, types, arrows, both databases, browser
	$(PYTEST) -n $(WORKERS) --dist worksteal

check: $(DEV) $(CATALOGUES) lint types contracts  ## the same in a minute: SQLite only, no browser, nothing slow
	$(PYTEST) -q -n $(WORKERS) --dist worksteal --database sqlite --hypothesis-profile quick \
		-m "not slow and not browser"

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --quiet --lint templates

types: $(DEV)
	$(BIN)/mypy

contracts: $(DEV)
	$(BIN)/lint-imports --no-cache

format: $(DEV)  ## rewrite the Python files in the house's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

browser: $(DEV)  ## find a Chromium for the browser tests, or install one where that is allowed
	$(BIN)/python -m tests.browser

nginx: $(DEV)  ## find an nginx for the tests of deploy/nginx.conf, or install one where that is allowed
	$(BIN)/python -m tests.nginx

bench: $(DEV) $(CATALOGUES) nginx  ## print the benchmarks' ratios and write docs/performance.md; QUICK=1: one table, two minutes
	QUICK=$(QUICK) $(BIN)/python -m benchmarks

soak: $(DEV) $(CATALOGUES)  ## the long rounds: kills with -9 and random operations
	$(BIN)/python -m benchmarks.soak

messages: $(DEV)  ## gather new strings into the catalogues of translations/
	$(BIN)/python -m scripts.catalogues

pictures: $(DEV) $(CATALOGUES) browser  ## the README's picture anew, and pictures of the whole job in build/pictures/
	$(BIN)/python -m tests.e2e.picture
	$(PYTEST) -q tests/e2e/test_whole_job.py --pictures

routes: $(DEV)  ## write the kept list of routes anew; read the difference before committing it
	@mkdir -p build
	$(BIN)/python -m tests.house.routes > build/routes.txt
	mv build/routes.txt tests/house/routes.txt

requirements: $(DEV)  ## choose and pin newer versions
	$(LOCK) --upgrade pyproject.toml -o requirements/runtime.txt
	$(LOCK) --upgrade -c requirements/runtime.txt requirements/build.in -o requirements/build.txt
	$(LOCK) --upgrade -c requirements/runtime.txt -c requirements/build.txt pyproject.toml --extra scale \
		requirements/dev.in -o requirements/dev.txt
	$(LOCK) --no-deps requirements/data.in -o requirements/data.txt

latest: $(DEV)  ## the check again, with the newest versions that pyproject.toml allows, in build/latest
	@mkdir -p build
	@$(BIN)/uv pip compile -q --upgrade --python $(BIN)/python --no-header --no-emit-index-url --no-annotate \
		pyproject.toml --extra scale requirements/dev.in -o build/latest.txt
	@$(BIN)/python -m venv --clear build/latest
	@build/latest/bin/python -m pip install -qq --disable-pip-version-check --no-deps \
		-r build/latest.txt -r requirements/data.in
	@build/latest/bin/python -m pip install -qq --disable-pip-version-check --no-build-isolation --no-deps -e .
	@sed 's/ .*//' requirements/dev.txt > build/pinned.txt
	@echo "Newer than the pins:"; grep -vxFf build/pinned.txt build/latest.txt || echo "nothing"
	@touch build/latest/.runtime-installed build/latest/.any-installed build/latest/.dev-installed
	$(MAKE) check VENV=build/latest

wheel: $(DEV)  ## build dist/marketplace-*.whl
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

environment: $(DEV)  ## only install what the other commands need

clean:  ## remove the environment and all that was built (not the site's data in instance/)
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find marketplace stripe_standin tests translations -name '*.mo' -delete -o -name __pycache__ -prune -exec rm -rf {} +

translations/%.mo: translations/%.po | $(VENV)/.any-installed
	@$(BIN)/pybabel -q compile -i $< -o $@ -l $(firstword $(subst /, ,$*))

$(VENV)/.any-installed:
	@[ -e $(RUNTIME) ] || [ -e $(DEV) ] || $(MAKE) $(RUNTIME)
	@touch $@

$(RUNTIME): requirements/runtime.txt requirements/build.txt pyproject.toml hatch_build.py | $(VENV)/pyvenv.cfg
	@echo "Installing the program into $(VENV)"
	@$(PIP) --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	@$(PIP) --no-build-isolation --no-deps -e .
	@touch $@

$(DEV): requirements/dev.txt requirements/data.txt pyproject.toml hatch_build.py | $(VENV)/pyvenv.cfg
	@echo "Installing the program and its tools into $(VENV)"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@$(PIP) --require-hashes --no-deps -r requirements/data.txt
	@$(PIP) --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/pyvenv.cfg:
	@for python in $${PYTHON:-python3.13 python3.12 python3.11 python3}; do \
		if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			exec $$python -m venv $(VENV); \
		fi; \
	done; \
	echo "Marketplace needs Python 3.11 or newer with venv (Debian: apt-get install python3-venv)." >&2; \
	echo "None was found as python3.13, python3.12, python3.11 or python3; name yours with PYTHON=…" >&2; \
	exit 1
