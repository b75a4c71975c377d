#include "daemon/auth_password.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "sampler/base/bytes.h"
#include "sampler/base/text.h"

enum {
	MIB = 1 << 20,
	KINDS_MIN = 5,
	LETTERS_MIN = 4,
	REST_MIN = 8,
	POINTS_MAX = 4 * PASSWORD_BYTES
};

/* What is left of a common password without its digits and signs: words, phrases, rows of the
 * keyboard, surnames of the Chinese lists. Shorter ones fall under the rule of four letters. */
static const char *const common[] = { "abcd", "abcdef", "abcdefg", "abcdefgh", "abcdefghij",
	"admin", "admini", "administrator", "adminfan", "aini", "anquan", "asasas", "asda",
	"asdasd", "asdf", "asdfg", "asdfgh", "asdfghjk", "asdfghjkl", "baobao", "baseball",
	"beijing", "bugaosuni", "buzhidao", "changeme", "chen", "chenchen", "chongqing",
	"chocolate", "computer", "default", "dragon", "drawd", "football", "freedom", "gong",
	"gongan", "guangzhou", "guest", "hello", "huang", "iloveu", "iloveyou", "imissyou",
	"internet", "jiancha", "jiang", "jiushiaini", "laopo", "letmein", "liang", "liuliu",
	"liverpool", "login", "love", "lovelove", "loveyou", "manager", "master", "meiyoumima",
	"mima", "monkey", "nihao", "nihaoma", "nishishui", "nishizhu", "nuttertools", "office",
	"pass", "passw", "password", "passwd", "princess", "psswrd", "pssword", "qazwsx",
	"qazwsxedc", "qazxsw", "qwer", "qwerasdf", "qwert", "qwertasdfg", "qwerty", "qwertyui",
	"qwertyuiop", "qwas", "qwaszx", "qweasd", "qweasdzxc", "qweqwe", "qweqweqwe", "root",
	"scjg", "secret", "server", "shanghai", "shenzhen", "shichang", "shijian", "shuangsuiji",
	"summer", "sunshine", "superman", "system", "temp", "test", "tester", "tiantian",
	"usuckballz", "wang", "weihai", "welcome", "windows", "woaini", "woaiziji", "woaimama",
	"woailaopo", "woainima", "woainimama", "woaiwojia", "woaiwoziji", "wobuzhidao", "wodemima",
	"wodezuiai", "wojiushiwo", "woshishei", "woshishen", "woshishui", "woshiwo", "woshinidie",
	"woxiangni", "xiaoming", "xiaoxiao", "yang", "zaqw", "zaqwsx", "zhang", "zhangjian",
	"zhangjing", "zhangliang", "zhangqiang", "zhangwei", "zhao", "zhendeaini", "zhimakaimen",
	"zhou", "zxcv", "zxcvb", "zxcvbn", "zxcvbnm", "zxczxc", "wozhiaini", "wmsxie", "nopassword",
	"mypassword", "fktrcfylh", "operation", "user", "xiazhili", "wangyut", "yuanyuan" };

/* ---- form --------------------------------------------------------------------------------- */

/* The compatibility form as code points; false where it is no text of letters, digits and signs. */
static bool code_points(
	const char *s, utf8proc_option_t further, int32_t *out, size_t room, size_t *n)
{
	size_t bytes = strlen(s);
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;
	*n = 0;
	if (bytes > PASSWORD_BYTES || !text_is_clean(bytes_of(s)))
		return false;
	utf8proc_ssize_t got =
		utf8proc_decompose(p, (utf8proc_ssize_t)bytes, out, (utf8proc_ssize_t)room,
			UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE | further);
	if (got < 0 || (size_t)got > room)
		return false;
	got = utf8proc_normalize_utf32(
		out, got, UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE);
	*n = got < 0 ? 0 : (size_t)got;
	return got >= 0;
}

/* The compatibility form as UTF-8, to be wiped by the caller. */
static bool compatible(const char *password, char *out, size_t room, size_t *bytes)
{
	int32_t points[POINTS_MAX];
	size_t n, at = 0;
	bool ok = code_points(password, 0, points, POINTS_MAX, &n);
	for (size_t i = 0; ok && i < n; i++) {
		ok = at + 4 <= room;
		if (ok)
			at += (size_t)utf8proc_encode_char(points[i], (utf8proc_uint8_t *)out + at);
	}
	*bytes = at;
	sodium_memzero(points, sizeof points);
	return ok;
}

/* ---- rules -------------------------------------------------------------------------------- */

static bool is_han(int32_t c)
{
	return (c >= 0x3400 && c <= 0x9fff) || (c >= 0x20000 && c <= 0x3ffff);
}

static bool is_letter(int32_t c)
{
	utf8proc_category_t k = utf8proc_category(c);
	return k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO;
}

static size_t different(const int32_t *p, size_t n)
{
	size_t kinds = 0;
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < i && p[k] != p[i])
			k++;
		kinds += k == i;
	}
	return kinds;
}

static size_t letters(const int32_t *p, size_t n)
{
	size_t found = 0;
	for (size_t i = 0; i < n; i++)
		found += is_han(p[i]) ? 2 : is_letter(p[i]) ? 1 : 0;
	return found;
}

/* Only Latin letters are compared: the words of the list have no others. */
static bool is_common(const int32_t *p, size_t n)
{
	char core[PASSWORD_MAX + 1];
	size_t at = 0;
	bool found = false;
	for (size_t i = 0; i < n && at < PASSWORD_MAX; i++) {
		if (p[i] >= 'a' && p[i] <= 'z')
			core[at++] = (char)p[i];
		else if (is_letter(p[i]))
			return false;
	}
	core[at] = '\0';
	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		found = found || strcmp(core, common[i]) == 0;
	sodium_memzero(core, sizeof core);
	return found;
}

/* Characters that are left when every `word` is taken out. */
static size_t without(const int32_t *p, size_t n, const char *word)
{
	int32_t w[POINTS_MAX];
	size_t k, left = 0;
	if (!code_points(word, UTF8PROC_CASEFOLD, w, POINTS_MAX, &k) || k < 2)
		return n;
	for (size_t i = 0; i < n; i++) {
		if (i + k <= n && memcmp(p + i, w, k * sizeof *w) == 0)
			i += k - 1;
		else
			left++;
	}
	return left;
}

/* The rule by a word, which drawctl says in the language of who reads (daemon/ctl/tell.c). */
static bool weak(struct err *e, const char *rule)
{
	return err_set(e, ERR_WEAK_PASSWORD, "%s", rule);
}

static bool check(const int32_t *p, size_t n, const char *account, const char *name, struct err *e)
{
	if (n < PASSWORD_MIN || n > PASSWORD_MAX)
		return weak(e, "length");
	if (different(p, n) < KINDS_MIN)
		return weak(e, "variety");
	if (letters(p, n) < LETTERS_MIN)
		return weak(e, "letters");
	if (without(p, n, account) < REST_MIN || without(p, n, name) < REST_MIN)
		return weak(e, "name");
	return !is_common(p, n) || weak(e, "common");
}

bool password_allowed(const char *password, const char *account, const char *name, struct err *e)
{
	int32_t points[POINTS_MAX];
	size_t n;
	bool ok = code_points(password, UTF8PROC_CASEFOLD, points, POINTS_MAX, &n)
			  ? check(points, n, account, name, e)
			  : weak(e, "length");
	sodium_memzero(points, sizeof points);
	return ok;
}

/* ---- argon2id ----------------------------------------------------------------------------- */

bool password_make(
	char out[PASSWORD_STRING], const char *password, struct password_cost cost, struct err *e)
{
	_Static_assert(PASSWORD_STRING == crypto_pwhash_STRBYTES, "libsodium's form");
	char form[4 * POINTS_MAX];
	size_t n;
	bool ok = compatible(password, form, sizeof form, &n) ||
		  err_set(e, ERR_BAD_UTF8, "the password");
	if (ok && crypto_pwhash_str(out, form, n, (unsigned long long)cost.passes,
			  (size_t)cost.memory * MIB) != 0)
		ok = err_set(e, ERR_INTERNAL, "no memory for a password hash");
	sodium_memzero(form, sizeof form);
	return ok;
}

bool password_fits(const char *string, const char *password)
{
	char form[4 * POINTS_MAX];
	size_t n;
	/* one that is no text is not told apart by its time */
	if (!compatible(password, form, sizeof form, &n))
		n = 0;
	bool fits = crypto_pwhash_str_verify(string, form, n) == 0;
	sodium_memzero(form, sizeof form);
	return fits && n > 0;
}

bool password_stale(const char *string, struct password_cost cost)
{
	return crypto_pwhash_str_needs_rehash(
		       string, (unsigned long long)cost.passes, (size_t)cost.memory * MIB) != 0;
}

void password_of(char out[PASSWORD_RANDOM], const uint8_t *bytes, size_t n)
{
	/* 32 of them, none that is taken for another: no 0 O 1 l I */
	static const char letters_of[] = "abcdefghijkmnpqrstuvwxyz23456789";
	size_t at = 0;
	for (size_t i = 0; i < n && i < 20; i++) {
		if (i > 0 && i % 5 == 0)
			out[at++] = '-';
		out[at++] = letters_of[bytes[i] % 32];
	}
	out[at] = '\0';
}

void password_random(char out[PASSWORD_RANDOM])
{
	uint8_t bytes[20];
	randombytes_buf(bytes, sizeof bytes);
	password_of(out, bytes, sizeof bytes);
	sodium_memzero(bytes, sizeof bytes);
}
