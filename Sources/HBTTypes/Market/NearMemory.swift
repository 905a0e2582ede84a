import CPrefetch

/// Starts to bring the memory at `place` near, for a write that will follow. Changes nothing, and nothing waits for it.
@inlinable @inline(__always)
public func bringNear(_ place: UnsafeRawPointer) { cprefetch_write(place) }
