#ifndef HBT_CBENCH_H
#define HBT_CBENCH_H
#include <stddef.h>

/// Calls `body(context)`. What callgrind counts (`--toggle-collect=hbt_gate_measured`): this function and
/// all that it calls.
void hbt_gate_measured(void (*body)(void *), void *context);

/// Writes `count` bytes as one gzip member at level 6; 0 when it worked.
int hbt_bench_gzip(const char *path, const void *bytes, size_t count);

#endif
