/* The web process: JSON API on a Unix socket, public reads on a loopback address. */
#ifndef DRAWD_WEB_H
#define DRAWD_WEB_H

#include "daemon/process.h"

/* The mode `web`: serves until process_stopping(), then answers what it has begun. */
mode_fn web_run;

#endif
