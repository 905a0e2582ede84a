#pragma once

#include <stddef.h>
#include <stdint.h>

/// Whether the processor (and the system) can run the other functions here.
int cwirelevels_is_supported(void);

/// Sets bit i of `marks` when byte i of `text` is no decimal digit.
///
/// Reads up to 63 bytes beyond `count`. Writes one word for each 64 bytes and two more, which say "no digit".
void cwirelevels_mark(const uint8_t *text, size_t count, uint64_t *marks);

/// Reads levels `["61496.50","0.010"]`, commas between them and no spaces, from byte `start`, which is a `[`.
///
/// Of each: mantissa and digits after the point of price and quantity to `decimals` (four words), and the two
/// nearest doubles to `values`. Stops before the first level of another shape, with more than 15 bytes in a
/// number, or beyond `most`.
///
/// - Parameter marks: of the whole text, 128 zero bytes behind it.
/// - Returns: how many levels; `end` is the byte behind the last one's `]`, or `start`.
size_t cwirelevels_read(const uint8_t *text, size_t start, const uint64_t *marks, int64_t *decimals, double *values, size_t most, size_t *end);
