#ifndef HBT_ZEROMQ_H
#define HBT_ZEROMQ_H
#include <stddef.h>
#include <stdint.h>

// A publisher of three-part messages over ZeroMQ. Without the package trait nothing of ZeroMQ is needed to
// build, and opening one fails.

typedef struct hbt_zmq_publisher hbt_zmq_publisher;

/// Whether this build has ZeroMQ.
int hbt_zmq_available(void);

/// Binds to `endpoint`; NULL with the reason in `why` (of `why_size` bytes) when that fails.
hbt_zmq_publisher *hbt_zmq_open(const char *endpoint, int high_water_mark, char *why, size_t why_size);

/// 0 when sent; 1 when a subscriber's queue is full and the message was dropped for all; -1 with the reason in `why`.
int hbt_zmq_send(
    hbt_zmq_publisher *publisher, const void *topic, size_t topic_size, const void *head, size_t head_size, const void *body, size_t body_size,
    char *why, size_t why_size);

/// The endpoint in force: a port of 0 has become a real one.
int hbt_zmq_endpoint(hbt_zmq_publisher *publisher, char *text, size_t size);

/// What is queued is given `linger_ms` to go out.
void hbt_zmq_close(hbt_zmq_publisher *publisher, int linger_ms);

#endif
