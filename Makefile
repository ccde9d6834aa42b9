.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
TYPED := notte_dashboard sessions_app agents_app
DATA ?= $(or $(DATA_DIR),var)
# A Chromium that the set-up downloaded, where no installed one was found.
DOWNLOADED := $(shell cat .venv/chromium-path 2>/dev/null)
ifneq ($(DOWNLOADED),)
export CHROMIUM ?= $(DOWNLOADED)
endif
# Each test process, and each program that a test starts, would compile the same files again.
unexport PYTHONDONTWRITEBYTECODE
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --quiet

.PHONY: help run stop logs dev test check lint test-sqlite test-postgresql test-e2e bench soak mutants pictures fmt lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Set up what is missing, then start everything; Ctrl-C stops it
	@exec sh tools/bootstrap.sh runtime manage.py up

stop: ## Stop a dashboard that was started elsewhere
	@$(BIN)/python manage.py down

logs: ## Follow the logs of all programs
	@tail -n 20 -F $(DATA)/logs/*.log

dev: ## Set up what developing and testing need
	@sh tools/bootstrap.sh dev

test: dev ## Run every check and test (lint, SQLite, PostgreSQL, end to end), and sum up
	@$(BIN)/python tools/suite.py

check: dev ## Lint, and run the tests that the change on this branch touches, nearest first, for two minutes at most
	@$(BIN)/python tools/check.py

lint: dev ## Check style, types, imports, migrations, templates, spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(TYPED)
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run --settings notte_dashboard.settings.test
	$(BIN)/django-upgrade --target-version 5.2 --check $$(git ls-files '*.py')
	$(BIN)/djade --check $$(git ls-files 'templates/*.html')
	$(BIN)/djangofmt --check templates
	$(BIN)/python tools/bundle.py --check
	$(BIN)/python tools/request_rules.py --check
	$(BIN)/typos

test-sqlite: dev ## Run all but the end-to-end tests, on SQLite
	@$(BIN)/python tools/suite.py sqlite coverage

test-postgresql: dev ## Run the tests that touch the database, on a PostgreSQL of their own
	@$(BIN)/python tools/suite.py postgresql

test-e2e: dev ## Run the end-to-end tests in a real Chromium
	@$(BIN)/python tools/suite.py e2e

bench: dev ## Measure what is promised about speed; writes docs/benchmarks.md (about ten minutes)
	$(BIN)/python -m tests.benchmarks.report

soak: dev ## Leave idle pages open for an hour and see that they stay connected (not a part of "make test")
	$(BIN)/python -m tests.e2e.soak

mutants: dev ## Change FILES="…" a little, 20 times, and list what no test of TESTS="…" notices (SEED=10; not a part of "make test")
	$(BIN)/uv run --quiet --isolated --no-project --python $(BIN)/python --with cosmic-ray==8.7.0 \
		python tools/mutants.py --seed $(or $(SEED),10) --tests "$(TESTS)" $(FILES)

pictures: dev ## Take the README's pictures from the running product
	PYTHONPATH=. $(BIN)/python tools/pictures.py

fmt: dev ## Format Python and templates
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(BIN)/djade $$(git ls-files 'templates/*.html')
	$(BIN)/djangofmt templates

lock: ## Pin the newest allowed versions of all dependencies
	$(COMPILE) --group dev -o requirements/dev.txt
	$(COMPILE) --constraint requirements/dev.txt -o requirements/runtime.txt

clean: ## Remove the environment and caches; var/ with your data stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
