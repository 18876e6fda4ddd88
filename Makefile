# Everything a newcomer needs; `make help` lists it. Needs Debian 12 or later and the .NET 10 SDK; the rest is installed by name.
SHELL := /bin/sh
PREFIX ?= /usr/local
DESTDIR ?=
ANOCIR := artifacts/bin/anocir
PAGES := artifacts/pages
BENCH := artifacts/bin/anocir-bench
SOURCES := $(shell find src eng -type f -not -name '*.md' 2>/dev/null) Directory.Build.props Directory.Build.targets Directory.Packages.props

# The date in manual pages and packages is that of the last commit, so that the same commit gives the same bytes.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || date +%s)

export DOTNET_NOLOGO := 1
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_SKIP_FIRST_TIME_EXPERIENCE := 1

.PHONY: help run build order test test-uml test-selinux test-vm test-deb test-engines test-engines-vm test-arm64 test-all vm-shell install deb dist bench bench-uml bench-engines format clean deps

help: ## show this list
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18
	@echo "  variables         PREFIX=$(PREFIX) DESTDIR=$(DESTDIR) (install), PEERS=DIR (bench: where runc and crun are)"

run: build ## build anocir and run a container made from Debian's busybox
	@sh eng/demo.sh $(ANOCIR)

build: deps ## build artifacts/bin/anocir, one static binary
	@$(MAKE) --no-print-directory $(ANOCIR)
	@ls -l $(ANOCIR) | awk '{ print "$(ANOCIR): " $$5 " bytes, static, no other file needed" }'

$(ANOCIR): $(SOURCES)
	@echo "building anocir-init and anocir ($$(dotnet --version))"
	@dotnet publish src/Anocir.Cli/Anocir.Cli.csproj -c Release -v quiet -clp:NoSummary
	@install -D -m 755 artifacts/publish/Anocir.Cli/release_linux-*/anocir $@

test: ## format check, warnings as errors, unit and integration tests; LANES=all in every lane, as CI
	@bash eng/test.sh

test-uml: ## the same tests under User-mode Linux: cgroup v2, all capabilities
	@LANES=uml bash eng/test.sh

test-selinux: ## what needs SELinux: that kernel with a small policy
	@LANES=selinux bash eng/test.sh

test-vm: ## the tests that need systemd, and some others, in a virtual machine (software emulation)
	@LANES="vm vm-v1" bash eng/test.sh

test-all: ## every test in every lane, for the night
	@LANES=all VM_TESTS=all bash eng/test.sh
	@$(MAKE) --no-print-directory test-arm64

test-engines: build ## Docker, Podman and containerd from Debian with anocir, on this kernel (root)
	@bash eng/engines-lane.sh

test-engines-vm: build ## the same in a virtual machine: cgroup v2, systemd's cgroups (root, software emulation)
	@bash eng/engines-vm-lane.sh

vm-shell: build ## a shell in a virtual machine with systemd, anocir, Docker and Podman
	@bash eng/vm-lane.sh --shell engines

$(PAGES): $(ANOCIR)
	@rm -rf $@
	@$(ANOCIR) pages $@
	@touch $@

install: $(ANOCIR) $(PAGES) ## install program, manual pages, completions and AppArmor profile below DESTDIR
	sh eng/install.sh $(ANOCIR) $(PAGES) $(DESTDIR)$(PREFIX) $(DESTDIR)/etc

deb: build $(PAGES) ## make artifacts/anocir_VERSION_ARCHITECTURE.deb
	@bash eng/package/deb.sh $(ANOCIR) $(PAGES) artifacts

test-deb: deb ## install the package in a clean Debian tree, use it, purge it (root)
	@bash eng/package/test-deb.sh artifacts/anocir_*_$$(dpkg --print-architecture).deb

dist: build $(PAGES) ## tarballs of x86-64 and arm64, what relinking takes, sources of LGPL libraries, checksums
	@bash eng/package/all.sh $(ANOCIR) $(PAGES) artifacts/dist

test-arm64: build ## cross-build for arm64 and try it in a virtual machine (software emulation)
	@bash eng/arm64.sh artifacts/arm64/anocir
	@bash eng/test-arm64.sh artifacts/arm64/anocir

$(BENCH): $(wildcard bench/Anocir.Bench/*) $(ANOCIR)
	@dotnet publish bench/Anocir.Bench/Anocir.Bench.csproj -c Release -v quiet -clp:NoSummary
	@install -D -m 755 artifacts/publish/Anocir.Bench/release_linux-*/anocir-bench $@

bench: build $(BENCH) ## compare with runc and crun: table, and artifacts/bench.json
	@bash bench/run.sh

bench-uml: build $(BENCH) ## the same on cgroup v2, under User-mode Linux: artifacts/bench-uml.json
	@bash bench/packages.sh
	@bash eng/uml-lane.sh env PEERS="$${PEERS:-}" RUNS=$${RUNS:-12} ROWS="$${ROWS:-start life exec engine memory parallel}" JSON=artifacts/bench-uml.json bash bench/run.sh

order: build ## write eng/startup-order.txt again: which functions a start executes, for the layout of the program (root)
	@bash eng/startup-order.sh $(ANOCIR)

bench-engines: build ## Docker, Podman and the CRI with anocir, crun and runc: artifacts/engines/bench.json, a table, a picture; DOCS=1 writes them into docs
	@bash eng/engines-lane.sh bench
	@[ -z "$(DOCS)" ] || bash bench/document.sh artifacts/engines

format: ## reformat the sources
	dotnet format whitespace --folder . --include src tests bench
	dotnet format style anocir.slnx --severity warn

clean: ## remove everything that was built
	rm -rf artifacts

deps: ## install what is missing, by Debian package name
	@sh eng/deps.sh
