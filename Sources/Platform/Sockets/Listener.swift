import CPlatform
import Text

/// A socket that takes clients.
package struct Listener: ~Copyable {
    let descriptor: FileDescriptor
    /// The address, or the path of a UNIX socket.
    package let address: String
    /// The port it has, also when any was asked for.
    package let port: Int

    /// Listens on an IPv4 or IPv6 address in text form. Throws EADDRINUSE when the port is taken.
    package init(address: String, port: Int) throws(SystemError) {
        let action = "listen on \(Self.spell(address, port))"
        descriptor = FileDescriptor(owning: try check(cp_listen(address, UInt16(clamping: port)), action))
        self.port = Int(max(0, cp_port(descriptor.number)))
        self.address = address
    }

    /// Listens on a UNIX socket that is made at the path; ``address`` is the path, and ``port`` 0.
    package init(path: String) throws(SystemError) {
        descriptor = FileDescriptor(owning: try check(cp_listen_at(path), "listen at \(path)"))
        port = 0
        address = path
    }

    /// `127.0.0.1:5900`, `[::1]:5900`.
    package static func spell(_ address: String, _ port: Int) -> String {
        (address.holds(":") ? "[\(address)]" : address) + ":\(port)"
    }
}
