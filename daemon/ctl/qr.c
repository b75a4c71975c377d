/* A text as a QR code on the terminal, two rows of modules in a line of half blocks. */
#include <qrencode.h>
#include <sodium.h>
#include <stdio.h>

#include "daemon/ctl/session.h"

enum { MARGIN = 2 }; /* light modules around it */

static bool dark(const QRcode *code, int x, int y)
{
	if (x < 0 || y < 0 || x >= code->width || y >= code->width)
		return false;
	return (code->data[y * code->width + x] & 1) != 0;
}

static void put_half_rows(const QRcode *code, int y)
{
	static const char *const blocks[2][2] = { { " ", "▄" }, { "▀", "█" } };
	fputs("\033[30;107m", stderr); /* dark on light, whatever the terminal's colours */
	for (int x = -MARGIN; x < code->width + MARGIN; x++)
		fputs(blocks[dark(code, x, y)][dark(code, x, y + 1)], stderr);
	fputs("\033[0m\n", stderr);
}

void show_qr(const char *text)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
	if (code == NULL)
		return; /* the text itself stands above */
	for (int y = -MARGIN; y < code->width + MARGIN; y += 2)
		put_half_rows(code, y);
	sodium_memzero(code->data, (size_t)code->width * (size_t)code->width);
	QRcode_free(code);
}
