import CIceoryx

/// iceoryx on this machine: frames go from process to process through shared memory, uncopied.
public enum SharedMemory {
    /// False when this program was built without iceoryx.
    public static var isAvailable: Bool { hbt_iox_available() == 1 }

    /// Whether the daemon answers on this machine.
    public static var daemonRuns: Bool { hbt_iox_daemon_runs() == 1 }

    /// Joins the daemon; call once a process, before any publisher or subscriber.
    ///
    /// - Parameter name: of this process, unlike that of any other.
    public static func join(_ name: String) throws(ChannelError) {
        guard isAvailable else {
            throw ChannelError("shared memory needs iceoryx, and this program was built without it; build it with the package trait Iceoryx")
        }
        // iceoryx would wait for the daemon and then end the process.
        guard daemonRuns else { throw ChannelError("iceoryx's daemon does not run on this machine; start iox-roudi") }
        try check(name)
        hbt_iox_join(name)
    }

    /// iceoryx ends the process over a name that is too long.
    static func check(_ name: String) throws(ChannelError) {
        let isPlain = name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || "-_.".utf8.contains($0) }
        guard isPlain, !name.isEmpty, name.utf8.count <= 64 else {
            throw ChannelError("\"\(name)\" is no name for shared memory; use up to 64 letters, digits, and - _ .")
        }
    }
}
