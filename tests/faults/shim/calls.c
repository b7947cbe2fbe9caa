/*
 * Preloaded: stands before the calls of the C library that change, read or make durable files, and
 * lets them fail as it is told. Node and the SQLite within it go through these calls.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"
#include "faults.h"
#include "real.h"

#define SEEN_DESCRIPTORS 4096

char shim_folder[PATH_BYTES];
int (*real_open)(const char *, int, ...);
int (*real_close)(int);
ssize_t (*real_read)(int, void *, size_t);
ssize_t (*real_pread64)(int, void *, size_t, off64_t);
ssize_t (*real_write)(int, const void *, size_t);
ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
int (*real_ftruncate64)(int, off64_t);
int (*real_fsync)(int);
int (*real_rename)(const char *, const char *);
int (*real_unlink)(const char *);
int (*real_mkdir)(const char *, mode_t);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
/* The open files below the folder, by descriptor. */
static struct {
  char path[PATH_BYTES];
  dev_t device;
  ino_t inode;
} seen[SEEN_DESCRIPTORS];

static void begin(void) {
  real_open = dlsym(RTLD_NEXT, "open64");
  real_close = dlsym(RTLD_NEXT, "close");
  real_read = dlsym(RTLD_NEXT, "read");
  real_pread64 = dlsym(RTLD_NEXT, "pread64");
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite64 = dlsym(RTLD_NEXT, "pwrite64");
  real_ftruncate64 = dlsym(RTLD_NEXT, "ftruncate64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_rename = dlsym(RTLD_NEXT, "rename");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  real_mkdir = dlsym(RTLD_NEXT, "mkdir");
  const char *folder = getenv("FAULTS_FOLDER");
  if (folder != NULL) snprintf(shim_folder, sizeof shim_folder, "%s", folder);
}

static void prepare(void) { pthread_once(&once, begin); }

static bool is_ours(const char *path) {
  size_t length = strlen(shim_folder);
  return length > 0 && strncmp(path, shim_folder, length) == 0 &&
         (path[length] == '/' || path[length] == 0);
}

static void see(int fd, const char *path) {
  struct stat64 status;
  if (fd >= SEEN_DESCRIPTORS || fstat64(fd, &status) != 0) abort();
  snprintf(seen[fd].path, PATH_BYTES, "%s", path);
  seen[fd].device = status.st_dev;
  seen[fd].inode = status.st_ino;
}

/* Descriptors are also closed by other ways than `close`, and used again. */
static bool is_seen(int fd) {
  prepare();
  if (fd < 0 || fd >= SEEN_DESCRIPTORS || seen[fd].path[0] == 0) return false;
  struct stat64 status;
  bool same = fstat64(fd, &status) == 0 && status.st_dev == seen[fd].device &&
              status.st_ino == seen[fd].inode;
  if (!same) seen[fd].path[0] = 0;
  return same;
}

/* The file of the disk that a descriptor stands for. */
static struct file *file_of(int fd) { return disk_open(fd, seen[fd].path); }

static int open_ours(const char *path, int flags, mode_t mode) {
  const char *name = path + strlen(shim_folder) + (path[strlen(shim_folder)] != 0);
  if (name[0] == '@') return faults_command(name + 1);
  bool creates = (flags & O_CREAT) != 0 && access(path, F_OK) != 0;
  if (faults_next(creates ? CREATE : OPEN, path) != NONE) return -1;
  int fd = real_open(path, flags & ~O_TRUNC, mode);
  if (fd < 0) return fd;
  see(fd, path);
  struct file *file = file_of(fd);
  if (creates) disk_created(path);
  if ((flags & O_TRUNC) != 0) {
    disk_cut_to(file, 0);
    if (real_ftruncate64(fd, 0) != 0) abort();
  }
  return fd;
}

static int open_any(const char *path, int flags, mode_t mode) {
  prepare();
  if (!is_ours(path)) return real_open(path, flags, mode);
  pthread_mutex_lock(&lock);
  int fd = open_ours(path, flags, mode);
  pthread_mutex_unlock(&lock);
  return fd;
}

#define OPEN_AS(name)                          \
  int name(const char *path, int flags, ...) { \
    va_list rest;                              \
    va_start(rest, flags);                     \
    mode_t mode = va_arg(rest, mode_t);        \
    va_end(rest);                              \
    return open_any(path, flags, mode);        \
  }
OPEN_AS(open)
OPEN_AS(open64)

int close(int fd) {
  if (is_seen(fd)) seen[fd].path[0] = 0;
  return real_close(fd);
}

static ssize_t read_ours(int fd, void *bytes, size_t length, off64_t at) {
  pthread_mutex_lock(&lock);
  enum blow blow = faults_next(READ, seen[fd].path);
  pthread_mutex_unlock(&lock);
  if (blow == FAIL) return -1;
  if (blow == HALF && length > 1) length /= 2;
  return at < 0 ? real_read(fd, bytes, length) : real_pread64(fd, bytes, length, at);
}

ssize_t read(int fd, void *bytes, size_t length) {
  return !is_seen(fd) ? real_read(fd, bytes, length) : read_ours(fd, bytes, length, -1);
}

ssize_t pread64(int fd, void *bytes, size_t length, off64_t at) {
  return !is_seen(fd) ? real_pread64(fd, bytes, length, at)
                             : read_ours(fd, bytes, length, at);
}

/* Where a write without a place goes to. */
static off64_t place_of(int fd) {
  bool appends = (fcntl(fd, F_GETFL) & O_APPEND) != 0;
  return lseek64(fd, 0, appends ? SEEK_END : SEEK_CUR);
}

static ssize_t write_ours(int fd, const void *bytes, size_t length, off64_t at) {
  pthread_mutex_lock(&lock);
  enum blow blow = faults_next(WRITE, seen[fd].path);
  int error = errno;
  ssize_t written = -1;
  if (blow != FAIL) {
    if ((blow == HALF || blow == HALF_AND_FAIL) && length > 1) length /= 2;
    off64_t place = at < 0 ? place_of(fd) : at;
    written = at < 0 ? real_write(fd, bytes, length) : real_pwrite64(fd, bytes, length, at);
    if (written > 0) disk_wrote(file_of(fd), place, bytes, (size_t)written);
  }
  if (blow == HALF_AND_FAIL) written = -1;
  if (blow != NONE) errno = error;
  pthread_mutex_unlock(&lock);
  return written;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  return !is_seen(fd) ? real_write(fd, bytes, length) : write_ours(fd, bytes, length, -1);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  return !is_seen(fd) ? real_pwrite64(fd, bytes, length, at)
                             : write_ours(fd, bytes, length, at);
}

int ftruncate64(int fd, off64_t length) {
  if (!is_seen(fd)) return real_ftruncate64(fd, length);
  pthread_mutex_lock(&lock);
  int result = -1;
  if (faults_next(TRUNCATE, seen[fd].path) == NONE) {
    result = real_ftruncate64(fd, length);
    if (result == 0) disk_cut_to(file_of(fd), length);
  }
  pthread_mutex_unlock(&lock);
  return result;
}

/* Nothing waits for a real disk: what is durable is what `disk.c` says. */
static int sync_ours(int fd) {
  pthread_mutex_lock(&lock);
  enum blow blow = faults_next(SYNC, seen[fd].path);
  if (blow == NONE) disk_sync(file_of(fd));
  if (blow == LOSE) disk_lose(file_of(fd));
  pthread_mutex_unlock(&lock);
  return blow == NONE || blow == LIE ? 0 : -1;
}

int fsync(int fd) { return !is_seen(fd) ? real_fsync(fd) : sync_ours(fd); }

int fdatasync(int fd) { return !is_seen(fd) ? real_fsync(fd) : sync_ours(fd); }

int rename(const char *from, const char *to) {
  prepare();
  if (!is_ours(to)) return real_rename(from, to);
  pthread_mutex_lock(&lock);
  int result = -1;
  if (faults_next(RENAME, to) == NONE) {
    disk_before_rename(from, to);
    result = real_rename(from, to);
    int error = errno;
    disk_after_rename(result == 0);
    errno = error;
  }
  pthread_mutex_unlock(&lock);
  return result;
}

/* That a name is gone is taken for durable at once. */
int unlink(const char *path) {
  prepare();
  if (!is_ours(path)) return real_unlink(path);
  pthread_mutex_lock(&lock);
  int result = -1;
  if (faults_next(REMOVE, path) == NONE) {
    result = real_unlink(path);
    if (result == 0) disk_removed(path);
  }
  pthread_mutex_unlock(&lock);
  return result;
}

int mkdir(const char *path, mode_t mode) {
  prepare();
  if (!is_ours(path)) return real_mkdir(path, mode);
  pthread_mutex_lock(&lock);
  int result = -1;
  if (access(path, F_OK) == 0) errno = EEXIST;
  else if (faults_next(MAKE_FOLDER, path) == NONE) {
    result = real_mkdir(path, mode);
    if (result == 0) disk_made_folder(path);
  }
  pthread_mutex_unlock(&lock);
  return result;
}
