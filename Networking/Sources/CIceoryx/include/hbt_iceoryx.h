#ifndef HBT_ICEORYX_H
#define HBT_ICEORYX_H
#include <stddef.h>
#include <stdint.h>

// Frames through shared memory with iceoryx's C binding. Without the package trait nothing of iceoryx is needed to
// build, and every call says that it is not there. Needs the daemon `iox-roudi`.

typedef struct hbt_iox_publisher hbt_iox_publisher;
typedef struct hbt_iox_subscriber hbt_iox_subscriber;

/// Whether this build has iceoryx.
int hbt_iox_available(void);

/// Joins the daemon under a name of its own, once a process. iceoryx ends the process when there is no daemon: the
/// caller looks for its socket first (`hbt_iox_daemon_runs`).
void hbt_iox_join(const char *process_name);

/// Whether the daemon answers on this machine.
int hbt_iox_daemon_runs(void);

/// Names of up to 100 bytes. `keeps`: newest frames that a late subscriber still gets (up to 16). `waits`: a full
/// queue of a subscriber stops the publisher instead of losing frames.
hbt_iox_publisher *hbt_iox_publisher_open(const char *service, const char *instance, const char *event, uint64_t keeps, int waits);
void hbt_iox_publisher_close(hbt_iox_publisher *publisher);

/// Room for a frame of `size` bytes in shared memory; NULL when there is none.
void *hbt_iox_loan(hbt_iox_publisher *publisher, uint32_t size);
void hbt_iox_publish(hbt_iox_publisher *publisher, void *frame);
int hbt_iox_has_subscribers(hbt_iox_publisher *publisher);

hbt_iox_subscriber *hbt_iox_subscriber_open(
    const char *service, const char *instance, const char *event, uint64_t queue, uint64_t history, int waits);
void hbt_iox_subscriber_close(hbt_iox_subscriber *subscriber);

/// The next frame, to be given back; NULL when there is none.
const void *hbt_iox_take(hbt_iox_subscriber *subscriber);
void hbt_iox_give_back(hbt_iox_subscriber *subscriber, const void *frame);
/// Frames were lost since the last call.
int hbt_iox_has_lost(hbt_iox_subscriber *subscriber);
int hbt_iox_is_connected(hbt_iox_subscriber *subscriber);

#endif
