#define _GNU_SOURCE
#include "faults.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "disk.h"
#include "real.h"

#define BIT(call) (1u << (call))
#define ALL (~0u)
#define CALLED_BYTES (1u << 20)

struct kind {
  const char *name;
  /* The calls that it can befall; the others are not counted. */
  unsigned calls;
  enum blow blow;
  int error;
  /* Whether every later call of its calls fails too. */
  bool lasts;
};

#define GROWING (BIT(WRITE) | BIT(TRUNCATE) | BIT(CREATE) | BIT(RENAME) | BIT(MAKE_FOLDER))

static const struct kind kinds[] = {
    {"no-room-once", GROWING, FAIL, ENOSPC, false},
    {"no-room", GROWING, HALF_AND_FAIL, ENOSPC, true},
    {"error-once", ALL, FAIL, EIO, false},
    {"error", ALL, FAIL, EIO, true},
    {"short-write", BIT(WRITE), HALF, 0, false},
    {"short-read", BIT(READ), HALF, 0, false},
    {"failed-barrier", BIT(SYNC), LOSE, EIO, false},
    {"false-barrier", BIT(SYNC), LIE, 0, false},
    {"false-barriers", BIT(SYNC), LIE, 0, true},
    /* The power fails at the barrier after the false one. */
    {"false-barrier-cut", BIT(SYNC), LIE, EIO, true},
    /* The power fails: nothing goes on from there. */
    {"power-cut", ALL & ~BIT(READ), HALF_AND_FAIL, EIO, true},
};

static const struct kind *armed;
static long at, calls;
/* Nothing goes on: the power has failed, or the process is as good as killed. */
static bool dead;
static char struck[PATH_BYTES + 32];
/* A letter for each call since the disk was begun anew. */
static char called[CALLED_BYTES];
static size_t called_length;

static const char *const call_names[] = {"open",  "create", "read",   "write", "truncate",
                                         "sync", "rename", "mkdir", "remove"};

static const char call_letters[] = "ocrwtsnmd";

enum blow faults_next(enum call call, const char *path) {
  if (dead) {
    errno = EIO;
    return FAIL;
  }
  if (called_length == CALLED_BYTES - 1) abort();
  called[called_length++] = call_letters[call];
  if (armed == NULL || (armed->calls & BIT(call)) == 0) return NONE;
  calls += 1;
  if (calls < at || (calls > at && !armed->lasts)) return NONE;
  if (calls == at) snprintf(struck, sizeof struck, "%s %s", call_names[call], path);
  bool cut_now = strcmp(armed->name, "power-cut") == 0;
  bool cut_late = strcmp(armed->name, "false-barrier-cut") == 0 && calls > at;
  dead = cut_now || cut_late;
  errno = armed->error;
  if (cut_late) return FAIL;
  if (armed->blow == HALF_AND_FAIL && (call != WRITE || calls > at)) return FAIL;
  return armed->blow;
}

static int answer(const char *text) {
  int fd = memfd_create("answer", MFD_CLOEXEC);
  if (fd < 0) return -1;
  if (real_write(fd, text, strlen(text)) < 0 || lseek(fd, 0, SEEK_SET) != 0) return -1;
  return fd;
}

static void calm(void) {
  armed = NULL;
  dead = false;
}

static int arm(const char *name, long place) {
  for (size_t index = 0; index < sizeof kinds / sizeof *kinds; index += 1) {
    if (strcmp(kinds[index].name, name) != 0) continue;
    calm();
    armed = &kinds[index];
    at = place;
    calls = 0;
    struck[0] = 0;
    return answer("armed");
  }
  errno = EINVAL;
  return -1;
}

int faults_command(const char *command) {
  char name[32];
  long place;
  if (sscanf(command, "arm %31s %ld", name, &place) == 2) return arm(name, place);
  if (strcmp(command, "struck") == 0) return answer(struck);
  if (strcmp(command, "called") == 0) return answer(called);
  if (strcmp(command, "calm") == 0) {
    calm();
    return answer("calm");
  }
  if (strcmp(command, "die") == 0) {
    dead = true;
    return answer("dead");
  }
  if (strcmp(command, "forget") == 0) {
    calm();
    disk_forget();
    memset(called, 0, called_length);
    called_length = 0;
    return answer("forgotten");
  }
  if (sscanf(command, "cut %31s", name) == 1) {
    calm();
    disk_power_cut(strcmp(name, "every-other") == 0 ? EVERY_OTHER : NOTHING);
    return answer("cut");
  }
  errno = EINVAL;
  return -1;
}
