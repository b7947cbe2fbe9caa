/* The calls of the C library that are replaced, as they are there. */
#ifndef REAL_H
#define REAL_H

#include <sys/types.h>

#define PATH_BYTES 512

/* Only what is below it is touched. Set before the first call. */
extern char shim_folder[PATH_BYTES];

extern int (*real_open)(const char *, int, ...);
extern int (*real_close)(int);
extern ssize_t (*real_read)(int, void *, size_t);
extern ssize_t (*real_pread64)(int, void *, size_t, off64_t);
extern ssize_t (*real_write)(int, const void *, size_t);
extern ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
extern int (*real_ftruncate64)(int, off64_t);
extern int (*real_fsync)(int);
extern int (*real_rename)(const char *, const char *);
extern int (*real_unlink)(const char *);
extern int (*real_mkdir)(const char *, mode_t);

#endif
