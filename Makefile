# Everything that a developer, an instructor or CI starts. `make help` lists it.

SHELL := /bin/bash
.DEFAULT_GOAL := help

.PHONY: help setup demo test nightly notebooks bench fuzz screenshots check lock format clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make .venv with everything in it (PYTHON=... chooses the Python)
	@PYTHON="$(PYTHON)" scripts/setup

demo: setup ## grade the sample submissions and say where the class page is
	@scripts/system-packages bubblewrap libseccomp2
	.venv/bin/grader grade samples/submissions -o demo_class

test: setup ## run the project's tests (FAST=1 leaves out the slow ones)
	@scripts/system-packages bubblewrap libseccomp2 chromium chromium-driver
	.venv/bin/pytest tests -n 2 --dist loadfile --no-loadscope-reorder \
		-m "not nightly$(if $(FAST), and not slow)"

nightly: setup ## run the tests that repeat others in further circumstances
	@scripts/system-packages bubblewrap libseccomp2 chromium chromium-driver
	.venv/bin/pytest tests -n 2 --dist loadfile -m nightly

notebooks: setup ## write the solved notebooks anew, trained by the whole protocol; about ten minutes
	@scripts/system-packages bubblewrap libseccomp2
	.venv/bin/pytest tests/notebook/solving.py

bench: setup ## measure what docs/performance.md tells, and print it; takes about two hours
	@scripts/system-packages bubblewrap libseccomp2
	scripts/bench

fuzz: setup ## look for inputs that break the readers (FUZZ_SECONDS=600, in all)
	@scripts/system-packages bubblewrap
	FUZZ_SECONDS=$(or $(FUZZ_SECONDS),600) .venv/bin/pytest tests/fuzz/campaign/search.py

screenshots: setup ## take the pictures in docs/images anew
	@scripts/system-packages chromium chromium-driver
	.venv/bin/pytest tests/report/screenshots.py

check: setup ## lint, formatting, types and the layers' contract
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

lock: setup ## choose the newest fitting versions anew and write requirements.lock
	.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --only-binary :all: --custom-compile-command "make lock" \
		--extra dev pyproject.toml --output-file requirements.lock

format: setup ## format the code and mend what the linter can mend
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

clean: ## remove .venv, caches and the demo's pages
	rm -rf .venv demo_class .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
