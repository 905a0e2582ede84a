// Price levels of a depth message by instructions that work on 32 bytes at a time and shuffle them by a
// computed index: three times as fast as eight bytes at a time in a register, and a large message is
// nothing but levels. Swift cannot reach these instructions; without them `StreamParser` reads level by level.
//
// Digits are joined pairwise as in W. Muła, "SIMD-ized parsing of unsigned integers", 2014.

#include "cwirelevels.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>
#include <string.h>

int cwirelevels_is_supported(void) {
    unsigned int a = 0, b = 0, c = 0, d = 0;
    // Leaf 1, ecx: OSXSAVE is bit 27, AVX bit 28. Leaf 7, ebx: BMI1 is bit 3, AVX2 bit 5, BMI2 bit 8.
    if (!__get_cpuid(1, &a, &b, &c, &d) || ((c >> 27) & 3) != 3) return 0;
    unsigned int low = 0, high = 0;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    // The system saves the registers.
    if ((low & 6) != 6) return 0;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
    return ((b >> 3) & 1) && ((b >> 5) & 1) && ((b >> 8) & 1);
}

__attribute__((target("avx2")))
void cwirelevels_mark(const uint8_t *text, size_t count, uint64_t *marks) {
    const __m256i zero = _mm256_set1_epi8('0'), nine = _mm256_set1_epi8(9);
    size_t word = 0;
    for (size_t i = 0; i < count; i += 64, word++) {
        __m256i a = _mm256_sub_epi8(_mm256_loadu_si256((const __m256i *)(text + i)), zero);
        __m256i b = _mm256_sub_epi8(_mm256_loadu_si256((const __m256i *)(text + i + 32)), zero);
        a = _mm256_cmpeq_epi8(_mm256_min_epu8(a, nine), a);
        b = _mm256_cmpeq_epi8(_mm256_min_epu8(b, nine), b);
        marks[word] = ~((uint64_t)(uint32_t)_mm256_movemask_epi8(a) | (uint64_t)(uint32_t)_mm256_movemask_epi8(b) << 32);
    }
    marks[word] = marks[word + 1] = ~0ull;
}

// Sixteen bytes from `after_point + 17 - n` on are 1 in the last n - 1 lanes; from `before + n` on
// they are n - 17, n - 16 …, the source of each lane when n bytes are moved to the right by one more.
static const int8_t after_point[33] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
};
static const int8_t before[33] = {
    -17, -16, -15, -14, -13, -12, -11, -10, -9, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
};
static const double powers[16] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

static inline uint64_t load64(const uint8_t *place) {
    uint64_t value;
    memcpy(&value, place, 8);
    return value;
}

static inline uint32_t load32(const uint8_t *place) {
    uint32_t value;
    memcpy(&value, place, 4);
    return value;
}

__attribute__((target("avx2"), always_inline))
static inline __m256i both(const void *low, const void *high) {
    return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)low)), _mm_loadu_si128((const __m128i *)high), 1);
}

__attribute__((target("avx2,bmi,bmi2")))
size_t cwirelevels_read(const uint8_t *text, size_t start, const uint64_t *marks, int64_t *decimals, double *values, size_t most, size_t *end) {
    const uint8_t *mark_bytes = (const uint8_t *)marks;
    const __m256i low_bits = _mm256_set1_epi8(0x0F);
    const __m256i tens = _mm256_set1_epi16(0x010A), hundreds = _mm256_set1_epi32(0x00010064), ten_thousands = _mm256_set1_epi32(0x00012710);
    const __m256i hundred_millions = _mm256_set1_epi64x(100000000);
    // A whole number below 2^52 with these bits on top is the double 2^52 + number.
    const __m128d shift = _mm_set1_pd(4503599627370496.0);
    int64_t *const first = decimals;
    const uint8_t *p = text + start;
    *end = start;
    if (p[0] != '[' || p[1] != '"') return 0;
    p += 2;
    for (size_t left = most; left > 0; left--) {
        // Places of what is no digit, seen from the price's first digit: point, quote, comma, quote, point, quote …
        // 57 bits at least; what is shifted in says "digit", and a number that is taken cannot reach so far.
        const size_t place = (size_t)(p - text);
        const uint64_t window = load64(mark_bytes + (place >> 3)) >> (place & 7);
        const uint64_t point = _tzcnt_u64(window), quote = _tzcnt_u64(_blsr_u64(window));
        // A digit on each side of the point, 15 bytes in all.
        if (point == 0 || quote - point < 2 || quote > 15 || p[point] != '.' || (load32(p + quote) & 0xFFFFFF) != 0x222C22) break;
        const uint8_t *q = p + quote + 3;
        const uint64_t behind = window >> (quote + 3);
        const uint64_t stop = _tzcnt_u64(behind);
        uint64_t quote2 = stop, places2 = 0, width2 = stop + 1;
        if (q[stop] == '.') {
            quote2 = _tzcnt_u64(_blsr_u64(behind));
            width2 = quote2 - stop;
            places2 = width2 - 1;
            if (places2 == 0) break;
        }
        if (stop == 0 || quote2 > 15) break;
        const uint64_t tail = load64(q + quote2);
        if ((tail & 0xFFFF) != 0x5D22) break;

        __m256i digits = both(p, q);
        // The last digit goes to the last lane, the point is left out, zeros go in front.
        const __m256i source = _mm256_add_epi8(both(before + quote, before + quote2), both(after_point + (quote - point), after_point + width2));
        digits = _mm256_shuffle_epi8(_mm256_and_si256(digits, low_bits), source);
        __m256i sums = _mm256_madd_epi16(_mm256_maddubs_epi16(digits, tens), hundreds);
        sums = _mm256_madd_epi16(_mm256_packus_epi32(sums, sums), ten_thousands);
        const __m256i mantissas = _mm256_add_epi64(_mm256_mul_epu32(sums, hundred_millions), _mm256_srli_epi64(sums, 32));
        const __m128i price = _mm256_castsi256_si128(mantissas), quantity = _mm256_extracti128_si256(mantissas, 1);
        const uint64_t places = quote - point - 1;
        _mm_storel_epi64((__m128i *)decimals, price);
        decimals[1] = (int64_t)places;
        _mm_storel_epi64((__m128i *)(decimals + 2), quantity);
        decimals[3] = (int64_t)places2;
        // Both operands are exact, so that the quotient is the double nearest to the text.
        const __m128d whole = _mm_sub_pd(_mm_castsi128_pd(_mm_or_si128(_mm_unpacklo_epi64(price, quantity), _mm_castpd_si128(shift))), shift);
        _mm_storeu_pd(values, _mm_div_pd(whole, _mm_loadh_pd(_mm_load_sd(powers + places), powers + places2)));
        decimals += 4;
        values += 2;
        p = q + quote2 + 5;
        if ((tail & 0xFFFFFF0000) != 0x225B2C0000) break;
    }
    // Behind a `]`, three bytes before where the next price would be.
    if (decimals != first) *end = (size_t)(p - text) - 3;
    return (size_t)(decimals - first) / 4;
}

#else

int cwirelevels_is_supported(void) { return 0; }
void cwirelevels_mark(const uint8_t *text, size_t count, uint64_t *marks) { (void)text; (void)count; (void)marks; }
size_t cwirelevels_read(const uint8_t *text, size_t start, const uint64_t *marks, int64_t *decimals, double *values, size_t most, size_t *end) {
    (void)text; (void)marks; (void)decimals; (void)values; (void)most;
    *end = start;
    return 0;
}

#endif
