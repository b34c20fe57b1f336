import Glibc

/// A zone's console: a pseudo-terminal whose other end is /dev/zconsole in the zone. What comes out since the last boot
/// is kept for those who attach later.
final class ZoneConsole {
    /// Path of the zone's end.
    let path: String
    private let master: Int32
    /// Held open, so that the terminal outlives the hypervisor.
    private let slave: Int32
    private let loop: EventLoop
    private var kept: [UInt8] = []
    private var viewers: [Int32] = []
    /// Who is logged in: the connection, and its process' ID.
    private var user: (viewer: Int32, process: String)?
    /// What was typed and the zone has not taken yet.
    private var typed: [UInt8] = []

    private static let keptLimit = 1 << 20

    init(_ loop: EventLoop) throws {
        self.loop = loop
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var number: UInt32 = 0
        var locked: Int32 = 0
        // TIOCGPTN and TIOCSPTLCK (ioctl_tty(2)), which have no names in Swift.
        guard master >= 0, ioctl(master, 0x8004_5430, &number) == 0, ioctl(master, 0x4004_5431, &locked) == 0 else {
            throw LabError(errno: errno, "cannot make a console", remedy: "is /dev/pts there?")
        }
        path = "/dev/pts/\(number)"
        slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        var settings = termios()
        guard slave >= 0, tcgetattr(slave, &settings) == 0 else { throw LabError(errno: errno, "cannot open \(path)") }
        cfmakeraw(&settings)
        tcsetattr(slave, TCSANOW, &settings)
        _ = fcntl(master, F_SETFL, O_NONBLOCK)
        loop.watch(master) { [unowned self] in
            if let bytes = Stream.read(master) { show(bytes) }
        }
    }

    /// Forgets what came out until now: a new boot.
    func clear() { kept = [] }

    /// A line of the zone's own keeper.
    func notice(_ notice: ZoneDaemon.Notice) { show(Array(("\r\n\(notice.text)\r\n").utf8)) }

    /// Attaches a viewer that has the console alone, when nobody else has; tells it so, or who has.
    func login(_ viewer: Int32, as process: String) {
        if let user {
            Stream.write(viewer, "\(user.process)\n")
            return loop.close(viewer)
        }
        Stream.write(viewer, "OK\n")
        user = (viewer, process)
        attach(viewer)
    }

    /// Sends what is there, and from now on everything, to a viewer; what the viewer types goes to the zone.
    func attach(_ viewer: Int32) {
        var limit = timeval(tv_sec: 0, tv_usec: 200_000)
        setsockopt(viewer, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard Stream.write(viewer, kept) else { return detach(viewer) }
        viewers.append(viewer)
        loop.watch(viewer) { [unowned self] in
            let bytes = Stream.read(viewer) ?? []
            if bytes.isEmpty { detach(viewer) } else { type(bytes) }
        }
    }

    /// Hands on what is typed. A guest that starts takes little at a time, or nothing yet: the rest waits.
    private func type(_ bytes: [UInt8]) {
        let isWaiting = !typed.isEmpty
        typed += bytes.prefix(Self.keptLimit - typed.count)
        if !isWaiting { handOn() }
    }

    private func handOn() {
        let count = typed.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
        if count > 0 { typed.removeFirst(count) }
        if !typed.isEmpty { loop.after(.milliseconds(20)) { [weak self] in self?.handOn() } }
    }

    private func detach(_ viewer: Int32) {
        viewers.removeAll { $0 == viewer }
        if user?.viewer == viewer { user = nil }
        loop.close(viewer)
    }

    private func show(_ bytes: [UInt8]) {
        kept += bytes
        if kept.count > Self.keptLimit { kept.removeFirst(kept.count - Self.keptLimit) }
        // One that does not keep up is let go.
        for viewer in viewers where !Stream.write(viewer, bytes) { detach(viewer) }
    }
}
