import Platform
import Text

/// What the end of a hypervisor means. A call, and not among its traits, as is how it is ended.
extension Hypervisor {
    /// The end in a sentence without a full stop: what the guest did, or how the hypervisor failed, with what it said last.
    /// `words` are its lines in that run, the last one last.
    @export(interface)
    package func meaning(of end: ProcessEnd, after seconds: Int, words: [String]) -> String {
        let told =
            switch (self, end) {
            case (_, .signal): nil as String?
            case (.bhyve, .status(let status)): BhyveEnd.meaning(of: status, words: words)
            case (.classicQEMU, .status(let status)): QEMUEnd.meaning(of: status, words: words, resets: false)
            case (.modernQEMU, .status(let status)): QEMUEnd.meaning(of: status, words: words, resets: true)
            }
        return told ?? failure(end, seconds, words)
    }

    private func failure(_ end: ProcessEnd, _ seconds: Int, _ words: [String]) -> String {
        let name = self == .bhyve ? "bhyve" : "QEMU"
        let how =
            switch end {
            case .status(let status): "ended with status \(status)"
            case .signal(let signal): "was killed by signal \(ProcessEnd.signalName(signal))"
            }
        let said = words.suffix(Self.wordsTold).joined(separator: "; ")
        return "\(name) \(how) after \(seconds) s" + (said.isEmpty ? "" : ": \(said)")
    }

    /// Lines of its last words that are told.
    private static let wordsTold = 3
}
