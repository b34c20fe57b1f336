# Builds the hooks as Embedded Swift, from the same sources as `swift build`, for three systems:
#   linux     .build/embedded/linux/HOOK      for Linux, linked with clang as any program is
#   none-elf  .build/embedded/none-elf/HOOK   for a bare System V x86_64, linked with gcc and glibc here, to test it;
#             HOOK.hook.o beside it           the Swift of it in one relocatable object, which is what illumos' linker gets
#   illumos   .build/illumos/HOOK             for illumos, from that object and our C
#             .build/illumos/libxml2.so.16/HOOK   the same where libxml2 is 2.14 or later
#             .build/illumos/run/HOOK         the same behind illumos-run, which plays illumos: a program of this machine
# usage: make -f tools/hooks.mk [linux] [none-elf] [illumos]
# illumos needs nothing of illumos: tools/illumos.d has what we use of it. What there is to build is said by Package.swift.

MAKEFLAGS += --no-builtin-rules -j$(shell nproc)
SHELL = /bin/bash
.SHELLFLAGS = -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: all linux none-elf illumos programs
all: linux none-elf illumos

out = .build/embedded
include $(out)/targets.mk
$(out)/targets.mk: Package.swift tools/targets
	@mkdir -p $(@D)
	swift package --scratch-path .build/package dump-package | tools/targets >$@

directories = $(foreach module,$(C_MODULES),$(directory.$(module)))
includes = $(directories:%=-I%/include)
headers = $(wildcard $(directories:%=%/include/*))
c_sources = tools/entry.c $(wildcard $(directories:%=%/*.c))
c_objects = $(notdir $(c_sources:.c=.o))
vpath %.c $(sort $(dir $(c_sources))) tools/illumos.d

programs: # the names of all of them
	@echo $(HOOKS)

# ---- our C, for this machine ----

$(out)/c/%.o: %.c tools/hooks.mk
	@mkdir -p $(@D)
	gcc -O2 -Wall -Wextra $(includes) -I/usr/include/libxml2 -fPIC -ffunction-sections -MMD -MP -c $< -o $@

-include $(wildcard $(out)/c/*.d)

# ---- Swift, as Embedded Swift ----

triple.linux = x86_64-unknown-linux-gnu
triple.none-elf = x86_64-unknown-none-elf
tables = $(shell dirname "$$(dirname "$$(readlink -f "$$(command -v swiftc)")")")/lib/swift/embedded/$(1)/libswiftUnicodeDataTables.a

# A module's sources, and the directories that they are in: these are newer when a file was removed.
sources = $(shell find $(directory.$(1)) -name '*.swift' -o -type d | LC_ALL=C sort)
below = $(patsubst %,$(out)/$(1)/%.o,$(filter $(MODULES),$(needs.$(2))))

# What the compiler would copy to each place where strings are put together is called instead: a fifth of all code. clang makes
# the object, since swiftc cannot put each constant into a section of its own: one table of closures would keep all their code.
calls = -Xllvm -sil-inline-never-functions=DefaultStringInterpolation -Xllvm -sil-inline-never-functions=SS6appendyySSF
define module # FLAVOUR MODULE
$(out)/$(1)/$(2).o: $(call sources,$(2)) $(call below,$(1),$(2)) $(headers) tools/hooks.mk
	@mkdir -p $$(@D)
	swiftc -swift-version 6 -enable-experimental-feature Embedded -wmo -Osize -parse-as-library $(calls) \
		-target $(triple.$(1)) -package-name $(PACKAGE) -Xfrontend -function-sections -Xcc -ffreestanding \
		-file-prefix-map "$$$$PWD=." -I $(out)/$(1) $(includes) -module-name $(2) $(3) \
		-emit-module -emit-module-path $(out)/$(1)/$(2).swiftmodule -emit-ir $$(filter %.swift,$$^) -o $$(@:.o=.ll)
	clang --target=$(triple.$(1)) -O2 -Xclang -disable-llvm-passes -fPIC -ffunction-sections -fdata-sections \
		-Wno-override-module -c $$(@:.o=.ll) -o $$@

endef
entry = -Xfrontend -entry-point-function-name -Xfrontend hvm_main

# One relocatable object a hook, with nothing unused and nothing of Swift's own sections in it. Its ELF OSABI becomes System V,
# which illumos' linker takes.
define hook # FLAVOUR HOOK
$(out)/$(1)/$(2).hook.o: $(out)/$(1)/$(target.$(2)).o $(call below,$(1),$(target.$(2))) tools/illumos.d/symbols
	ld.lld -m elf_x86_64 -r --gc-sections -e hvm_main -o $$@ $$(filter %.o,$$^) $(call tables,$(triple.$(1)))
	llvm-objcopy --remove-section=.swift_modhash --remove-section=.swift1_autolink_entries \
		--remove-section=.linker-options $$@
	printf '\0' | dd of=$$@ bs=1 seek=7 conv=notrunc status=none
	tools/illumos.d/check -o $$@

$(out)/$(1)/$(2): $(out)/$(1)/$(2).hook.o $(c_objects:%=$(out)/c/%)
	gcc -o $$@ $$^ -lxml2 -lm -Wl,--gc-sections -s
	@echo "embedded: $$@ ($$$$(stat -c %s $$@) bytes)"

$(1): $(out)/$(1)/$(2)

endef

$(foreach flavour,linux none-elf,\
	$(foreach name,$(MODULES),$(eval $(call module,$(flavour),$(name))))\
	$(foreach name,$(HOOKS),\
		$(eval $(call module,$(flavour),$(target.$(name)),$(entry)))\
		$(eval $(call hook,$(flavour),$(name)))))

# ---- illumos ----

illumos = .build/illumos
objects = $(illumos)/objects
libraries = $(shell awk -F '\t' '/^[^#]/ { print $$2 }' tools/illumos.d/symbols | sort -u)
# What libxml2 is called on the host: its name until 2.14, and since.
xml = libxml2.so.2
new_xml = libxml2.so.16

# Our headers instead of this system's, and what gcc defines on illumos instead of what clang does.
clang = clang --target=x86_64-pc-solaris2.11 -m64 -D_REENTRANT -U__EXTENSIONS__ -U_XOPEN_SOURCE -nostdlibinc \
	-isystem tools/illumos.d/include -isystem /usr/include/libxml2 $(includes) -Itools/illumos.d \
	-O2 -Wall -Wextra -Werror -fPIC -ffunction-sections -MMD -MP -c $< -o $@

$(objects)/%.o: %.c tools/hooks.mk
	@mkdir -p $(@D)
	$(clang)

$(objects)/start.o: tools/illumos.d/start.S tools/hooks.mk
	@mkdir -p $(@D)
	$(clang)

-include $(wildcard $(objects)/*.d)

$(objects)/%.s: tools/illumos.d/symbols tools/illumos.d/stub
	@mkdir -p $(@D)
	tools/illumos.d/stub $(@F:.s=) <$< >$@

$(objects)/$(new_xml).s: $(objects)/$(xml).s
	cp $< $@

$(patsubst %,$(objects)/%,$(libraries) $(new_xml)): %: %.s
	clang --target=x86_64-pc-solaris2.11 -c $< -o $@.o
	ld.lld -m elf_x86_64 -shared --hash-style=sysv -soname $(@F) -o $@ $@.o

# ld.so.1 reads the old kind of hash table. Everything is bound at the start, and stays where the linker put it.
link = ld.lld -m elf_x86_64 -e _start -dynamic-linker /lib/amd64/ld.so.1 --hash-style=sysv -z now -z norelro \
	--gc-sections --no-undefined --strip-all -o $@ $(filter %.o,$^) --as-needed $(filter $(objects)/lib%,$^)
parts = $(patsubst %,$(objects)/%,$(c_objects) start.o)

$(HOOKS:%=$(illumos)/%): $(illumos)/%: $(out)/none-elf/%.hook.o $(parts) $(libraries:%=$(objects)/%) | $(objects)/abi.o
	$(link)

$(HOOKS:%=$(illumos)/$(new_xml)/%): $(illumos)/$(new_xml)/%: $(out)/none-elf/%.hook.o $(parts) \
		$(patsubst %,$(objects)/%,$(libraries:$(xml)=$(new_xml))) | $(objects)/abi.o
	@mkdir -p $(@D)
	$(link)

$(illumos)/checked: $(HOOKS:%=$(illumos)/%) $(HOOKS:%=$(illumos)/$(new_xml)/%) tools/illumos.d/check
	tools/illumos.d/check -a $(filter-out $(illumos)/$(new_xml)/%,$(filter $(illumos)/%,$^))
	tools/illumos.d/check -x $(new_xml) $(filter $(illumos)/$(new_xml)/%,$^)
	@touch $@

$(illumos)/illumos-run: $(wildcard tools/illumos.d/run/* tools/illumos.d/*.def) tools/hooks.mk
	@mkdir -p $(@D)
	gcc -O2 -Wall -Wextra -Werror=implicit-function-declaration -fno-omit-frame-pointer -Itools/illumos.d \
		-I/usr/include/libxml2 $(filter %.c,$^) -o $@ -s -lxml2 -lm

# Behind the loader, from a page on, the executable as it is.
$(HOOKS:%=$(illumos)/run/%): $(illumos)/run/%: $(illumos)/illumos-run $(illumos)/% $(illumos)/checked
	@mkdir -p $(@D)
	cp $< $@.new
	truncate -s %4096 $@.new
	cat $(word 2,$^) >>$@.new
	mv $@.new $@
	@echo "illumos: $(word 2,$^) ($$(stat -c %s $(word 2,$^)) bytes)"

illumos: $(HOOKS:%=$(illumos)/run/%)
