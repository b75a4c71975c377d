/* audit export, verify: the chain of the audit log, recomputed by whoever holds an export of it
 * (sql/README.md: the canonical text of an entry), and held to the anchors in the public log. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/ctl/publiclog.h"
#include "daemon/ctl/verbs.h"
#include "sampler/base/text.h"

/* An entry at a time, from the server or from a file. */
typedef bool each_entry(void *ctx, json_t *entry, int *exit_code);

static bool walk_server(struct ctl *c, each_entry *each, void *ctx, int *exit_code)
{
	int64_t after = 0;
	do {
		struct reply reply;
		size_t i;
		json_t *entry;
		const char *path =
			arena_printf(c->arena, "/api/v1/audit/chain?after=%lld", (long long)after);
		if (!client_get(c, path, &reply, exit_code))
			return false;
		json_array_foreach(json_object_get(reply.json, "entries"), i, entry)
		{
			if (!each(ctx, entry, exit_code))
				return false;
		}
		after = member_int(reply.json, "next");
		client_forget(c);
		tell_progress(c, TR(c, "读取审计日志", "reading the audit log"), after, 0);
	} while (after > 0);
	tell_progress_end(c);
	return true;
}

static bool walk_file(struct ctl *c, const char *file, each_entry *each, void *ctx, int *exit_code)
{
	bool standard = strcmp(file, "-") == 0, ok = true;
	FILE *in = standard ? stdin : fopen(file, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	if (in == NULL) {
		*exit_code = tell(c, ERR_FILE, "%s: %s", file, strerror(errno));
		return false;
	}
	for (long number = 1; ok && (n = getline(&line, &room, in)) > 0; number++) {
		json_t *entry = json_loadb(line, (size_t)n, JSON_REJECT_DUPLICATES, NULL);
		bool export = number > 1 || (json_is_string(json_object_get(entry, "text")) &&
						    json_is_string(json_object_get(entry, "hash")));
		if (!export)
			*exit_code = tell(c, ERR_NOT_AUDIT_EXPORT, "%s:1", file);
		else if (entry != NULL)
			ok = each(ctx, entry, exit_code);
		else
			*exit_code = tell(c, ERR_BAD_TEXT, "%s:%ld", file, number);
		ok = ok && export && entry != NULL;
		json_decref(entry);
	}
	free(line);
	if (!standard)
		fclose(in);
	return ok;
}

/* ---- export --------------------------------------------------------------------------------- */

struct export
{
	struct ctl *c;
	int fd;
	int64_t rows, bytes;
};

static bool export_entry(void *ctx, json_t *entry, int *exit_code)
{
	struct export *x = ctx;
	char *text = json_dumps(entry, JSON_COMPACT);
	bool ok = text != NULL && write_all(x->fd, bytes_of(text)) && write_all(x->fd, BYTES("\n"));
	x->bytes += text != NULL ? (int64_t)strlen(text) + 1 : 0;
	x->rows++;
	free(text);
	if (!ok)
		*exit_code = tell(x->c, ERR_FILE, "%s", strerror(errno));
	return ok;
}

int ctl_audit_export(struct ctl *c)
{
	struct export x = { .c = c };
	int code = CTL_OK;
	if (!open_output(c, &x.fd))
		return CTL_REFUSED;
	bool ok = walk_server(c, export_entry, &x, &code);
	if (!close_output(c, x.fd))
		return CTL_REFUSED;
	if (ok)
		tell_written(c, x.rows, x.bytes);
	return code;
}

/* What the server says of itself; audit verify proves it. */
int ctl_audit_anchors(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	size_t i;
	json_t *a;
	if (!client_get(c, "/api/v1/audit/anchors", &reply, &code) || tell_raw(c, &reply))
		return code;
	printf(TR(c, "审计日志 %lld 条，末条哈希 %s\n", "%lld entries, hash of the last %s\n"),
		(long long)member_int(reply.json, "entries"), member_text(reply.json, "hash"));
	json_array_foreach(json_object_get(reply.json, "anchors"), i, a)
	{
		printf(TR(c, "%s  %lld 条  %s  日志 %lld\n", "%s  %lld entries  %s  log %lld\n"),
			member_text(a, "date"), (long long)member_int(a, "entries"),
			member_text(a, "audit"), (long long)member_int(a, "entry"));
	}
	return CTL_OK;
}

/* ---- verify --------------------------------------------------------------------------------- */

struct chain {
	struct ctl *c;
	struct anchors anchors;
	size_t held; /* anchors that the chain was held to so far */
	uint64_t seq; /* of the last entry */
	struct hash hash; /* its hash: the next one's prev */
};

/* Anchors of what has been read so far. The log's anchors go up; a later one that does not is a
 * contradiction in itself. */
static bool hold_to_anchors(struct chain *k, int *exit_code)
{
	while (k->held < k->anchors.n && k->anchors.all[k->held].entries <= k->seq) {
		const struct anchor *a = &k->anchors.all[k->held++];
		if (a->entries == k->seq && memcmp(a->audit.b, k->hash.b, sizeof k->hash.b) == 0)
			continue;
		*exit_code = tell(k->c, ERR_AUDIT_ANCHOR, "%s: seq %llu, log entry %llu", a->date,
			(unsigned long long)a->entries, (unsigned long long)a->index);
		return false;
	}
	return true;
}

static void hash_entry(struct chain *k, const char *text)
{
	crypto_hash_sha256_state s;
	crypto_hash_sha256_init(&s);
	crypto_hash_sha256_update(&s, k->hash.b, sizeof k->hash.b);
	crypto_hash_sha256_update(&s, (const unsigned char *)text, strlen(text));
	crypto_hash_sha256_final(&s, k->hash.b);
}

/* The text says its own number; hash = SHA256(prev ‖ text). */
static bool chain_entry(void *ctx, json_t *entry, int *exit_code)
{
	struct chain *k = ctx;
	uint8_t told[32];
	char head[64];
	const char *text = member_text(entry, "text");
	snprintf(head, sizeof head, "drawd/audit/v1\nseq %llu\n", (unsigned long long)k->seq + 1);
	bool ok = strncmp(text, head, strlen(head)) == 0 &&
		  member_int(entry, "seq") == (int64_t)k->seq + 1 &&
		  text_hex(bytes_of(member_text(entry, "hash")), told, sizeof told);
	if (ok) {
		hash_entry(k, text);
		ok = memcmp(told, k->hash.b, sizeof told) == 0;
	}
	if (!ok) {
		*exit_code =
			tell(k->c, ERR_AUDIT_CHAIN, "seq %llu", (unsigned long long)k->seq + 1);
		return false;
	}
	k->seq++;
	return hold_to_anchors(k, exit_code);
}

/* Anchors beyond the end: the server has lost entries; an export may just be older. */
static bool check_end(struct chain *k, bool exported, int *exit_code)
{
	if (k->held == k->anchors.n || exported)
		return true;
	const struct anchor *a = &k->anchors.all[k->held];
	*exit_code = tell(k->c, ERR_AUDIT_ANCHOR, "%s: seq %llu; the audit log ends at %llu",
		a->date, (unsigned long long)a->entries, (unsigned long long)k->seq);
	return false;
}

static void tell_verified(struct ctl *c, const struct chain *k)
{
	struct buf hex = buf_new(c->arena, 72);
	buf_hex(&hex, k->hash.b, sizeof k->hash.b);
	buf_byte(&hex, '\0');
	const struct anchor *last = k->held > 0 ? &k->anchors.all[k->held - 1] : NULL;
	uint64_t loose = k->seq - (last != NULL ? last->entries : 0);
	size_t beyond = k->anchors.n - k->held;
	if (c->o.json) {
		printf("{\"entries\":%llu,\"hash\":\"%s\",\"anchors\":%zu,\"unanchored\":%llu,"
		       "\"beyond\":%zu,\"log\":%llu}\n",
			(unsigned long long)k->seq, hex.p, k->held, (unsigned long long)loose,
			beyond, (unsigned long long)k->anchors.size);
		return;
	}
	printf(TR(c, "审计日志 %llu 条，哈希链完整，末条哈希 %s\n",
		       "%llu entries, the chain is whole, hash of the last %s\n"),
		(unsigned long long)k->seq, hex.p);
	printf(TR(c, "公开日志中 %zu 次锚定全部相符，最近一次 %s；其后 %llu 条尚未锚定\n",
		       "%zu anchors of the public log agree, the last of %s; %llu entries behind it are not anchored yet\n"),
		k->held, last != NULL ? last->date : "-", (unsigned long long)loose);
	if (beyond > 0)
		printf(TR(c, "另有 %zu 次锚定在导出之后，未核对：请重新导出\n",
			       "%zu anchors were made after this export and are not checked: export again\n"),
			beyond);
}

int ctl_audit_verify(struct ctl *c)
{
	struct chain k = { .c = c };
	int code = CTL_OK;
	bool exported = c->o.args > 0;
	if (!anchors_read(c, c->o.trust, &k.anchors, &code) || !hold_to_anchors(&k, &code))
		return code;
	bool ok = exported ? walk_file(c, c->o.arg[0], chain_entry, &k, &code)
			   : walk_server(c, chain_entry, &k, &code);
	if (ok && check_end(&k, exported, &code))
		tell_verified(c, &k);
	return code;
}
