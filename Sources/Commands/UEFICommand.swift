import Lifecycle
import Machine
import Platform
import Text
import UEFI

/// `hvm uefi`: the boot entries in a zone's UEFI variables, shown and changed.
enum UEFICommand {
    static let word = Word(
        name: "uefi", summary: "show or set what a zone's UEFI boots", operand: .zone, usage: usage, run: run)

    private static let usage = """
        usage: hvm uefi [-j] ZONE                 list the boot entries
               hvm uefi [-j] ZONE order LIST      boot in this order, such as disk0,cdrom0
               hvm uefi [-j] ZONE next ENTRY      boot this entry next, once
               hvm uefi [-j] ZONE reset           begin anew with the template; the old file is kept as uefivars.old

          LIST and ENTRY are in the words of the attr bootorder: shell, pathN, bootN, bootdisk, diskN, cdromN,
          netN[=pxe|http]. At every boot of the zone the attr bootorder comes first, its default too; see
          boot -A bootorder.

          -j       print the entries as one line of JSON
          -x FILE  the zone's XML (default: /etc/zones/ZONE.xml)
          -F DIR   look for the template in DIR (default: /usr/share/bhyve/firmware)

        """ + Hook.commonUsage

    private static func run(_ arguments: [String]) -> ExitStatus {
        Hook.runOnZone(
            "hvm uefi", arguments, usage: usage, letters: "hz:p:C:jx:F:", needsZonepath: false, words: 2
        ) { hook throws(ValueError) in
            let action = try Action(hook.words)
            do throws(Failure) {
                let variables = try EditedVariables(hook)
                let outcome = try variables.perform(action)
                let text =
                    hook.options.has("j")
                    ? "\(outcome.json(hook.zone).text)\n"
                    : action == .list ? outcome.table : ""
                for diagnostic in outcome.diagnostics { Program.printError(diagnostic.text(zone: hook.zone)) }
                return Program.print(text) ? .ok : .fatal
            } catch {
                Program.printError(error.diagnostic.text(zone: hook.zone))
                return .fatal
            }
        }
    }

    /// What to do with the variables.
    enum Action: Equatable {
        case list
        case order([BootEntry])
        case next(BootEntry)
        case reset

        /// The entries to boot in order; none when that is not what is asked.
        var order: [BootEntry] { if case .order(let entries) = self { entries } else { [] } }

        /// The entry to boot next, when that is what is asked.
        var next: BootEntry? { if case .next(let entry) = self { entry } else { nil } }

        /// Reads the operands after the zone.
        init(_ words: [String]) throws(ValueError) {
            switch (words.first, words.dropFirst().first) {
            case (nil, _): self = .list
            case ("order", let list?): self = .order(try Self.entries(list))
            case ("next", let name?):
                let entries = try Self.entries(name)
                guard entries.count == 1 else { throw ValueError("next takes one entry, not \(name.quoted)") }
                self = .next(entries[0])
            case ("reset", nil): self = .reset
            case ("order", nil): throw ValueError("order needs a list of entries")
            case ("next", nil): throw ValueError("next needs an entry")
            case ("reset", let word?): throw ValueError("unexpected argument \(word.quoted)")
            case (let word?, _): throw ValueError("\(word.quoted) is not order, next or reset")
            }
        }

        private static func entries(_ list: String) throws(ValueError) -> [BootEntry] {
            let entries = BootEntry.parse(list: list)
            guard !entries.isEmpty else { throw ValueError("no boot entry given") }
            for case .unknown(let text) in entries {
                throw ValueError("\(text.quoted) is not a boot entry; \(BootEntry.remedy(listing: true))")
            }
            return entries
        }
    }
}

/// A zone's boot entries after an action, and what there is to say about them.
struct BootEntriesOutcome {
    let path: String
    let entries: [ListedBootEntry]
    var diagnostics: [Diagnostic] = []

    /// A line an entry. The one that boots next, and once, has a star.
    var table: String {
        let rows = entries.map { entry in
            [
                entry.isNext ? "*" : "", entry.position.map { String($0) } ?? "-", entry.variable, entry.name.text,
                entry.option.isActive ? (entry.option.isHidden ? "hidden" : "yes") : "no",
                entry.option.title.printable,
            ]
        }
        return Table(["", "ORDER", "ENTRY", "NAME", "ACTIVE", "TITLE"], rows).text(width: Program.outputWidth)
    }

    /// The same for programs.
    func json(_ zone: String) -> JSON {
        .object([
            JSON.Member("zonename", .string(zone)),
            JSON.Member("file", .string(path)),
            JSON.Member(
                "entries",
                .array(
                    entries.map { entry in
                        .object([
                            JSON.Member("entry", .string(entry.variable)),
                            JSON.Member("name", .string(entry.name.text)),
                            JSON.Member("title", .string(entry.option.title)),
                            JSON.Member("active", .bool(entry.option.isActive)),
                            JSON.Member("hidden", .bool(entry.option.isHidden)),
                            JSON.Member("position", entry.position.map { .number($0) } ?? .null),
                            JSON.Member("next", .bool(entry.isNext)),
                        ])
                    })),
            JSON.Member("diagnostics", .array(diagnostics.map { $0.json })),
        ])
    }
}
