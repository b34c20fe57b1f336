import Platform

/// The kinds of guests that are treated differently (attr `type`).
public enum GuestType: String, CaseIterable, Sendable {
    case generic
    /// The LPC bridge stands at slot 31, the CD-ROMs always at slot 3.
    case windows
    /// Accesses to unknown model-specific registers are ignored.
    case openbsd
}
