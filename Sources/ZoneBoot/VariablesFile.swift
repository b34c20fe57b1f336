import Machine
import Platform
import Text

/// A zone's UEFI variables as they are read: its own file, or the template that it begins with.
package struct VariablesFile: Sendable {
    package let bytes: [UInt8]
    /// As the global zone sees it.
    package let path: String
    /// True when the zone has no file of its own yet.
    package let isTemplate: Bool

    /// The largest file that is read, in bytes.
    static let limit = 1 << 20

    /// Reads the zone's own file, or the template when there is none. Throws when neither can be read, or when what is
    /// there is not a regular file.
    package static func read(
        in root: borrowing RootedDirectory, template: String
    ) throws(SystemError) -> VariablesFile {
        let file = BootFirmware.variablesFile
        switch try root.status(file)?.kind {
        case .regular:
            return VariablesFile(
                bytes: try root.read(file, limit: limit), path: root.shown(file), isTemplate: false)
        case nil: return try read(template: template)
        default: throw SystemError("use \(root.shown(file))", reason: "it is not a regular file")
        }
    }

    /// Reads the template.
    package static func read(template: String) throws(SystemError) -> VariablesFile {
        VariablesFile(bytes: try HostFiles.read(template, limit: limit), path: template, isTemplate: true)
    }
}
