#define _GNU_SOURCE
#include "disk.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "real.h"

struct image {
  char *bytes;
  size_t length;
};

struct change {
  struct change *next;
  bool is_cut;
  off64_t at;
  size_t length;
  char bytes[];
};

struct file {
  struct file *next;
  dev_t device;
  ino_t inode;
  bool is_folder;
  /* Empty when it has no name any more. */
  char path[PATH_BYTES];
  struct image durable;
  struct change *pending, **last;
};

struct name {
  struct name *before;
  enum { CREATED, MADE_FOLDER, RENAMED } how;
  char path[PATH_BYTES], from[PATH_BYTES], replaced[PATH_BYTES];
};

static struct file *files;
/* The newest first. */
static struct name *names;
static struct name *renaming;
static unsigned long replaced_files;

static void set_path(char *to, const char *path) {
  if (strlen(path) >= PATH_BYTES) abort();
  strcpy(to, path);
}

static void put(struct image *image, off64_t at, const char *bytes, size_t length) {
  size_t end = (size_t)at + length;
  if (end > image->length) {
    image->bytes = realloc(image->bytes, end);
    if (image->bytes == NULL) abort();
    memset(image->bytes + image->length, 0, end - image->length);
    image->length = end;
  }
  if (length > 0) memcpy(image->bytes + at, bytes, length);
}

static void apply(struct image *image, const struct change *change) {
  if (!change->is_cut) put(image, change->at, change->bytes, change->length);
  else if ((size_t)change->at < image->length) image->length = (size_t)change->at;
  else put(image, change->at, NULL, 0);
}

static void drop_pending(struct file *file) {
  while (file->pending != NULL) {
    struct change *change = file->pending;
    file->pending = change->next;
    free(change);
  }
  file->last = &file->pending;
}

static void load(struct file *file, int fd, size_t length) {
  file->durable.bytes = malloc(length + 1);
  if (file->durable.bytes == NULL) abort();
  while (file->durable.length < length) {
    size_t at = file->durable.length;
    ssize_t got = real_pread64(fd, file->durable.bytes + at, length - at, (off64_t)at);
    if (got <= 0) break;
    file->durable.length += (size_t)got;
  }
}

struct file *disk_open(int fd, const char *path) {
  struct stat64 status;
  if (fstat64(fd, &status) != 0) abort();
  for (struct file *file = files; file != NULL; file = file->next) {
    if (file->device == status.st_dev && file->inode == status.st_ino && file->path[0] != 0)
      return file;
  }
  struct file *file = calloc(1, sizeof *file);
  if (file == NULL) abort();
  file->device = status.st_dev;
  file->inode = status.st_ino;
  file->is_folder = S_ISDIR(status.st_mode);
  set_path(file->path, path);
  file->last = &file->pending;
  if (!file->is_folder && status.st_size > 0) {
    int own = real_open(path, O_RDONLY | O_CLOEXEC);
    if (own < 0) abort();
    load(file, own, (size_t)status.st_size);
    real_close(own);
  }
  file->next = files;
  files = file;
  return file;
}

static struct name *note(int how, const char *path) {
  struct name *name = calloc(1, sizeof *name);
  if (name == NULL) abort();
  name->how = how;
  set_path(name->path, path);
  name->before = names;
  names = name;
  return name;
}

void disk_created(const char *path) { note(CREATED, path); }

void disk_made_folder(const char *path) { note(MADE_FOLDER, path); }

/* Its inode may be given to another file. */
static void forget_path(const char *path) {
  for (struct file *file = files; file != NULL; file = file->next)
    if (strcmp(file->path, path) == 0) file->path[0] = 0;
}

static void forget_name(struct name **place) {
  struct name *name = *place;
  *place = name->before;
  if (name->replaced[0] != 0) {
    real_unlink(name->replaced);
    forget_path(name->replaced);
  }
  free(name);
}

void disk_removed(const char *path) {
  forget_path(path);
  for (struct name **place = &names; *place != NULL;) {
    if (strcmp((*place)->path, path) == 0) forget_name(place);
    else place = &(*place)->before;
  }
}

static void moved(const char *from, const char *to) {
  for (struct file *file = files; file != NULL; file = file->next)
    if (strcmp(file->path, from) == 0) set_path(file->path, to);
}

void disk_before_rename(const char *from, const char *to) {
  renaming = note(RENAMED, to);
  set_path(renaming->from, from);
  char kept[PATH_BYTES + 32];
  snprintf(kept, sizeof kept, "%s-replaced-%lu", shim_folder, replaced_files);
  if (link(to, kept) != 0) return;
  replaced_files += 1;
  set_path(renaming->replaced, kept);
}

void disk_after_rename(bool done) {
  if (!done) {
    forget_name(&names);
    return;
  }
  if (renaming->replaced[0] != 0) moved(renaming->path, renaming->replaced);
  moved(renaming->from, renaming->path);
}

static struct change *add(struct file *file, bool is_cut, off64_t at, size_t length) {
  struct change *change = calloc(1, sizeof *change + length);
  if (change == NULL) abort();
  change->is_cut = is_cut;
  change->at = at;
  change->length = length;
  *file->last = change;
  file->last = &change->next;
  return change;
}

void disk_wrote(struct file *file, off64_t at, const void *bytes, size_t length) {
  memcpy(add(file, false, at, length)->bytes, bytes, length);
}

void disk_cut_to(struct file *file, off64_t length) { add(file, true, length, 0); }

static bool is_in(const char *path, const char *folder) {
  size_t length = strlen(folder);
  return strncmp(path, folder, length) == 0 && path[length] == '/' &&
         strchr(path + length + 1, '/') == NULL;
}

void disk_sync(struct file *file) {
  for (struct change *change = file->pending; change != NULL; change = change->next)
    apply(&file->durable, change);
  drop_pending(file);
  if (!file->is_folder) return;
  for (struct name **place = &names; *place != NULL;) {
    if (is_in((*place)->path, file->path)) forget_name(place);
    else place = &(*place)->before;
  }
}

void disk_lose(struct file *file) { drop_pending(file); }

static void restore(const struct file *file) {
  int fd = real_open(file->path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  if (real_ftruncate64(fd, 0) != 0) abort();
  for (size_t at = 0; at < file->durable.length;) {
    size_t left = file->durable.length - at;
    ssize_t put = real_pwrite64(fd, file->durable.bytes + at, left, (off64_t)at);
    if (put <= 0) abort();
    at += (size_t)put;
  }
  real_close(fd);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place) {
  (void)status, (void)type, (void)place;
  return remove(path);
}

static void take_back(const struct name *name) {
  switch (name->how) {
    case CREATED:
      real_unlink(name->path);
      break;
    case MADE_FOLDER:
      nftw(name->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
      break;
    case RENAMED:
      real_rename(name->path, name->from);
      if (name->replaced[0] != 0) real_rename(name->replaced, name->path);
      break;
  }
}

void disk_power_cut(enum spared spared) {
  for (struct file *file = files; file != NULL; file = file->next) {
    bool stays = false;
    for (struct change *change = file->pending; change != NULL; change = change->next) {
      if (spared == EVERY_OTHER && stays) apply(&file->durable, change);
      stays = !stays;
    }
    if (!file->is_folder && file->path[0] != 0) restore(file);
  }
  if (spared == NOTHING)
    for (struct name *name = names; name != NULL; name = name->before) take_back(name);
  disk_forget();
}

void disk_forget(void) {
  while (names != NULL) forget_name(&names);
  while (files != NULL) {
    struct file *file = files;
    files = file->next;
    drop_pending(file);
    free(file->durable.bytes);
    free(file);
  }
}
