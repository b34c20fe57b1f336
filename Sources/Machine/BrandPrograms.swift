/// What is laid out in a brand's directory, below /usr/lib/brand.
package enum BrandPrograms {
    /// What brands(7) and zoneadmd read.
    package static let files = ["config.xml", "platform.xml"]
    /// The programs that `config.xml` names, and those that people call there.
    package static let hooks = [
        "install", "boot", "init", "halt", "shutdown", "statechange", "uninstall", "verify", "postclone", "socat",
        "vnc",
    ]
}
