#include "daemon/holidays.h"

#include "planner/civil.h"

static bool parse_line(struct special_day *d, struct bytes line)
{
	bool more;
	struct bytes date = bytes_cut(&line, ' ', &more);
	if (!more || !civil_parse(date, &d->day))
		return false;
	d->working = bytes_is(line, "workday");
	return d->working || bytes_is(line, "holiday");
}

bool holidays_parse(struct holidays *h, struct arena *a, struct bytes text, struct err *e)
{
	size_t lines = 1, number = 0;
	bool more = true;
	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	struct special_day *at = arena_calloc(a, lines, sizeof *at);
	*h = (struct holidays){ at, 0 };
	while (more) {
		struct bytes line = bytes_cut(&text, '\n', &more);
		number++;
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (!parse_line(&at[h->n], line))
			return err_set(e, ERR_CONF,
				"line %zu: \"date holiday\" or \"date workday\"", number);
		if (h->n > 0 && at[h->n].day <= at[h->n - 1].day)
			return err_set(e, ERR_CONF, "line %zu: days must ascend", number);
		h->n++;
	}
	return true;
}

void holidays_join(struct holidays *h, struct arena *a, const struct special_day *win, size_t n)
{
	struct special_day *at = arena_calloc(a, h->n + n + 1, sizeof *at);
	size_t m = 0, i = 0, k = 0;
	while (i < h->n || k < n) {
		bool wins = i == h->n || (k < n && win[k].day <= h->at[i].day);
		if (wins && i < h->n && win[k].day == h->at[i].day)
			i++;
		at[m++] = wins ? win[k++] : h->at[i++];
	}
	*h = (struct holidays){ at, m };
}

static int32_t year_start(int32_t year)
{
	return civil_day((struct civil){ year, 1, 1 });
}

int32_t holidays_uncovered(const struct holidays *h, int32_t from, int32_t to)
{
	int32_t missing = 0;
	size_t i = 0;
	for (int32_t year = civil_of(from).year; from <= to; year++) {
		int32_t next = year_start(year + 1), end = to < next - 1 ? to : next - 1;
		while (i < h->n && h->at[i].day < year_start(year))
			i++;
		if (i == h->n || h->at[i].day >= next)
			missing += end - from + 1;
		from = next;
	}
	return missing;
}

bool holidays_working(const struct holidays *h, int32_t day)
{
	size_t low = 0, high = h->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (h->at[middle].day == day)
			return h->at[middle].working;
		if (h->at[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	return civil_weekday(day) <= 5;
}
