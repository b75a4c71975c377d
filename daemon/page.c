/* The page of the API: three files that the build embeds (daemon/web/). Everything is served from
 * here, and the browser is told to load nothing from anywhere else. */
#include "daemon/openapi.h"

#include "daemon/sqltext.h"

static void give(struct request *r, const char *type, const char *text, size_t size)
{
	reply_header(r, "Content-Security-Policy",
		"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
		"object-src 'none'");
	reply_header(r, "Referrer-Policy", "no-referrer");
	reply_bytes(r, type, (struct bytes){ text, size });
}

void page_get(struct request *r)
{
	give(r, "text/html; charset=utf-8", page_html, page_html_size);
}

void page_script(struct request *r)
{
	give(r, "text/javascript; charset=utf-8", page_js, page_js_size);
}

void page_style(struct request *r)
{
	give(r, "text/css; charset=utf-8", page_css, page_css_size);
}
