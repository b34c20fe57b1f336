import Glibc
import Platform
import Text

/// What the lab's commands ask of a zone's keeper.
struct DaemonClient {
    let zone: String

    /// What a keeper says of its zone.
    struct Status {
        let state: String
        let id: Int
        let initProcess: Int
    }

    /// `nil` when the zone has no keeper, and so does not run.
    var status: Status? {
        guard let text = try? ask("status", starting: false)?.text else { return nil }
        let fields = text.split(separator: " ").map(String.init)
        guard fields.count == 3, let id = Int(fields[1]), let pid = Int(fields[2]) else { return nil }
        return Status(state: fields[0], id: id, initProcess: pid)
    }

    /// True when the zone is more than installed.
    var isUp: Bool { status.map { $0.state != "installed" } ?? false }

    /// Has something done; prints what there is to say when it has ended. Returns the exit status.
    func perform(_ request: String) throws -> Int32 {
        guard let answer = try ask(request, starting: true) else { return 1 }
        Stream.write(2, answer.text)
        return answer.status
    }

    /// Ends the keeper of a zone that does not run.
    func dismiss() {
        _ = try? ask("quit", starting: false)
    }

    /// A connection to the console.
    func console() throws -> Int32 {
        let connection = try connect(starting: true)!
        Stream.write(connection, "console\n")
        return connection
    }

    /// A connection to the console for one that has it alone, by its process ID. A line comes first: `OK`, or the ID of the
    /// process that has it.
    func console(for process: Int32) throws -> Int32 {
        let connection = try connect(starting: true)!
        Stream.write(connection, "login \(process)\n")
        return connection
    }

    private func ask(_ request: String, starting: Bool) throws -> (text: String, status: Int32)? {
        guard let connection = try connect(starting: starting) else { return nil }
        defer { close(connection) }
        Stream.write(connection, "\(request)\n")
        var answer: [UInt8] = []
        while let bytes = Stream.read(connection), !bytes.isEmpty { answer += bytes }
        let end = answer.firstIndex(of: 0) ?? answer.count
        guard let number = Int32(String(decoding: answer[end...].dropFirst(), as: UTF8.self).trimmed) else {
            throw LabError(
                "zone '\(zone)': its keeper has gone", remedy: "run the lab anew: it repairs what it finds")
        }
        return (String(decoding: answer[..<end], as: UTF8.self), number)
    }

    private func connect(starting: Bool) throws -> Int32? {
        let path = ZoneDaemon.socketPath(zone)
        if let connection = UnixSocket.connect(path) { return connection }
        guard starting else { return nil }
        _ = try Child.start(
            [GlobalZone.program, Keep.name, zone],
            Child.Setup(input: .null, output: .null, errors: .null, newSession: true))
        let deadline = Deadline(in: .seconds(5))
        while !deadline.hasPassed {
            if let connection = UnixSocket.connect(path) { return connection }
            Clock.sleep(.milliseconds(10))
        }
        throw LabError("zone '\(zone)': its keeper does not start", remedy: "zonelab doctor tells what is missing")
    }
}
