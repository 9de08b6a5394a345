# A thin wrapper: tools/setup.sh installs packages, CMake's presets build, CTest tests.

JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 60
FUZZ_RUNS ?= -1

.PHONY: help demo build check sanitize format lint fuzz bench oracle lockstep crash clean
.NOTPARALLEL:

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

demo: ## Boot Debian's own kernel to a shell (installs, builds and fetches what that needs)
	@tools/setup.sh demo
	@$(MAKE) --no-print-directory release-ringer
	@tools/demo.sh build/release/ringer

.PHONY: release-ringer
release-ringer:
	@cmake --preset release --log-level=WARNING
	@cmake --build --preset release --parallel $(JOBS) --target ringer

build: ## Build everything, tests included
	@tools/setup.sh build
	@cmake --preset release --log-level=WARNING
	@cmake --build --preset release --parallel $(JOBS)

check: ## Build, and run all tests
	@tools/setup.sh check
	@cmake --preset release --log-level=WARNING
	@cmake --build --preset release --parallel $(JOBS)
	@ctest --preset release --parallel $(JOBS)

sanitize: ## Run all tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@tools/setup.sh check
	@cmake --preset sanitize --log-level=WARNING
	@cmake --build --preset sanitize --parallel $(JOBS)
	@ctest --preset sanitize --parallel $(JOBS)

format: ## Format all sources
	@tools/setup.sh check
	@tools/lint.sh format

lint: ## Check format, layers and clang-tidy's findings
	@tools/setup.sh check
	@tools/lint.sh check-format layers tidy

fuzz: ## Run fuzz targets (FUZZ_TARGETS) for FUZZ_SECONDS (60) each, or, with 0, FUZZ_RUNS times
	@tools/setup.sh check
	@cmake --preset fuzz --log-level=WARNING
	@cmake --build --preset fuzz --parallel $(JOBS) --target fuzzers
	@tools/fuzz.sh $(FUZZ_SECONDS) $(FUZZ_RUNS) $(FUZZ_TARGETS)

bench: ## Measure beside QEMU TCG and the host itself; writes docs/reference/performance.md
	@tools/setup.sh bench
	@$(MAKE) --no-print-directory release-ringer
	@bench/run

oracle: ## Hold the CPU to the host's, over ten million trials; writes docs/reference/equivalence.md
	@tools/setup.sh build
	@cmake --preset release --log-level=WARNING
	@cmake --build --preset release --parallel $(JOBS) --target oracle

lockstep: ## Boot Debian's kernel on two engines (ENGINES=A,B), compared all the way
	@tools/setup.sh build
	@$(MAKE) --no-print-directory release-ringer
	@tests/boot/lockstep.sh build/release/ringer $(ENGINES)

crash: ## Kill Ringer 50 times while its guest writes to a disk, and look at what is there
	@tools/setup.sh check
	@cmake --preset release --log-level=WARNING
	@cmake --build --preset release --parallel $(JOBS) --target crash

clean: ## Remove everything that was built or fetched
	@rm -rf build
