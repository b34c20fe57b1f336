import Text

extension Attributes {
    static let extra = ListAttribute<[String]>(
        "extra", "extra arguments of the hypervisor", from: .page, allowsEmpty: true,
        elsewhere: ["args", "bhyve_options", "bhyve_extra_opts", "qemu_opts", "qemu_extra_opts"],
        .of(.bhyve, numbers: 0...15, syntax: wordsSyntax, example: "-P", parse: Words.parse),
        .of(.kvm, numbers: 0...15, syntax: wordsSyntax, example: "-no-acpi", parse: Words.parse))

    private static let wordsSyntax = "arguments, quoted as a shell wants them"
}

/// Arguments as a shell splits them.
enum Words {
    /// Any text, which only the hypervisor understands.
    static func asIs(_ text: String) throws(ValueError) -> String { text }

    static func parse(_ text: String) throws(ValueError) -> [String] {
        do {
            return try ShellWords.split(text)
        } catch {
            throw ValueError("in \(text.quoted) \(error.message)", remedy: "quote the words as a shell wants them")
        }
    }
}

extension MachineBuilder {
    mutating func extra() -> [Sourced<[String]>] {
        settings.read(Attributes.extra).map { $0.setting }.filter { !$0.value.isEmpty }
    }
}
