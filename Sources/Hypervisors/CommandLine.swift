import Machine
import Text

/// The command that runs a machine: what init will exec.
package struct CommandLine: Equatable, Sendable {
    /// Whose command it is.
    package let hypervisor: Hypervisor
    /// Absolute path of the hypervisor.
    package let program: String
    /// What `ps` shows as its name.
    package let argv0: String
    /// In the order in which the hypervisor gets them.
    package let arguments: [Argument]
    /// The file that holds what must not be seen in `ps`, when there is something.
    package let secretFile: SecretFile?

    /// The words, the program's path first.
    package var words: [String] { [program] + arguments.flatMap { $0.words } }
}

/// An option of the hypervisor with its value: the words that stand for it, what it is for and where it comes from.
package struct Argument: Equatable, Sendable {
    /// One word or several, as the program gets them, not quoted.
    package let words: [String]
    /// What it is for, in a few words: `boot disk`.
    package let purpose: String
    /// Everything that had a say in it: what the zone says, or else where the value comes from without that.
    package let origins: [Origin]

    init(_ words: [String], _ purpose: String, _ origins: [Origin]) {
        self.words = words
        self.purpose = purpose
        let said = origins.filter { $0.line != nil }
        self.origins = said.isEmpty ? Array(origins.prefix(1)) : said
    }
}

/// The file, of mode 0600, that the hypervisor reads a secret from. It lies beside the launch file, out of the zone's reach.
package struct SecretFile: Equatable, Sendable {
    /// Its path in the zone, and below the zonepath.
    package static let path = "/hvm/secret"

    /// The secret itself, or the file of the host that holds it.
    package let source: SecretSource
    /// Who reads it.
    let hypervisor: Hypervisor

    /// What is in the file, once the secret is known.
    package func content(_ secret: Secret) -> Secret { hypervisor.traits.secretText(secret) }
}
