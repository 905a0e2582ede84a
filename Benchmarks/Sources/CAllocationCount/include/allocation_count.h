#ifndef HBT_ALLOCATION_COUNT_H
#define HBT_ALLOCATION_COUNT_H
#include <stdint.h>

/// Calls of malloc, calloc, realloc and their aligned kin in this process so far; -1 where they are not counted.
int64_t hbt_allocation_count(void);

#endif
