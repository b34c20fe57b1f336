import Text

/// The password of the guest's default user.
struct SeedPassword: Equatable, Sendable {
    let secret: Secret
    let kind: Kind

    enum Kind: Equatable, Sendable {
        case plain
        /// A crypt(3) hash that cloud-init itself takes for one, wherever it stands.
        case hash
        /// A crypt(3) hash that cloud-init would take for a password, unless it is told otherwise.
        case otherHash
    }

    /// The schemes of crypt(3) that cloud-init knows by their names.
    private static let known = ["$1$", "$2a$", "$2y$", "$5$", "$6$"]
    private static let others = ["$2b$", "$2x$", "$7$", "$gy$", "$y$"]

    /// Throws for a word that means something else to cloud-init.
    init(_ secret: Secret) throws(Failure) {
        let text = secret.revealed
        guard text != "R", text != "RANDOM" else {
            throw Failure(
                "cloud-init takes this password for the wish to make one up", remedy: "choose another one")
        }
        self.secret = secret
        kind = Self.isHash(text, of: Self.known) ? .hash : Self.isHash(text, of: Self.others) ? .otherHash : .plain
    }

    /// A hash has more parts after its scheme, with `$` between, and no colon, which ends it in shadow(5).
    private static func isHash(_ text: String, of schemes: [String]) -> Bool {
        guard let scheme = schemes.first(where: { text.beginsWith($0) }), !text.holds(":"), !text.holds(" ") else {
            return false
        }
        let parts = text.utf8.dropFirst(scheme.utf8.count).split(
            separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        return parts.count >= 2 && !(parts.last?.isEmpty ?? true)
    }
}
