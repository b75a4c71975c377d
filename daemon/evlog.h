/* What libevent has to say, in the log, one line a second at most. */
#ifndef DRAWD_EVLOG_H
#define DRAWD_EVLOG_H

/* From now on libevent's warnings become lines `event.libevent`; further ones within a second are
 * counted and told by the next line. */
void evlog_open(void);

/* Tell what was counted, where its second is over. */
void evlog_tick(void);

#endif
