# Python 3.11, git and make are enough to begin: scripts/setup installs what is missing.
PORT ?= 8000
ARGS ?=
PYTHON := .venv/bin/python

.PHONY: help run setup check test bench
.DEFAULT_GOAL := help

help:  ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 14

run:  ## set up, load the demo, serve the site and a worker (make run PORT=8001 for another port)
	@scripts/setup
	@exec $(PYTHON) manage.py start --demo 127.0.0.1:$(PORT)

setup:  ## create .venv and .env and install what is missing
	@scripts/setup

check:  ## lint, format, import contracts, missing migrations, Django's checks for production
	@scripts/setup test
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/lint-imports --no-logo
	@EMBEDDED=1 DATABASE_URL=sqlite://:memory: $(PYTHON) manage.py makemigrations --check --dry-run
	@EMBEDDED=0 DEBUG=0 SECRET_KEY=only-for-this-check-$$(date +%s)-0123456789-abcdefghijklmnopqrstuvwxyz \
	 ALLOWED_HOSTS=engagement.example SITE_URL=https://engagement.example REQUIRE_SECOND_FACTOR=1 \
	 DATABASE_URL=postgres://unused REDIS_URL=redis://unused EMAIL_HOST=unused \
	 $(PYTHON) manage.py check --deploy --fail-level WARNING

test: check  ## every test, on SQLite and then on PostgreSQL with Redis (make test ARGS="-k words" for some)
	@exec $(PYTHON) scripts/test $(ARGS)

bench:  ## the measured claims, as JSON
	@scripts/setup
	@exec $(PYTHON) -m benchmarks
