import Text

/// What was found wrong with one zone's configuration.
struct Verdict {
    let zone: String
    let diagnostics: [Diagnostic]

    init(_ zone: String, _ all: [Diagnostic]) {
        self.zone = zone
        diagnostics = all.filter { $0.severity != .info }
    }

    private func count(_ severity: Diagnostic.Severity) -> Int {
        diagnostics.filter { $0.severity == severity }.count
    }

    /// `1 error and 2 warnings`.
    var text: String {
        let counts = [(count(.error), "error"), (count(.warning), "warning")].filter { $0.0 > 0 }
        guard !counts.isEmpty else { return "all is well" }
        return list(counts.map { $0.0.of($0.1) }, "and")
    }

    var json: JSON {
        .object([
            JSON.Member("zonename", .string(zone)), JSON.Member("errors", .number(count(.error))),
            JSON.Member("warnings", .number(count(.warning))),
            JSON.Member("diagnostics", .array(diagnostics.map { $0.json })),
        ])
    }
}
