/* Making an installation: folder, keys, trust policy, configuration (`drawd init`). */
#ifndef DRAWD_INIT_H
#define DRAWD_INIT_H

/* drawd init FOLDER [--authority NAME] [--demo] [--database HOST] [--name DATABASE] [--port N]
 *   [--calendar FILE] [--labels FILE] [--departments FILE] [--attester TOKEN=VKEY]…
 * What is there already stays as it is. With --demo a witness of its own is set up, nobody needs a
 * second factor, and without --attester two attesters are invented whose keys lie in
 * FOLDER/attesters. Returns the exit code.
 */
int init_main(int argc, char **argv);

#endif
