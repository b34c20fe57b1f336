# hvm-brand. `make help` lists what there is to make.

PACKAGES = libxml2-dev libedit-dev libxml2-utils qemu-system-x86 ovmf seabios bubblewrap socat grub-common grub-pc-bin \
	grub-efi-amd64-bin xorriso mtools busybox-static cpio binutils python3 strace websockify novnc chromium \
	vncsnapshot tigervnc-tools mandoc bsdextrautils netpbm procps util-linux fdisk e2fsprogs debootstrap \
	python3-yaml python3-jsonschema python3-jinja2 python3-configobj python3-oauthlib python3-requests \
	python3-jsonpatch python3-netifaces python3-serial zsh python3-rich python3-matplotlib
GUEST = .build/guest.iso
EMBEDDED = .build/embedded

STRESS_RUNS = 10
FUZZ_TIME = 60
ROUNDS = 20
VERSION := $(or $(shell sed -n 's/.* text = "\(.*\)"/\1/p' Sources/Text/Version.swift 2>/dev/null),0.1.0)

.PHONY: help setup build test test-long test-stress demo embedded illumos dist illumos-check deb docs pictures bench fuzz install uninstall format clean
export DESTDIR BRANDDIR HOOKS
.DEFAULT_GOAL := help
.NOTPARALLEL:

help: ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what is missing (Debian; a Swift toolchain must be there)
	@tools/setup $(PACKAGES)

build: setup ## build everything for this machine
	swift build

embedded: setup ## build the hooks as Embedded Swift: for Linux, and as bare ELF objects that also suit illumos
	@$(MAKE) --no-print-directory -f tools/hooks.mk linux none-elf

illumos: setup ## link the hooks for illumos, and make them run here
	@$(MAKE) --no-print-directory -f tools/hooks.mk illumos

# A close(2) of what is not open ends the program: see cp_close().
test: export HVM_STRICT = 1
test: setup embedded illumos-check .build/virt-firmware .build/cloud-init ## run every test, the hooks' own on every build of them
	swift build --build-tests
	swift test --skip-build
	HVM_HOOKS=$(EMBEDDED)/linux swift test --skip-build --filter 'AcceptanceTests|ConformanceTests'
	HVM_HOOKS=.build/illumos/run swift test --skip-build --filter 'AcceptanceTests|ConformanceTests'
	HVM_HOOKS=$(EMBEDDED)/none-elf swift test --skip-build --filter EndToEndTests
	tools/fuzz -s 1 20

test-long: export HVM_STRICT = 1
test-long: export HVM_LONG = 1
test-long: setup .build/cloud-init .build/debian.img ## every case of the tests that take long
	swift build --build-tests
	swift test --skip-build --filter EndToEndTests
	@$(MAKE) --no-print-directory bench ROUNDS=2
	tools/dist-again $(VERSION)
	@$(MAKE) --no-print-directory deb
	tools/deb -t $(VERSION)

test-stress: export HVM_STRICT = 1
test-stress: export HVM_LONG = 1
test-stress: setup embedded .build/cloud-init .build/debian.img ## the hooks' tests beside CPU and disk hogs: STRESS_RUNS=10
	swift build --build-tests
	HVM_HOOKS=$(EMBEDDED)/none-elf tools/stress -n $(STRESS_RUNS) \
		swift test --skip-build --filter 'AcceptanceTests|ConformanceTests|EndToEndTests'

.build/virt-firmware:
	@tools/virt-firmware

.build/cloud-init:
	@tools/cloud-init

.build/debian.img:
	@[ "$$(id -u)" -eq 0 ] && tools/debian-guest $@ || echo "make: there is no $@ (root makes it); its tests are skipped" >&2

demo: setup ## build, explain the Debian example, then live through it: install, boot, see its screen, shut down
	swift build
	tools/guest-iso $(GUEST)
	tools/demo
	tools/zonelab-demo .build/debug/zonelab $(GUEST) .build/demo.png

bench: setup embedded .build/virt-firmware ## measure the programs beside others, in one table: ROUNDS=20
	swift build
	swift build -c release --product boot -Xswiftc -static-stdlib
	tools/guest-iso $(GUEST)
	tools/bench -r $(ROUNDS)

fuzz: setup ## try what reads bytes from outside with ever new ones: FUZZ_TIME=60, seconds for each of its targets
	tools/fuzz $(FUZZ_TIME)

pictures: setup ## take the README's pictures of hvm anew, from three machines in the lab
	swift build
	tools/guest-iso $(GUEST)
	tools/pictures .build/debug/zonelab $(GUEST) docs

dist: illumos ## make the kit for OmniOS hosts, dist/hvm-brand-VERSION-illumos.tar.gz
	@tools/dist $(VERSION)

illumos-check: dist ## install, check and uninstall the kit in a scratch root directory, with only POSIX' utilities
	@tools/illumos-check dist/hvm-brand-$(VERSION)-illumos.tar.gz

deb: embedded ## make a Debian package of the lab and of hvm, dist/hvm-brand_VERSION_amd64.deb
	@tools/deb $(VERSION)

docs: build ## print anew what is printed from tables: docs/attributes.md, manual pages, the manifest of the IPS package
	.build/debug/boot -A -j | tools/attributes-page > docs/attributes.md
	for brand in bhyve kvm; do .build/debug/boot -A -j | tools/manual-page $$brand > brand/man/$$brand.7; done
	tools/package-manifest $(VERSION) > brand/hvm-brand.p5m

install: embedded ## lay the brands out below DESTDIR: BRANDDIR=/usr/lib/brand, HOOKS=.build/embedded/linux
	tools/layout install

uninstall: ## remove exactly what install laid out
	tools/layout uninstall

format: ## format the Swift sources
	swift format --in-place --recursive Package.swift Sources Tests

clean: ## remove what was built
	rm -rf .build dist
