/* Schrijft in FSYNC_SPOOR op wat naar een databasebestand ging, wat er gesynct is en wat er geantwoord is, in volgorde.
   Bestaat het bestand FSYNC_KAPOT, dan mislukt elke sync van een databasebestand met EIO; bestaat FSYNC_TRAAG, dan duurt
   elke sync 20 ms. Alleen voor test_gesynct.py (LD_PRELOAD). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static ssize_t echt_schrijven(int fd, const void *p, size_t n) {
    static ssize_t (*f)(int, const void *, size_t);
    if (!f) f = dlsym(RTLD_NEXT, "write");
    return f(fd, p, n);
}

static int naam_van(int fd, char *naam, size_t ruimte) {
    char pad[64];
    snprintf(pad, sizeof pad, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(pad, naam, ruimte - 1);
    if (n < 0) return 0;
    naam[n] = 0;
    return strstr(naam, ".db") != NULL;
}

static void noteer(const char *wat, const char *naam) {
    const char *spoor = getenv("FSYNC_SPOOR");
    if (!spoor) return;
    char regel[4200];
    int n = snprintf(regel, sizeof regel, "%s %s\n", wat, naam);
    int fd = open(spoor, O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (fd < 0) return;
    echt_schrijven(fd, regel, (size_t)n);
    close(fd);
}

static int sync_met(const char *functie, int fd) {
    int (*f)(int) = dlsym(RTLD_NEXT, functie);
    char naam[4096];
    if (!naam_van(fd, naam, sizeof naam)) return f(fd);
    if (getenv("FSYNC_KAPOT") && access(getenv("FSYNC_KAPOT"), F_OK) == 0) {
        noteer("KAPOT", naam);
        errno = EIO;
        return -1;
    }
    if (getenv("FSYNC_TRAAG") && access(getenv("FSYNC_TRAAG"), F_OK) == 0) usleep(20000);
    int uit = f(fd);
    if (uit == 0) noteer("SYNC", naam);
    return uit;
}

int fsync(int fd) { return sync_met("fsync", fd); }
int fdatasync(int fd) { return sync_met("fdatasync", fd); }

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t waar) {
    ssize_t (*f)(int, const void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pwrite64");
    char naam[4096];
    if (naam_van(fd, naam, sizeof naam)) noteer("SCHRIJF", naam);
    return f(fd, p, n, waar);
}

ssize_t write(int fd, const void *p, size_t n) {
    char naam[4096];
    if (fd == 1 && n > 9 && memcmp(p, "BEVESTIGD", 9) == 0) noteer("ANTWOORD", "-");
    else if (fd == 1 && n > 7 && memcmp(p, "GELEZEN", 7) == 0) noteer("GELEZEN", "-");
    else if (naam_van(fd, naam, sizeof naam)) noteer("SCHRIJF", naam);
    return echt_schrijven(fd, p, n);
}
