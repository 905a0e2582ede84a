/// "Did you mean …": the nearest known word by edit distance.
public enum Suggestion {
    /// The word of `known` nearest to `word`, or nil when none is near
    /// (more than a third of its letters differ). Ties go to the alphabetically first.
    public static func nearest(to word: String, among known: [String]) -> String? {
        let limit = max(2, word.count / 3)
        return known.map { ($0, distance(word, $0)) }
            .filter { $0.1 <= limit }
            .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    /// Levenshtein's edit distance, adjacent swaps counted as one (Damerau's restricted form).
    static func distance(_ a: String, _ b: String) -> Int {
        let x = Array(a.lowercased()), y = Array(b.lowercased())
        guard !x.isEmpty else { return y.count }
        guard !y.isEmpty else { return x.count }
        var before = [Int](), previous = Array(0...y.count)
        for i in 1...x.count {
            var row = [i]
            for j in 1...y.count {
                var best = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (x[i - 1] == y[j - 1] ? 0 : 1))
                if i > 1, j > 1, x[i - 1] == y[j - 2], x[i - 2] == y[j - 1] { best = min(best, before[j - 2] + 1) }
                row.append(best)
            }
            before = previous
            previous = row
        }
        return previous[y.count]
    }
}
