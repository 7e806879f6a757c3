# `make run` and `make test` need python3 (3.11 or later) with venv; the rest is installed into .venv on first use.
PYTHON ?= python3
METRIC_LAB_PORT ?= 8501
# Idle OpenMP threads sleep instead of spinning, so that training and the page share few cores fairly.
OMP_WAIT_POLICY ?= PASSIVE
export OMP_WAIT_POLICY
# Python keeps what it compiled, even where a container says otherwise: each process would compile torch anew, for 15 s.
unexport PYTHONDONTWRITEBYTECODE
# How many trainings this host takes at a time for a cluster.
COUNT ?= 1
# Processes that share the tests. Each has a browser of its own and about a gigabyte of libraries.
WORKERS ?= 2

# TORCH=cpu takes a torch without what only graphics cards need, from PyTorch's own channel; .venv then stays so.
TORCH ?= $(patsubst .venv/torch-%.stamp,%,$(wildcard .venv/torch-cpu.stamp))
CHANNEL := https://download.pytorch.org/whl
ifneq ($(TORCH),$(filter cpu,$(TORCH)))
$(error TORCH must be cpu or not be given, got $(TORCH). Without it comes the torch that can use an Nvidia card)
endif

IN_VENV := .venv/bin/python -m
# The files with something to compile.
KERNELS := $(wildcard core/kernels/*.py)
INSTALL := $(IN_VENV) core.system.installation -c constraints.txt

.PHONY: help run class scheduler workers test soak lint format check bench look record browser lock newest

help: ## list these targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

run: .venv/kernels.stamp ## install what is missing, start the dashboard on 127.0.0.1 and print its address
	@echo "Metric Lab starts at http://127.0.0.1:$(METRIC_LAB_PORT); Ctrl+C stops it, METRIC_LAB_PORT=8600 make run chooses another port"
	@$(IN_VENV) streamlit run dashboard/app.py --server.port $(METRIC_LAB_PORT)

class: .venv/kernels.stamp ## serve a class: makes a code, prints the address with its QR code, lets in who enters the code; LIMIT=epochs=20 for all
	@$(IN_VENV) dashboard.entrance.open_class --port $(METRIC_LAB_PORT) $(if $(LIMIT),--limit "$(LIMIT)")

scheduler: .venv/runtime.stamp ## start the scheduler of a cluster, over TLS, and print what workers and the dashboard need
	@$(IN_VENV) core cluster scheduler

workers: .venv/kernels.stamp ## start workers on this host: make workers SCHEDULER=tls://10.0.0.5:8786 COUNT=4
	@$(IN_VENV) core cluster workers $(SCHEDULER) --count $(COUNT)

test: ## install what testing needs and run every check; WORKERS=4 make test takes more processes than two
	@$(MAKE) --no-print-directory --jobs=3 lint browser .venv/kernels.stamp
	$(IN_VENV) pytest --numprocesses=$(WORKERS) --dist=loadfile --no-loadscope-reorder

lint: .venv/tests.stamp
	$(IN_VENV) ruff check
	$(IN_VENV) ruff format --check
	$(IN_VENV) pyrefly check

format: .venv/tests.stamp ## format the code; write the generated papers and the curves of the cards again
	$(IN_VENV) ruff check --fix
	$(IN_VENV) ruff format
	$(IN_VENV) core.makers.catalogue docs/METHODS.md
	$(IN_VENV) core.makers.standings --table docs/RESULTS.md
	$(IN_VENV) core.makers.unseen --table docs/RESULTS.md
	$(IN_VENV) core.makers.sweeps --table docs/RESULTS.md
	$(IN_VENV) core.makers.easier_protocols --table docs/RESULTS.md
	$(IN_VENV) core.makers.planted_suspects --table docs/RESULTS.md
	$(IN_VENV) core.makers.architecture docs/ARCHITECTURE.md
	$(IN_VENV) core.makers.loss_curves assets/curves.json
	$(IN_VENV) core.makers.kept_questions

soak: browser .venv/tests.stamp .venv/kernels.stamp ## run the checks that take longer than `make test` may
	$(IN_VENV) pytest -m soak

check: .venv/tests.stamp ## check one loss, miner, distance, data set, goal or page alone: make check triplet
	@PYTHONPATH=. .venv/bin/python tests/check.py $(NAME)

# What stands after `check` is its name, not a target of its own.
ifeq (check,$(firstword $(MAKECMDGOALS)))
NAME := $(wordlist 2,$(words $(MAKECMDGOALS)),$(MAKECMDGOALS))
.PHONY: $(NAME)
$(NAME):
	@:
endif

bench: .venv/tests.stamp .venv/kernels.stamp ## measure every bar against its peer; fails when one falls short
	PYTHONPATH=. .venv/bin/python tests/bench/run.py

look: browser .venv/tests.stamp .venv/kernels.stamp ## make pictures of every page at four sizes in both themes, in look/
	$(IN_VENV) tests.browser.look

record: .venv/runtime.stamp ## train the recorded runs in assets/ again
	$(IN_VENV) core record

lock: ## write constraints.txt anew with the newest that the ranges allow
	$(PYTHON) tests/environments/lock.py

newest: browser .venv/tests.stamp ## try every check with the newest that the ranges allow; say what moved and what broke
	PYTHONPATH=. .venv/bin/python tests/environments/newest.py

browser:
	@bash tests/browser.sh

# What stands in constraints.txt is installed, pip itself first. A torch that is there in that version is kept.
.venv/runtime.stamp: requirements.txt constraints.txt $(if $(TORCH),.venv/torch-$(TORCH).stamp,.venv/pip.stamp)
	@$(INSTALL) -r requirements.txt
	@touch $@

.venv/pip.stamp: constraints.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Metric Lab needs Python 3.11 or later, got " + sys.version.split()[0] + ". Name a newer one: make PYTHON=python3.12")'
	@$(IN_VENV) pip --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv
	@$(IN_VENV) pip install --quiet --disable-pip-version-check -c constraints.txt pip
	@touch $@

# Both from one channel, and without what they need, which comes from where everything else comes from.
.venv/torch-cpu.stamp: constraints.txt .venv/pip.stamp
	@test ! -d .venv/lib/python3*/site-packages/nvidia || { echo "The torch in .venv is the one for graphics cards. Remove .venv, then run make again." >&2; exit 1; }
	@$(INSTALL) --no-deps --index-url $(CHANNEL)/cpu torch torchvision
	@touch $@

.venv/kernels.stamp: .venv/runtime.stamp $(KERNELS)
	@$(IN_VENV) core.jobs.warm_up
	@touch $@

.venv/tests.stamp: tests/requirements.txt .venv/runtime.stamp
	@$(INSTALL) -r tests/requirements.txt
	@touch $@
