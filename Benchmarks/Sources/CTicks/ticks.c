#include "ticks.h"
#include <stdlib.h>
#if defined(__linux__) && defined(__GLIBC__)
#include <malloc.h>

int64_t hbt_heap_bytes(void) {
    struct mallinfo2 info = mallinfo2();
    return (int64_t)(info.uordblks + info.hblkhd);
}
#else
int64_t hbt_heap_bytes(void) { return 0; }
#endif
