import Foundation
import Glibc
import Hypervisors
import Platform
import Text

/// Why QEMU ends, as its second QMP socket in a bhyve zone says: bhyve says it by its exit status.
final class ShutdownReason {
    /// bhyve's exit status for the end, once QEMU has announced it.
    private(set) var status: Int32?
    /// The socket; `nil` before and after.
    private var descriptor: Int32?
    private var text: [UInt8] = []

    /// What bhyve does, by QEMU's names of the reasons.
    private static let bhyveEnds: [String: BhyveEnd] = [
        "guest-reset": .reset, "guest-shutdown": .poweredOff, "guest-panic": .tripleFault, "subsystem-reset": .reset,
    ]

    /// Connects as soon as QEMU listens, and goes on listening until the child has ended.
    func follow(_ zoneroot: String, _ zone: String, _ loop: EventLoop, while isAlive: @escaping () -> Bool) {
        guard isAlive() else { return }
        if let root = try? RootedDirectory(zoneroot), let connected = try? root.connect(to: "/tmp/vm.qmp", zone: zone) {
            // A socket of its own: the other one belongs to Platform's descriptor.
            let number = dup(connected.number)
            _ = fcntl(number, F_SETFD, FD_CLOEXEC)
            _ = fcntl(number, F_SETFL, O_NONBLOCK)
            Stream.write(number, "{\"execute\":\"qmp_capabilities\"}\n")
            loop.watch(number) { [self] in
                guard let bytes = Stream.read(number) else { return }
                if bytes.isEmpty { close(loop) } else { take(bytes) }
            }
            descriptor = number
        } else {
            loop.after(.milliseconds(20)) { [self] in follow(zoneroot, zone, loop, while: isAlive) }
        }
    }

    /// Reads what QEMU said last; the process has ended.
    func finish(_ loop: EventLoop) {
        guard let descriptor else { return }
        while let bytes = Stream.read(descriptor), !bytes.isEmpty { take(bytes) }
        close(loop)
    }

    private func close(_ loop: EventLoop) {
        if let descriptor { loop.close(descriptor) }
        descriptor = nil
    }

    private struct Event: Decodable {
        let event: String?
        let data: Details?

        struct Details: Decodable {
            let reason: String?
        }
    }

    private func take(_ bytes: [UInt8]) {
        text += bytes
        while let end = text.firstIndex(of: 0x0a) {
            let line = Data(text[..<end])
            text.removeSubrange(...end)
            guard let event = try? JSONDecoder().decode(Event.self, from: line), event.event == "SHUTDOWN" else {
                continue
            }
            status = (Self.bhyveEnds[event.data?.reason ?? ""] ?? .halted).rawValue
        }
    }
}
