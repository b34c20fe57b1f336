import Machine
import Text

/// The `user-data` of a seed: a cloud-config, as JSON, which is YAML too. cloud-init knows it by its first line.
enum UserData {
    /// The text; `show` says what stands for the password.
    static func text(_ machine: Machine, _ contents: SeedContents, show: (Secret) -> String) -> String {
        var members = [JSON.Member("hostname", .string(machine.zoneName)), JSON.Member("disable_root", .bool(false))]
        if let password = contents.password { members += self.members(password, show) }
        if !contents.sshKeys.isEmpty { members += self.members(contents.sshKeys) }
        return "#cloud-config\n\(JSON.object(members).text)\n"
    }

    private static func members(_ password: SeedPassword, _ show: (Secret) -> String) -> [JSON.Member] {
        let text = JSON.string(show(password.secret))
        let settings =
            switch password.kind {
            case .plain, .hash:
                [
                    JSON.Member("password", text),
                    JSON.Member("chpasswd", .object([JSON.Member("expire", .bool(false))])),
                ]
            case .otherHash:
                // What the distribution sets of its default user, with this in it.
                [
                    JSON.Member(
                        "system_info",
                        .object([
                            JSON.Member(
                                "default_user",
                                .object([JSON.Member("hashed_passwd", text), JSON.Member("lock_passwd", .bool(false))]))
                        ]))
                ]
            }
        return settings + [JSON.Member("ssh_pwauth", .bool(true))]
    }

    /// The keys of the default user, and of root.
    private static func members(_ keys: [SSHKey]) -> [JSON.Member] {
        let keys = JSON.Member("ssh_authorized_keys", .array(keys.map { .string($0.line) }))
        let root = JSON.object([JSON.Member("name", .string("root")), keys])
        return [keys, JSON.Member("users", .array([.string("default"), root]))]
    }
}
