# Every command can be run again at any time and is quick when nothing has changed.

.DEFAULT_GOAL := help
.PHONY: help install setup run test bench fuzz lint sbom audit system test-system
.NOTPARALLEL:

PYTHON := .venv/bin/python
UV := env UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON=var/tools/bin/python UV_PYTHON_DOWNLOADS=never var/tools/bin/uv

SYSTEM := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig
TEST_SYSTEM := chromium|chromium-browser faketime postgresql redis-server iproute2 poppler-utils gettext \
	default-jre-headless|openjdk-17-jre-headless|openjdk-21-jre-headless libjaxb-java nginx caddy openssl systemd
# FORCE=1: bring the database along to a new version also while a workshop is in session.
FORCED := $(if $(FORCE),--force)
# Processes, each with its own servers: three, as many tests wait more than they work. Browsers keep two processors busy
# in two; there, the one that is through first takes over from the other.
AT_ONCE := -n 3 --dist loadfile --no-loadscope-reorder
BROWSERS := -n 2 --dist worksteal
# Measured pages take half as long again. These, as the browser's tests, go over ground that the others cover.
UNMEASURED := tests/deployment tests/faults tests/fuzz tests/load tests/test_endpoints.py tests/test_hostile_input.py \
	$(addprefix tests/ratings/,carrying/test_between_installations.py journal/test_press.py test_attacks_on_numbers.py \
	test_blindness.py test_stolen_laptop.py)
# What touches the database in this process; the other tests of a database bring it themselves. Attackers see pages alone.
ON_POSTGRESQL := -m django_db tests/workshops tests/ratings --ignore-glob=tests/workshops/test_live* \
	--ignore=tests/ratings/charts --ignore=tests/ratings/journal --ignore=tests/ratings/test_attacks_on_numbers.py

help:  ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: system .venv/synced  ## Install what is missing, and touch no data: `manage.py prepare` is for another user to run

setup: system .venv/synced  ## Install what is missing, prepare the database; afterwards manage.py works
	@$(PYTHON) manage.py prepare $(FORCED)

run: system .venv/synced  ## Do the same, then serve and say where the desk, the wall and the phones are
	@exec $(PYTHON) manage.py serve $(FORCED)

test: system test-system .venv/synced-for-development  ## Run every test, on SQLite and on PostgreSQL with Redis
	@$(PYTHON) manage.py prepare
	$(PYTHON) -m pytest $(BROWSERS) tests/e2e
	$(PYTHON) -m pytest $(AT_ONCE) $(UNMEASURED)
	$(PYTHON) -m tests.with_servers -m pytest $(AT_ONCE) $(ON_POSTGRESQL)
	$(PYTHON) -m coverage erase
	$(PYTHON) -m coverage run -m pytest $(AT_ONCE) $(addprefix --ignore=,tests/e2e $(UNMEASURED))
	@$(PYTHON) -m coverage combine --quiet
	$(PYTHON) -m coverage report

bench: system test-system .venv/synced-for-development  ## Measure saves a second, how fast phones follow and how long journals take
	@$(PYTHON) manage.py prepare
	$(PYTHON) -m tests.load

fuzz: system .venv/synced-for-development  ## Send 100,000 bad inputs to every form and address
	$(PYTHON) -m tests.fuzz

lint: system .venv/synced-for-development  ## Check style, types, import direction, templates and migrations
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	.venv/bin/lint-imports --no-cache
	$(PYTHON) -m djlint --quiet --lint templates
	$(PYTHON) manage.py makemigrations --check --dry-run
	$(PYTHON) manage.py check --fail-level WARNING

sbom: var/tools/bin/uv  ## Write var/sbom.json: what is installed, with versions and hashes, as CycloneDX
	@$(UV) export --frozen --no-dev --format cyclonedx1.5 --output-file var/sbom.json --quiet
	@echo var/sbom.json

audit: var/tools/bin/uv  ## Ask OSV for known vulnerabilities of everything that uv.lock names; it fails if it cannot ask
	@.ci/audit var/tools/bin/uv

system:
	@.ci/system-packages $(SYSTEM)

test-system:
	@.ci/system-packages $(foreach package,$(TEST_SYSTEM),'$(package)')

# uv lives outside .venv, which it may remove and make anew.
var/tools/bin/uv: .ci/install-uv
	@.ci/install-uv var/tools

.venv/synced: uv.lock pyproject.toml var/tools/bin/uv
	@$(UV) sync --locked --inexact
	@touch $@

.venv/synced-for-development: uv.lock pyproject.toml var/tools/bin/uv
	@$(UV) sync --locked --inexact --group dev
	@touch .venv/synced $@
