import CPlatform
import Foundation
import Glibc

/// A connection to QEMU's machine protocol on a UNIX socket.
package final class QMP {
    private let descriptor: Int32

    /// `nil` while nobody listens.
    package init?(_ path: String) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = path.utf8.count < MemoryLayout.size(ofValue: address.sun_path)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard fits, connected == 0 else {
            _ = cp_close(descriptor)
            return nil
        }
        // Last: once every property is set, a failing initializer runs deinit, which would close the number a second time.
        self.descriptor = descriptor
    }

    deinit { _ = cp_close(descriptor) }

    /// Reads the greeting, then sends commands without arguments, each after the answer to the one before.
    package func run(_ commands: [String]) {
        _ = readLine()
        for command in ["qmp_capabilities"] + commands {
            let line = Array("{\"execute\":\"\(command)\"}\n".utf8)
            _ = send(descriptor, line, line.count, Int32(MSG_NOSIGNAL))
            _ = readLine()
        }
    }

    private func readLine() -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1, byte != 0x0a { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
