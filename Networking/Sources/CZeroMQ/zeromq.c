#include "hbt_zeromq.h"
#include <stdio.h>
#include <stdlib.h>

#ifdef HBT_ZEROMQ
#include <errno.h>
#include <zmq.h>

struct hbt_zmq_publisher {
    void *context;
    void *socket;
};

int hbt_zmq_available(void) { return 1; }

static void say(char *why, size_t size) { snprintf(why, size, "%s", zmq_strerror(zmq_errno())); }

hbt_zmq_publisher *hbt_zmq_open(const char *endpoint, int high_water_mark, char *why, size_t why_size) {
    hbt_zmq_publisher *publisher = calloc(1, sizeof *publisher);
    if (!publisher) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    publisher->context = zmq_ctx_new();
    // XPUB, as it can be told to refuse instead of losing messages unseen.
    publisher->socket = publisher->context ? zmq_socket(publisher->context, ZMQ_XPUB) : NULL;
    int one = 1;
    if (!publisher->socket || zmq_setsockopt(publisher->socket, ZMQ_XPUB_NODROP, &one, sizeof one) != 0
        || zmq_setsockopt(publisher->socket, ZMQ_SNDHWM, &high_water_mark, sizeof high_water_mark) != 0
        || zmq_bind(publisher->socket, endpoint) != 0) {
        say(why, why_size);
        hbt_zmq_close(publisher, 0);
        return NULL;
    }
    return publisher;
}

int hbt_zmq_send(
    hbt_zmq_publisher *publisher, const void *topic, size_t topic_size, const void *head, size_t head_size, const void *body, size_t body_size,
    char *why, size_t why_size) {
    // Subscriptions arrive as messages; nobody reads them, so they must not pile up.
    char scratch[256];
    while (zmq_recv(publisher->socket, scratch, sizeof scratch, ZMQ_DONTWAIT) >= 0) {
    }
    const void *parts[3] = {topic, head, body};
    const size_t sizes[3] = {topic_size, head_size, body_size};
    for (int i = 0; i < 3; i++) {
        if (zmq_send(publisher->socket, parts[i], sizes[i], ZMQ_DONTWAIT | (i < 2 ? ZMQ_SNDMORE : 0)) < 0) {
            // Refusals come with the first part: a message goes out whole or not at all.
            if (zmq_errno() == EAGAIN) return 1;
            say(why, why_size);
            return -1;
        }
    }
    return 0;
}

int hbt_zmq_endpoint(hbt_zmq_publisher *publisher, char *text, size_t size) {
    return zmq_getsockopt(publisher->socket, ZMQ_LAST_ENDPOINT, text, &size);
}

void hbt_zmq_close(hbt_zmq_publisher *publisher, int linger_ms) {
    if (!publisher) return;
    if (publisher->socket) {
        zmq_setsockopt(publisher->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
        zmq_close(publisher->socket);
    }
    if (publisher->context) zmq_ctx_term(publisher->context);
    free(publisher);
}

#else

struct hbt_zmq_publisher {
    int unused;
};

int hbt_zmq_available(void) { return 0; }

hbt_zmq_publisher *hbt_zmq_open(const char *endpoint, int high_water_mark, char *why, size_t why_size) {
    (void)endpoint, (void)high_water_mark;
    snprintf(why, why_size, "this program was built without ZeroMQ");
    return NULL;
}

int hbt_zmq_send(
    hbt_zmq_publisher *publisher, const void *topic, size_t topic_size, const void *head, size_t head_size, const void *body, size_t body_size,
    char *why, size_t why_size) {
    (void)publisher, (void)topic, (void)topic_size, (void)head, (void)head_size, (void)body, (void)body_size;
    snprintf(why, why_size, "this program was built without ZeroMQ");
    return -1;
}

int hbt_zmq_endpoint(hbt_zmq_publisher *publisher, char *text, size_t size) {
    (void)publisher, (void)text, (void)size;
    return -1;
}

void hbt_zmq_close(hbt_zmq_publisher *publisher, int linger_ms) { (void)publisher, (void)linger_ms; }
#endif
