#ifndef CSHA256_H
#define CSHA256_H

#include <stddef.h>
#include <stdint.h>

/// 1 when this processor has instructions for SHA-256, 0 otherwise.
int csha256_is_supported(void);

/// The 64 constants of the rounds, for the portable code too.
const uint32_t *csha256_round_constants(void);

/// Takes whole blocks of 64 bytes into the eight words of a SHA-256 state.
/// Must only be called when csha256_is_supported() is 1.
void csha256_compress(uint32_t state[8], const uint8_t *bytes, size_t blocks);

#endif
