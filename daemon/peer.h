/* Unix sockets of this house: who may have opened the one behind a path. */
#ifndef DRAWD_PEER_H
#define DRAWD_PEER_H

#include <stdbool.h>

#include "sampler/base/err.h"

/* The folder of a socket about to be opened, made with mode 0755 where it is missing. ERR_FILE
 * where it cannot be, or where anybody may write: while the process is down another could open it.
 */
bool peer_folder(const char *socket_path, struct err *e);

/* Listen on a Unix socket, mode 0660: a non-blocking descriptor. Its group is that of the folder
 * where that has the set-group-id bit: so a process lets the one user in who asks it, without
 * being of his group (who asks is seen from SO_PEERCRED besides). A socket left by a process that
 * was killed is taken away, a live one is not touched. -1 with ERR_CONF or ERR_FILE. */
int peer_listen(const char *socket_path, int backlog, struct err *e);

/* Is the other end of a connected socket the user himself, root, or the owner of the socket's
 * folder? errno is EPERM where it is somebody else. */
bool peer_trusted(int fd, const char *socket_path);

#endif
