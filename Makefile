# drawd. `make demo` shows it, `make check` proves it; HACKING.md has the rest.
#   B=build     build folder: gcc, clang, sanitizer and coverage builds live side by side
#   V=1         show the commands       WERROR=1  warnings are errors       CC=clang
VERSION := 0.1.0
B ?= build
PREFIX ?= /usr/local
JOBS ?= $(shell nproc 2>/dev/null || echo 1)
OPT ?= -O2

# ---- flags -----------------------------------------------------------------------------------
is_gcc := $(shell $(CC) --version 2>/dev/null | grep -q 'Free Software Foundation' && echo yes)
is_x86 := $(filter x86_64,$(shell uname -m))
WARN := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wvla -Wundef -Wformat=2 \
	-Wstrict-prototypes -Wmissing-prototypes -Wmissing-declarations -Wcast-qual -Wwrite-strings \
	-Wpointer-arith -Wnull-dereference -Wimplicit-fallthrough $(if $(WERROR),-Werror) \
	$(if $(is_gcc),-Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wformat-overflow=2 \
	-Wformat-signedness)
HARDEN ?= -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection \
	$(if $(is_x86),-fcf-protection)
HARDEN_L ?= -Wl,-z,relro,-z,now,-z,noexecstack
STD := -std=c17 -D_GNU_SOURCE
ALL_CFLAGS = $(STD) $(OPT) -g $(WARN) $(HARDEN) $(SAN) -fPIE -fno-common \
	"-ffile-prefix-map=$(CURDIR)=." $(CFLAGS)
ALL_LDFLAGS = -pie $(HARDEN_L) -Wl,--as-needed $(SAN) $(LDFLAGS)

# The include root is the root of the project. Only the daemon's floor sees other libraries.
PACKAGES := libevent_core libevent_extra libpq libconfig libsodium jansson libutf8proc libsystemd \
	libseccomp liboath xlsxwriter libzip expat
pkg_cflags = $(eval pkg_cflags := $(shell pkg-config --cflags $(PACKAGES)))$(pkg_cflags)
pkg_libs = $(eval pkg_libs := $(shell pkg-config --libs $(PACKAGES)) -lcsv)$(pkg_libs)
INCLUDE = -I.
$(B)/obj/daemon/%.o $(B)/obj/gen/%.o $(B)/obj/tests/%.o: \
	INCLUDE = -I. -I$(B) -DDRAWD_VERSION='"$(VERSION)"' $(pkg_cflags)
$(B)/obj/gen/%.o: WARN += -Wno-overlength-strings
$(B)/obj/sampler/ticket%.o $(B)/obj/sampler/sha256%.o: OPT := $(OPT:-O2=-O3)

# ---- what is built from what: every list is the folder's content ------------------------------
obj = $(patsubst %.c,$(B)/obj/%.o,$(sort $(wildcard $(1))))
SAMPLER := $(call obj,sampler/base/*.c sampler/*.c)
PLANNER := $(call obj,planner/*.c)
GEN     := $(B)/obj/gen/queries.o $(B)/obj/gen/migrations.o $(B)/obj/gen/protocol.o $(B)/obj/gen/program.o \
	$(patsubst daemon/web/api.%,$(B)/obj/gen/page_%.o,$(wildcard daemon/web/api.*))
DAEMON  := $(filter-out $(B)/obj/daemon/drawd.o,$(call obj,daemon/*.c daemon/register/*.c daemon/policy/*.c)) $(GEN)
CTL     := $(call obj,daemon/ctl/*.c)
REPLAY  := $(call obj,daemon/replay/*.c)
GENERATOR := $(call obj,tests/gen/*.c)
UNIT  := $(patsubst tests/unit/%.c,$(B)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))
UNIT_DAEMON := $(patsubst tests/unit/%.c,$(B)/unit/%,$(shell grep -ls '"daemon/' tests/unit/test_*.c))
# BENCH=NAME picks bench_NAME: its program, its script or both; measure_* are what scripts run
BENCHES := $(patsubst tests/bench/%.c,$(B)/bench/%,$(sort $(wildcard tests/bench/bench_*.c tests/bench/measure_*.c)))
FUZZ  := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
HELPERS := $(filter-out $(B)/obj/tests/unit/test_%.o,$(call obj,tests/unit/*.c))
PURE := $(B)/libplanner.a $(B)/libsampler.a
LIBS := $(B)/libdaemon.a $(PURE)
PROGRAMS := $(if $(wildcard daemon/drawd.c),$(B)/drawd) $(if $(CTL),$(B)/drawctl) \
	$(if $(REPLAY),$(B)/drawreplay) $(if $(GENERATOR),$(B)/drawgen)
SUITES := floors headers words rules unit vectors fuzz db http sim e2e faults
TESTS ?= $(SUITES)

# $(call run,WHAT,NAME) before a command: one quiet line, or the command itself with V=1
run = @mkdir -p $(@D)$(if $(V),,; printf '  %-5s %s\n' '$(1)' '$(2)')
hide := $(if $(V),,@)
sub = $(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j$(JOBS))

all: $(LIBS) $(PROGRAMS)
programs-for-tests: all $(UNIT) $(FUZZ)
.PHONY: all programs-for-tests FORCE
.SECONDARY:
.DELETE_ON_ERROR:
FORCE:

# Changed flags rebuild; WERROR alone does not.
$(B)/flags: FORCE
	@mkdir -p $(@D); printf '%s\n' '$(CC) $(STD) $(OPT) $(HARDEN) $(SAN) $(CFLAGS)' | cmp -s - $@ || \
		printf '%s\n' '$(CC) $(STD) $(OPT) $(HARDEN) $(SAN) $(CFLAGS)' >$@

$(B)/obj/%.o: %.c $(B)/flags
	$(call run,CC,$<)
	$(hide)$(CC) $(INCLUDE) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(B)/obj/gen/%.o: $(B)/gen/%.c $(B)/flags daemon/sqltext.h
	$(call run,CC,gen/$*.c)
	$(hide)$(CC) $(INCLUDE) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(DAEMON) $(CTL) $(call obj,daemon/drawd.c tests/*/*.c): | $(B)/gen/queries.h

$(B)/libsampler.a: $(SAMPLER)
$(B)/libplanner.a: $(PLANNER)
$(B)/libdaemon.a: $(DAEMON)
$(B)/%.a:
	$(call run,AR,$@)
	$(hide)rm -f $@ && $(AR) rcs $@ $^

# The replay tool links the pure floors and libsodium, nothing else; `make floors` proves it.
$(B)/drawd: $(call obj,daemon/drawd.c) $(LIBS)
$(B)/drawctl: $(CTL) $(LIBS)
$(B)/drawd: libs = $(pkg_libs)
$(B)/drawctl: libs = $(pkg_libs) $(shell pkg-config --libs libcurl libqrencode)
$(B)/drawreplay: $(REPLAY) $(PURE)
$(B)/drawgen: $(GENERATOR) $(PURE)
$(B)/drawreplay $(B)/drawgen: libs = -lsodium
$(UNIT): $(B)/unit/%: $(B)/obj/tests/unit/%.o $(HELPERS) $(PURE)
$(UNIT_DAEMON): $(B)/libdaemon.a
$(BENCHES): $(B)/bench/%: $(B)/obj/tests/bench/%.o $(B)/obj/tests/bench/world.o $(LIBS)
$(FUZZ): $(B)/fuzz/%: $(B)/obj/tests/fuzz/%.o $(if $(FUZZER),,$(B)/obj/tests/fuzz/main.o) $(LIBS)
$(UNIT): libs = -lcmocka -lsodium
$(UNIT_DAEMON): libs = $(pkg_libs) -lcmocka
$(BENCHES) $(FUZZ): libs = $(pkg_libs) $(FUZZER)
$(PROGRAMS) $(UNIT) $(BENCHES) $(FUZZ):
	$(call run,LINK,$@)
	$(hide)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %/libdaemon.a,$^) \
		$(filter $(PURE),$^) $(libs)

# ---- SQL and the protocol text become tables and bytes (declared in daemon/sqltext.h) ----------
QUERIES := $(sort $(wildcard sql/queries/*.sql))
MIGRATIONS := $(sort $(wildcard sql/migrations/*.sql))
PROTOCOL := $(wildcard sampler/PROTOCOL.md)
$(B)/gen/queries.h $(B)/gen/queries.c: etc/queries.awk $(QUERIES) $(wildcard sql/queries)
	$(call run,GEN,$@)
	$(hide)LC_ALL=C awk -v form=$(subst .,,$(suffix $@)) -f etc/queries.awk $(QUERIES) </dev/null >$@
$(B)/gen/migrations.c: etc/embed.awk $(MIGRATIONS) $(wildcard sql/migrations)
	$(call run,GEN,$@)
	$(hide)LC_ALL=C awk -v form=migrations -f etc/embed.awk $(MIGRATIONS) </dev/null >$@
$(B)/gen/protocol.c: etc/embed.awk $(PROTOCOL)
	$(call run,GEN,$@)
	$(hide)LC_ALL=C awk -v form=protocol_text -f etc/embed.awk $(PROTOCOL) </dev/null >$@

$(B)/gen/page_%.c: etc/embed.awk daemon/web/api.%
	$(call run,GEN,$@)
	$(hide)LC_ALL=C awk -v form=page_$* -f etc/embed.awk daemon/web/api.$* </dev/null >$@

# The freeze names the program by the hashes of its pure sources, bytewise by path.
PURE_SOURCES := $(sort $(wildcard sampler/base/*.[ch] sampler/base/*.def sampler/*.[ch] planner/*.[ch]))
$(B)/gen/program.c: $(PURE_SOURCES)
	$(call run,GEN,$@)
	$(hide)printf '%s\n' $(PURE_SOURCES) | LC_ALL=C sort | xargs sha256sum | sha256sum | LC_ALL=C awk '{ \
		printf "#include \"daemon/sqltext.h\"\n\nconst char program_hash[65] = \"%s\";\n", $$1 }' >$@

# ---- tests -------------------------------------------------------------------------------------
setup:
	@etc/setup.sh
check: setup
	@$(sub) programs-for-tests
	@B='$(B)' V='$(V)' JOBS='$(JOBS)' tests/run.sh $(TESTS)
check-headers: $(B)/gen/queries.h
check-floors: $(PURE) $(if $(REPLAY),$(B)/drawreplay)
check-unit: $(UNIT)
check-fuzz: $(FUZZ)
$(patsubst %,check-%,$(filter-out floors headers words unit fuzz,$(SUITES))): all
$(SUITES:%=check-%):
	@B='$(B)' V='$(V)' JOBS='$(JOBS)' CASE='$(CASE)' tests/run.sh $(@:check-%=%)
check-%: $(B)/unit/test_%
	@CASE='$(CASE)' $<
floors headers words rules: %: check-%
check-headers check-floors: export CC := $(CC)
asan:
	@$(sub) B=$(B)-asan OPT=-O1 SAN='-fsanitize=address,undefined -fno-sanitize-recover=all' \
		HARDEN= HARDEN_L= TESTS='$(or $(filter-out floors headers words rules,$(TESTS)),unit)' check
cover:
	@$(sub) B=$(B)-cover OPT=-O0 SAN=--coverage HARDEN= HARDEN_L= TESTS='unit vectors fuzz' check
	@tests/cover.sh $(B)-cover
bench: all $(BENCHES)
	@B='$(B)' tests/bench/run.sh $(BENCH)
fuzz:
	@etc/setup.sh clang
	@$(sub) CC=clang B=$(B)-fuzz SAN='-fsanitize=address,undefined,fuzzer-no-link' HARDEN= HARDEN_L= \
		FUZZER='-fsanitize=fuzzer' fuzz-programs
	@B=$(B)-fuzz tests/fuzz/fuzz.sh $(or $(FUZZ_SECONDS),60) $(notdir $(FUZZ))
fuzz-programs: $(FUZZ)

# ---- form --------------------------------------------------------------------------------------
C_FILES = $(sort $(wildcard $(foreach d,sampler sampler/base planner daemon daemon/register daemon/policy daemon/ctl \
	daemon/replay tests/unit tests/gen tests/bench tests/fuzz,$(d)/*.c $(d)/*.h)))
format format-check:
	@etc/setup.sh clang-format
	@clang-format $(if $(filter format,$@),-i,--dry-run --Werror) $(C_FILES)
analyze: PRODUCT = $(filter-out tests/%,$(filter %.c,$(C_FILES)))
analyze: $(B)/gen/queries.h
	@etc/setup.sh clang-tidy cppcheck
	@printf '%s\n' $(PRODUCT) | xargs -P$(JOBS) -I{} sh -c 'echo "  TIDY  $$1" && \
		clang-tidy --quiet "$$1" -- $(STD) -I. -I$(B) -DDRAWD_VERSION=\"x\" $(pkg_cflags)' tidy {}
	@cppcheck -q --std=c11 --enable=warning,style,performance,portability --library=posix,bsd \
		--inline-suppr --suppress=missingIncludeSystem --suppress=uninitvar \
		--suppress=uninitStructMember --error-exitcode=1 -D_GNU_SOURCE -I. -I$(B) $(PRODUCT)

# ---- the demo, installation, release -----------------------------------------------------------
demo: setup
	@$(sub) all
	@B='$(B)' ENTITIES='$(ENTITIES)' INSPECTORS='$(INSPECTORS)' POLICY='$(POLICY)' etc/demo.sh start
demo-stop:
	@B='$(B)' etc/demo.sh stop

# source files, target folder below PREFIX, mode
INSTALL_LIST = '$(B)/drawd sbin 755' '$(B)/drawctl bin 755' '$(B)/drawreplay bin 755' \
	'sampler/PROTOCOL.md share/drawd 644' 'sampler/verify.py share/drawd 755' \
	$(foreach n,1 5 7 8,$(patsubst %,'% share/man/man$(n) 644',$(wildcard etc/man/*.$(n))) \
	$(patsubst %,'% share/man/zh_CN/man$(n) 644',$(wildcard etc/man/zh_CN/*.$(n)))) \
	'etc/calendar/cn.txt share/drawd/calendar 644' 'etc/policy/labels.conf share/drawd 644' \
	'etc/policy/departments.conf share/drawd 644' \
	'etc/completion/drawctl.bash share/bash-completion/completions 644' \
	'etc/completion/_drawctl share/zsh/site-functions 644' \
	$(patsubst %,'% share/drawd/examples 644',$(wildcard etc/*.conf etc/policy/*.conf etc/policy/*.csv etc/calendar/*)) \
	$(patsubst %,'% share/drawd/examples/schemes 644',$(wildcard etc/policy/schemes/*.conf)) \
	$(patsubst %,'% lib/systemd/system 644',$(wildcard systemd/*.service systemd/*.target)) \
	$(patsubst %,'% lib/sysusers.d 644',$(wildcard systemd/sysusers.d/*.conf)) \
	$(patsubst %,'% lib/tmpfiles.d 644',$(wildcard systemd/tmpfiles.d/*.conf))
install: all
	@for line in $(INSTALL_LIST); do set -- $$line; [ -e "$$1" ] || continue; \
		install -D -m "$$3" "$$1" "$(DESTDIR)$(PREFIX)/$$2/$${1##*/}" || exit 1; done
uninstall:
	@for line in $(INSTALL_LIST); do set -- $$line; rm -f "$(DESTDIR)$(PREFIX)/$$2/$${1##*/}"; done
dist:
	@mkdir -p $(B)/dist && git archive --format=tar --prefix=drawd-$(VERSION)/ HEAD | gzip -n9 \
		>$(B)/dist/drawd-$(VERSION).tar.gz
	@rm -rf $(B)/dist/try && mkdir $(B)/dist/try && tar -xzf $(B)/dist/drawd-$(VERSION).tar.gz -C $(B)/dist/try
	@$(sub) -C $(B)/dist/try/drawd-$(VERSION) B=build check && rm -rf $(B)/dist/try
	@sha256sum $(B)/dist/drawd-$(VERSION).tar.gz
clean:
	@[ ! -d '$(B)/demo' ] || B='$(B)' etc/demo.sh stop
	rm -rf $(B) $(B)-asan $(B)-cover $(B)-fuzz
# The targets that people ask for; HACKING.md says more.
help:
	@printf '  make %-14s %s\n' \
		'' '编译 / build into $(B)/' \
		check '编译并运行全部测试 / build, run every test' \
		check-NAME '一组测试，如 check-http / one suite, such as check-http' \
		demo '演示一个轮次并保持运行 / run a round and keep running' \
		demo-stop '结束演示 / end it' \
		setup '安装缺少的软件包 / install what is missing' \
		install '安装到 DESTDIR PREFIX / install; uninstall undoes it' \
		dist '打包 / a tarball that passed its tests' \
		clean '删除 $(B)/ / remove it'
	@printf '\n  B=%s  CC=%s  V=1  WERROR=1    HACKING.md\n' '$(B)' '$(CC)'
.PHONY: help setup check $(SUITES:%=check-%) floors headers words asan cover bench fuzz fuzz-programs \
	format format-check analyze demo demo-stop install uninstall dist clean

-include $(patsubst %.o,%.d,$(SAMPLER) $(PLANNER) $(DAEMON) $(CTL) $(REPLAY) \
	$(call obj,daemon/drawd.c tests/*/*.c))
