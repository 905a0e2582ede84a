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
    // Leaf 1, ecx: OSXSAVE is bit 27, AVX bit 28. Leaf 7, ebx: BMI1 is bit 3, AVX2 bit 5.
    if (!__get_cpuid(1, &a, &b, &c, &d) || ((c >> 27) & 3) != 3) return 0;
    unsigned int low = 0, high = 0;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    // The system saves the registers.
    if ((low & 6) != 6) return 0;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
    return ((b >> 3) & 1) && ((b >> 5) & 1);
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

static inline uint32_t load32(const uint8_t *place) {
    uint32_t value;
    memcpy(&value, place, 4);
    return value;
}

__attribute__((target("avx2,bmi")))
size_t cwirelevels_read(const uint8_t *text, size_t start, const uint64_t *marks, int64_t *decimals, double *values, size_t most, size_t *end) {
    const uint8_t *mark_bytes = (const uint8_t *)marks;
    const __m256i low_bits = _mm256_set1_epi8(0x0F);
    const __m256i tens = _mm256_set1_epi16(0x010A), hundreds = _mm256_set1_epi32(0x00010064), ten_thousands = _mm256_set1_epi32(0x00012710);
    const __m256i hundred_millions = _mm256_set1_epi64x(100000000);
    // A whole number below 2^52 with these bits on top is the double 2^52 + number.
    const __m256d shift = _mm256_set1_pd(4503599627370496.0);
    size_t count = 0;
    *end = start;
    if (text[start] != '[' || text[start + 1] != '"') return 0;
    const uint8_t *p = text + start + 2;
    while (count < most) {
        // Places of what is no digit, seen from the price's first digit: point, quote, comma, quote, point, quote …
        size_t place = (size_t)(p - text);
        uint64_t window;
        memcpy(&window, mark_bytes + (place >> 3), 8);
        // 57 bits at least; what is shifted in says "digit", and a number cannot reach so far.
        window >>= place & 7;
        int64_t point = (int64_t)_tzcnt_u64(window), quote;
        uint64_t rest = _blsr_u64(window);
        if (p[point] == '.') {
            quote = (int64_t)_tzcnt_u64(rest);
            rest = _blsr_u64(rest);
            if (quote - point < 2) break;
        } else {
            quote = point;
            point = -1;
        }
        // A digit on each side of the point, 15 bytes in all; the three marks between the numbers are next to each other.
        if (point == 0 || quote < 1 || quote > 15 || (load32(p + quote) & 0xFFFFFF) != 0x222C22) break;
        rest = _blsr_u64(_blsr_u64(rest));
        const uint8_t *q = p + quote + 3;
        int64_t point2 = (int64_t)_tzcnt_u64(rest) - quote - 3, quote2;
        if (q[point2] == '.') {
            rest = _blsr_u64(rest);
            quote2 = (int64_t)_tzcnt_u64(rest) - quote - 3;
            if (quote2 - point2 < 2) break;
        } else {
            quote2 = point2;
            point2 = -1;
        }
        if (point2 == 0 || quote2 < 1 || quote2 > 15 || q[quote2] != '"' || q[quote2 + 1] != ']') break;

        __m256i digits = _mm256_inserti128_si256(
            _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)p)), _mm_loadu_si128((const __m128i *)q), 1);
        __m256i source = _mm256_inserti128_si256(
            _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(before + quote))), _mm_loadu_si128((const __m128i *)(before + quote2)), 1);
        __m256i step = _mm256_inserti128_si256(
            _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(after_point + (quote - point)))),
            _mm_loadu_si128((const __m128i *)(after_point + (quote2 - point2))), 1);
        // The last digit goes to the last lane, the point is left out, zeros go in front.
        digits = _mm256_shuffle_epi8(_mm256_and_si256(digits, low_bits), _mm256_add_epi8(source, step));
        __m256i sums = _mm256_madd_epi16(_mm256_maddubs_epi16(digits, tens), hundreds);
        sums = _mm256_madd_epi16(_mm256_packus_epi32(sums, sums), ten_thousands);
        __m256i mantissas = _mm256_add_epi64(_mm256_mul_epu32(sums, hundred_millions), _mm256_srli_epi64(sums, 32));

        int64_t places = point < 0 ? 0 : quote - point - 1, places2 = point2 < 0 ? 0 : quote2 - point2 - 1;
        __m128i price = _mm256_castsi256_si128(mantissas), quantity = _mm256_extracti128_si256(mantissas, 1);
        _mm_storel_epi64((__m128i *)decimals, price);
        decimals[1] = places;
        _mm_storel_epi64((__m128i *)(decimals + 2), quantity);
        decimals[3] = places2;
        // Both operands are exact, so that the quotient is the double nearest to the text.
        __m128d whole = _mm_castsi128_pd(_mm_or_si128(_mm_unpacklo_epi64(price, quantity), _mm_castpd_si128(_mm256_castpd256_pd128(shift))));
        whole = _mm_sub_pd(whole, _mm256_castpd256_pd128(shift));
        _mm_storeu_pd(values, _mm_div_pd(whole, _mm_loadh_pd(_mm_load_sd(powers + places), powers + places2)));
        decimals += 4;
        values += 2;
        count++;
        q += quote2 + 2;
        *end = (size_t)(q - text);
        if ((load32(q) & 0xFFFFFF) != 0x225B2C) break;
        p = q + 3;
    }
    return count;
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
