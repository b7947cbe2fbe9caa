/*
 * A disk in the memory of the process: of every file below one folder, what a power cut would
 * leave of it. What was written since the last barrier of a file is pending; so are names that were
 * given or moved since the last barrier of their folder.
 */
#ifndef DISK_H
#define DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct file;

/* Which pending writes a power cut spares. */
enum spared {
  NOTHING,
  /* Names, and every other write: a disk has written them in an order of its own. */
  EVERY_OTHER,
};

/* The file behind an open descriptor. What it holds when it is first seen is durable. */
struct file *disk_open(int fd, const char *path);

void disk_created(const char *path);
void disk_made_folder(const char *path);
void disk_removed(const char *path);

/* To be called before and after a rename; what stood at `to` is kept for as long as the rename may
 * be undone. */
void disk_before_rename(const char *from, const char *to);
void disk_after_rename(bool done);

void disk_wrote(struct file *file, off64_t at, const void *bytes, size_t length);
void disk_cut_to(struct file *file, off64_t length);

/* A barrier that holds: what is pending is durable. */
void disk_sync(struct file *file);

/* A barrier that failed: what is pending can be read, and no later barrier makes it durable. */
void disk_lose(struct file *file);

/* The power fails: makes the files below the folder what the disk has, and forgets everything. */
void disk_power_cut(enum spared spared);

/* Takes everything as it is for durable. */
void disk_forget(void);

#endif
