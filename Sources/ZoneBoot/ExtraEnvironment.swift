import Hypervisors
import Platform
import Text

/// Variables for the hypervisor from a file in the zone root (`/etc/bhyve.env` or `/etc/qemu.env`): NAME=VALUE, a line
/// each; `#` starts a comment. The zone may have written it, so what the program loader reads is not taken from it.
package struct ExtraEnvironment: Equatable, Sendable {
    /// The variables, in the file's order, each `NAME=VALUE`.
    package private(set) var variables: [String] = []
    /// A warning for each line that is left out, or for the file when it cannot be read.
    package private(set) var warnings: [Diagnostic] = []

    /// More than any environment that execve(2) takes in one variable.
    private static let sizeLimit = 1 << 16

    init() {}

    /// Reads the hypervisor's file below a zone root; a file that is not there has no variables.
    @export(interface)
    package static func read(from root: borrowing RootedDirectory, for hypervisor: Hypervisor) -> ExtraEnvironment {
        let path = hypervisor.environmentFile
        do {
            return parse(String(decoding: try root.read(path, limit: sizeLimit), as: UTF8.self), file: root.shown(path))
        } catch {
            var environment = ExtraEnvironment()
            if !error.isNotFound {
                environment.warn(root.shown(path), nil, "\(error.reason); its variables are left out", "remove it")
            }
            return environment
        }
    }

    static func parse(_ text: String, file: String) -> ExtraEnvironment {
        var environment = ExtraEnvironment()
        for (index, piece) in text.pieces(separator: "\n").enumerated() {
            let line = piece.trimmed
            if line.isEmpty || line.beginsWith("#") { continue }
            if !line.isEnvironmentVariable || line.firstControlCharacter != nil {
                environment.warn(file, index + 1, "this is not NAME=VALUE; the line is left out", "fix or remove it")
            } else if line.beginsWith("LD_") {
                environment.warn(
                    file, index + 1, "variables of the program loader (LD_*) are left out", "remove the line")
            } else {
                environment.variables.append(line)
            }
        }
        return environment
    }

    private mutating func warn(_ file: String, _ line: Int?, _ message: String, _ remedy: String) {
        warnings.append(Diagnostic(.warning, file: file, line: line, message: message, remedy: [remedy]))
    }

    /// One environment of several. Where they name the same variable, the last one counts.
    package static func merge(_ lists: [[String]]) -> [String] {
        var order: [String] = []
        var values: [String: String] = [:]
        for variable in lists.flatMap({ $0 }) {
            let name = variable.splitOnce(at: "=").before
            if values.updateValue(variable, forKey: name) == nil { order.append(name) }
        }
        return order.compactMap { values[$0] }
    }
}
