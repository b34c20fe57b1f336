import Text

/// The operating system whose hypervisor and commands a hook uses: a value, chosen once (`-p`).
package enum HostPlatform: String, CaseIterable, Sendable {
    case illumos
    case linux
}

extension Options {
    /// The platform that `-p` names, else the one this program was built for. Throws for any other name.
    package func platform() throws(ValueError) -> HostPlatform {
        guard let name = value("p") else { return Program.platform }
        guard let platform = HostPlatform(rawValue: name) else {
            throw ValueError("\(name.printable.quoted) is not a platform; -p takes illumos or linux")
        }
        return platform
    }
}
