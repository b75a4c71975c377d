#include "daemon/peer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool folder_of(const char *path, char *out, size_t size)
{
	const char *slash = strrchr(path, '/');
	if (slash == NULL)
		return snprintf(out, size, ".") > 0;
	int n = slash == path ? 1 : (int)(slash - path);
	return snprintf(out, size, "%.*s", n, path) < (int)size;
}

bool peer_folder(const char *socket_path, struct err *e)
{
	char folder[sizeof(struct sockaddr_un)];
	struct stat st;
	if (!folder_of(socket_path, folder, sizeof folder))
		return err_set(e, ERR_FILE, "%s: %s", socket_path, strerror(ENAMETOOLONG));
	if ((mkdir(folder, 0755) != 0 && errno != EEXIST) || stat(folder, &st) != 0)
		return err_set(e, ERR_FILE, "%s: %s", folder, strerror(errno));
	return (st.st_mode & S_IWOTH) == 0 ||
	       err_set(e, ERR_FILE, "%s: everybody may write into the folder of the socket",
		       folder);
}

static bool is_alive(const struct sockaddr_un *at)
{
	int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool alive = connect(probe, (const struct sockaddr *)at, sizeof *at) == 0;
	close(probe);
	return alive;
}

int peer_listen(const char *socket_path, int backlog, struct err *e)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	if (strlen(socket_path) >= sizeof at.sun_path) {
		err_set(e, ERR_CONF, "the path of the socket is too long: %s", socket_path);
		return -1;
	}
	memcpy(at.sun_path, socket_path, strlen(socket_path));
	if (!peer_folder(socket_path, e))
		return -1;
	if (is_alive(&at)) {
		err_set(e, ERR_CONF, "somebody listens there: %s", socket_path);
		return -1;
	}
	unlink(socket_path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (bind(fd, (const struct sockaddr *)&at, sizeof at) == 0 &&
		chmod(socket_path, 0660) == 0 && listen(fd, backlog) == 0)
		return fd;
	err_set(e, ERR_FILE, "%s: %s", socket_path, strerror(errno));
	close(fd);
	return -1;
}

bool peer_trusted(int fd, const char *socket_path)
{
	char folder[sizeof(struct sockaddr_un)];
	struct ucred peer;
	struct stat st;
	socklen_t size = sizeof peer;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
		return false;
	if (peer.uid == 0 || peer.uid == geteuid())
		return true;
	if (folder_of(socket_path, folder, sizeof folder) && stat(folder, &st) == 0 &&
		st.st_uid == peer.uid)
		return true;
	errno = EPERM;
	return false;
}
