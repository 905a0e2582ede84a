#include "hbt_iceoryx.h"
#include <stdlib.h>

#ifdef HBT_ICEORYX
#include "iceoryx_binding_c/enums.h"
#include "iceoryx_binding_c/publisher.h"
#include "iceoryx_binding_c/runtime.h"
#include "iceoryx_binding_c/subscriber.h"
#include "iceoryx_binding_c/types.h"
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct hbt_iox_publisher {
    iox_pub_storage_t storage;
    iox_pub_t handle;
};

struct hbt_iox_subscriber {
    iox_sub_storage_t storage;
    iox_sub_t handle;
};

int hbt_iox_available(void) { return 1; }
void hbt_iox_join(const char *process_name) { iox_runtime_init(process_name); }

int hbt_iox_daemon_runs(void) {
    // Its socket outlives a daemon that was killed, but takes no connection then.
    int file = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (file < 0) return 0;
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/tmp/roudi"};
    int runs = connect(file, (const struct sockaddr *)&address, sizeof address) == 0;
    close(file);
    return runs;
}

hbt_iox_publisher *hbt_iox_publisher_open(const char *service, const char *instance, const char *event, uint64_t keeps, int waits) {
    hbt_iox_publisher *publisher = calloc(1, sizeof *publisher);
    if (!publisher) return NULL;
    iox_pub_options_t options;
    iox_pub_options_init(&options);
    options.historyCapacity = keeps;
    options.nodeName = "hbt";
    options.subscriberTooSlowPolicy = waits ? ConsumerTooSlowPolicy_WAIT_FOR_CONSUMER : ConsumerTooSlowPolicy_DISCARD_OLDEST_DATA;
    publisher->handle = iox_pub_init(&publisher->storage, service, instance, event, &options);
    return publisher;
}

void hbt_iox_publisher_close(hbt_iox_publisher *publisher) {
    if (!publisher) return;
    iox_pub_deinit(publisher->handle);
    free(publisher);
}

void *hbt_iox_loan(hbt_iox_publisher *publisher, uint32_t size) {
    void *frame = NULL;
    return iox_pub_loan_chunk(publisher->handle, &frame, size) == AllocationResult_SUCCESS ? frame : NULL;
}

void hbt_iox_publish(hbt_iox_publisher *publisher, void *frame) { iox_pub_publish_chunk(publisher->handle, frame); }
int hbt_iox_has_subscribers(hbt_iox_publisher *publisher) { return iox_pub_has_subscribers(publisher->handle); }

hbt_iox_subscriber *hbt_iox_subscriber_open(
    const char *service, const char *instance, const char *event, uint64_t queue, uint64_t history, int waits) {
    hbt_iox_subscriber *subscriber = calloc(1, sizeof *subscriber);
    if (!subscriber) return NULL;
    iox_sub_options_t options;
    iox_sub_options_init(&options);
    options.queueCapacity = queue;
    options.historyRequest = history;
    options.nodeName = "hbt";
    options.queueFullPolicy = waits ? QueueFullPolicy_BLOCK_PRODUCER : QueueFullPolicy_DISCARD_OLDEST_DATA;
    subscriber->handle = iox_sub_init(&subscriber->storage, service, instance, event, &options);
    return subscriber;
}

void hbt_iox_subscriber_close(hbt_iox_subscriber *subscriber) {
    if (!subscriber) return;
    iox_sub_deinit(subscriber->handle);
    free(subscriber);
}

const void *hbt_iox_take(hbt_iox_subscriber *subscriber) {
    const void *frame = NULL;
    return iox_sub_take_chunk(subscriber->handle, &frame) == ChunkReceiveResult_SUCCESS ? frame : NULL;
}

void hbt_iox_give_back(hbt_iox_subscriber *subscriber, const void *frame) { iox_sub_release_chunk(subscriber->handle, frame); }
int hbt_iox_has_lost(hbt_iox_subscriber *subscriber) { return iox_sub_has_lost_chunks(subscriber->handle); }
int hbt_iox_is_connected(hbt_iox_subscriber *subscriber) {
    return iox_sub_get_subscription_state(subscriber->handle) == SubscribeState_SUBSCRIBED;
}

#else

int hbt_iox_available(void) { return 0; }
void hbt_iox_join(const char *process_name) { (void)process_name; }
int hbt_iox_daemon_runs(void) { return 0; }
hbt_iox_publisher *hbt_iox_publisher_open(const char *service, const char *instance, const char *event, uint64_t keeps, int waits) {
    (void)service, (void)instance, (void)event, (void)keeps, (void)waits;
    return NULL;
}
void hbt_iox_publisher_close(hbt_iox_publisher *publisher) { (void)publisher; }
void *hbt_iox_loan(hbt_iox_publisher *publisher, uint32_t size) {
    (void)publisher, (void)size;
    return NULL;
}
void hbt_iox_publish(hbt_iox_publisher *publisher, void *frame) { (void)publisher, (void)frame; }
int hbt_iox_has_subscribers(hbt_iox_publisher *publisher) {
    (void)publisher;
    return 0;
}
hbt_iox_subscriber *hbt_iox_subscriber_open(
    const char *service, const char *instance, const char *event, uint64_t queue, uint64_t history, int waits) {
    (void)service, (void)instance, (void)event, (void)queue, (void)history, (void)waits;
    return NULL;
}
void hbt_iox_subscriber_close(hbt_iox_subscriber *subscriber) { (void)subscriber; }
const void *hbt_iox_take(hbt_iox_subscriber *subscriber) {
    (void)subscriber;
    return NULL;
}
void hbt_iox_give_back(hbt_iox_subscriber *subscriber, const void *frame) { (void)subscriber, (void)frame; }
int hbt_iox_has_lost(hbt_iox_subscriber *subscriber) {
    (void)subscriber;
    return 0;
}
int hbt_iox_is_connected(hbt_iox_subscriber *subscriber) {
    (void)subscriber;
    return 0;
}
#endif
