/* Which call fails, and how. */
#ifndef FAULTS_H
#define FAULTS_H

#include <stdbool.h>

enum call { OPEN, CREATE, READ, WRITE, TRUNCATE, SYNC, RENAME, MAKE_FOLDER, REMOVE };

enum blow {
  NONE,
  /* It fails with what `errno` is set to. */
  FAIL,
  /* Half of it is done, which is told. */
  HALF,
  /* Half of it is done, and it fails. */
  HALF_AND_FAIL,
  /* It fails, and what it should have made durable never will be. */
  LOSE,
  /* It says that it is done, and is not. */
  LIE,
};

/* What befalls the next call. */
enum blow faults_next(enum call call, const char *path);

/* Does as it is told by the name of a file that is opened; its answer is what the file holds. */
int faults_command(const char *command);

#endif
