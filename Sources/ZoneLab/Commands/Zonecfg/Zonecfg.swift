import Glibc
import Text

/// `zonecfg`: the configuration of a zone.
enum Zonecfg {
    static let usage = """
        usage: zonecfg -z ZONE                 commands from standard input
               zonecfg -z ZONE -f FILE         commands from a file
               zonecfg -z ZONE COMMAND [; …]   these commands

        commands: create, set, add, select, remove, end, cancel, clear, info, export, verify, commit, revert, delete,
                  exit; help COMMAND tells more

        """

    /// How each command is used.
    static let commandUsage = [
        "create": "create [-F] [-b | -t TEMPLATE]", "set": "set NAME=VALUE", "clear": "clear NAME",
        "add": """
        add KIND                                 opens a new resource: \(list(ResourceKind.all.map(\.name), "or"))
        in a net or device: add property (name=NAME,value="VALUE")
        in an fs: add options OPTION, or add options [OPTION,…]
        """, "select": "select KIND [NAME=VALUE …]",
        "remove": """
        remove [-F] KIND [NAME=VALUE …]
        in a net or device: remove property (name=NAME)
        in an fs: remove options OPTION
        """, "end": "end", "cancel": "cancel", "info": "info [KIND [NAME=VALUE …] | NAME]",
        "export": "export [-f FILE]",
        "verify": "verify", "commit": "commit", "revert": "revert", "delete": "delete [-F]", "exit": "exit [-F]",
        "help": "help [COMMAND | attr NAME]",
    ]

    static func run(_ arguments: [String]) throws -> Int32 {
        let options = try Options.readLeading(arguments, "hz:f:", usage: usage)
        if options.has("h") {
            Stream.write(1, usage)
            return 0
        }
        guard let zone = options.value("z") else { throw LabError.usage("no zone given (-z ZONE)\n\(usage)") }
        let session = try ZonecfgSession(zone: zone)
        if let file = options.value("f") {
            guard let text = file == "-" ? Stream.readAll(0) : Files.text(file) else {
                throw LabError("cannot read \(file)")
            }
            try perform(text, session)
        } else if !options.operands.isEmpty {
            try perform(options.operands.joined(separator: " "), session, isFile: false)
        } else if Terminal.hasInput {
            return try converse(session)
        } else {
            try perform(Stream.readAll(0), session)
        }
        return 0
    }

    /// Runs all commands; the first one that fails ends it, and nothing is committed that was not before. Of a file, standard
    /// input too, the line is told.
    private static func perform(_ text: String, _ session: ZonecfgSession, isFile: Bool = true) throws {
        for command in try ZonecfgInput.commands(text, firstLine: isFile ? 1 : nil) {
            do {
                try session.perform(command.words)
            } catch let error as LabError where isFile {
                throw LabError(
                    "On line \(command.line): \(error.message)", remedies: error.remedy, status: error.status)
            }
            if session.isOver { return }
        }
        try session.finish()
    }

    /// Where the lines that were typed are kept.
    private static let history = "/root/.zonecfg_history"

    /// A session on a terminal: errors end nothing.
    private static func converse(_ session: ZonecfgSession) throws -> Int32 {
        session.greet()
        let editor = LineEditor(history: history) { session.completion.candidates($0) }
        guard let editor else { throw LabError("this terminal cannot be edited on", remedy: "TERM=dumb zonecfg …") }
        while !session.isOver {
            switch editor.line(session.prompt) {
            case .text(let line): perform(line: line, session)
            // What was typed is cancelled; on an empty line, the session.
            case .interrupted(let line): if line.isEmpty { session.cancel() }
            case .end:
                Stream.write(1, "\n")
                do {
                    try session.finish()
                    return 0
                } catch let error as LabError {
                    Stream.write(2, error.text("zonecfg"))
                    return error.status
                }
            }
        }
        return 0
    }

    private static func perform(line: String, _ session: ZonecfgSession) {
        var isLeaving = false
        do {
            for command in try ZonecfgInput.commands(line, firstLine: nil) where !session.isOver {
                isLeaving = command.words[0] == "exit"
                try session.perform(command.words)
            }
        } catch let error as LabError {
            Stream.write(2, error.text("zonecfg"))
            if isLeaving && error.status != 2 { session.askToLeave() }
        } catch {
            Stream.write(2, "zonecfg: \(error)\n")
        }
    }
}
