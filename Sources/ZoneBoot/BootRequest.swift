import Hypervisors
import Machine
import Platform

/// What `boot` was asked to do.
package struct BootRequest: Sendable {
    package let zoneName: String
    /// The zone's XML.
    package let file: String
    package let platform: HostPlatform
    /// Where boot ROMs are looked for; `nil`: where the host keeps them.
    package let firmwareDirectory: String?
    package let commands: HostCommands
    package let accelerator: Hypervisor.Accelerator
    /// Only what the memory reservoir needs (`boot -S`).
    package let onlyReservoir: Bool
    /// The zone is to boot, and not only to be looked at.
    package let acts: Bool

    package init(
        zoneName: String, file: String, platform: HostPlatform, firmwareDirectory: String?, commands: HostCommands,
        accelerator: Hypervisor.Accelerator = .tcg, onlyReservoir: Bool = false, acts: Bool = false
    ) {
        self.zoneName = zoneName
        self.file = file
        self.platform = platform
        self.firmwareDirectory = firmwareDirectory
        self.commands = commands
        self.accelerator = accelerator
        self.onlyReservoir = onlyReservoir
        self.acts = acts
    }
}

extension BootRequest {
    /// bhyve's memory reservoir is illumos' own.
    func hasReservoir(_ brand: Brand) -> Bool { brand == .bhyve && platform == .illumos }
}
