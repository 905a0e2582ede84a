/// How far rows of a tape have reached us: all batches before one of a segment.
struct TapePlace: BitwiseCopyable, Equatable {
    var segment: Int32
    var batch: Int32

    static let nowhere = TapePlace(segment: -1, batch: 0)
}
