# Everything a newcomer needs; `make help` lists it. Needs Debian 12 or later and the .NET 10 SDK; the rest is installed by name.
SHELL := /bin/sh
PREFIX ?= /usr/local
DESTDIR ?=
ANOCIR := artifacts/bin/anocir
SOURCES := $(shell find src eng -type f -not -name '*.md' 2>/dev/null) Directory.Build.props Directory.Build.targets Directory.Packages.props

export DOTNET_NOLOGO := 1
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_SKIP_FIRST_TIME_EXPERIENCE := 1

.PHONY: help run build test test-vm test-all vm-shell install bench format clean deps

help: ## show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18
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

test: deps ## format check, warnings as errors, unit and integration tests
	@bash eng/test.sh

test-vm: deps ## the tests that need systemd, and some others, in a virtual machine (software emulation)
	@LANES=vm bash eng/test.sh

test-all: deps ## every test in every lane, for the night
	@LANES="host uml vm" VM_TESTS=all bash eng/test.sh

vm-shell: build ## a shell in a virtual machine with systemd, anocir, Docker and Podman
	@bash eng/vm-lane.sh --shell engines

install: $(ANOCIR) ## install the program to DESTDIR+PREFIX/bin
	install -D -m 755 $(ANOCIR) $(DESTDIR)$(PREFIX)/bin/anocir

bench: build ## compare with runc and crun: table, and artifacts/bench.json
	@bash bench/run.sh

format: ## reformat the sources
	dotnet format whitespace --folder . --include src tests bench
	dotnet format style anocir.slnx --severity warn

clean: ## remove everything that was built
	rm -rf artifacts

deps: ## install what is missing, by Debian package name
	@sh eng/deps.sh
