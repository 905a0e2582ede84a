#pragma once

/// Starts to bring the memory at `place` near, for a write that will follow; any address will do.
///
/// An instruction that Swift has no word for. Nothing waits for it, as it would for a read.
static inline void cprefetch_write(const void *place) { __builtin_prefetch(place, 1, 3); }
