import CPlatform
import Foundation
import Glibc

/// A pseudo-terminal to put at /dev/zconsole. Both ends stay open, so that it lives as long as this does.
package final class ConsoleDevice {
    /// Path of the slave.
    package let path: String
    private let master: Int32
    private let slave: Int32

    package init() throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var number: UInt32 = 0
        var locked: Int32 = 0
        // TIOCGPTN and TIOCSPTLCK (ioctl_tty(2)), which have no names in Swift.
        guard master >= 0, ioctl(master, 0x8004_5430, &number) == 0, ioctl(master, 0x4004_5431, &locked) == 0 else {
            throw POSIXError(.ENOTTY)
        }
        path = "/dev/pts/\(number)"
        slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard slave >= 0 else { throw POSIXError(.ENOTTY) }
    }

    deinit {
        _ = cp_close(master)
        _ = cp_close(slave)
    }
}
